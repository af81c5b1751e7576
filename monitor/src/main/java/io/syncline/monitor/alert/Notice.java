package io.syncline.monitor.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.syncline.monitor.alert.Alert.State;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Alerts as one message to a webhook, in the form of Prometheus' Alertmanager (version 4), so that what
 * understands the one understands the other.
 */
record Notice(List<Alert> alerts) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String NEVER = "0001-01-01T00:00:00Z";

  Notice {
    alerts = List.copyOf(alerts);
  }

  /** @param node has sent it */
  String json(String node, String runbooks) {
    var text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      boolean fires = alerts.stream().anyMatch(alert -> alert.state() == State.FIRING);
      json.writeStartObject();
      json.writeStringField("version", "4");
      json.writeStringField("groupKey", "syncline:" + node);
      json.writeNumberField("truncatedAlerts", 0);
      json.writeStringField("status", fires ? "firing" : "resolved");
      json.writeStringField("receiver", "syncline");
      write(json, "groupLabels", Map.of("instance", node));
      write(json, "commonLabels", Map.of("instance", node));
      write(json, "commonAnnotations", Map.of());
      json.writeStringField("externalURL", "");
      json.writeArrayFieldStart("alerts");
      for (Alert alert : alerts) {
        write(json, alert, runbooks);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Alert alert, String runbooks) throws IOException {
    var labels = new TreeMap<String, String>();
    labels.put("alertname", alert.rule().name());
    labels.put("severity", alert.rule().severity().toString());
    labels.put("instance", alert.node());
    for (int i = 0; i < alert.labels().size(); i++) {
      labels.put(alert.rule().measure().labels().get(i), alert.labels().get(i));
    }
    var annotations = new TreeMap<String, String>();
    annotations.put("summary", alert.summary());
    annotations.put("description", alert.rule().effect() + " " + alert.rule().action());
    annotations.put("runbook_url", runbooks + alert.rule().runbook());
    json.writeStartObject();
    json.writeStringField("status", alert.state().toString());
    write(json, "labels", labels);
    write(json, "annotations", annotations);
    json.writeStringField("startsAt", alert.since().toString());
    json.writeStringField(
        "endsAt", alert.state() == State.RESOLVED ? alert.changed().toString() : NEVER);
    json.writeStringField("generatorURL", "");
    json.writeStringField(
        "fingerprint", "%08x".formatted(alert.rule().name().hashCode() * 31 + labels.hashCode()));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, Map<String, String> fields)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (var field : fields.entrySet()) {
      json.writeStringField(field.getKey(), field.getValue());
    }
    json.writeEndObject();
  }
}
