package io.syncline.ops.command;

import io.syncline.ops.output.Table;
import io.syncline.ops.text.Durations;
import io.syncline.proto.api.v1.Alert;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Alerts as rows and as fields of JSON objects: a contract that scripts rely on. */
final class AlertFields {
  private AlertFields() {}

  static Table table(List<AlertAnswers.Told> alerts) {
    var table = new Table("ALERT", "SEVERITY", "STATE", ">FOR", "SEEN BY", "WHAT");
    for (AlertAnswers.Told told : alerts) {
      Alert alert = told.alert();
      table.row(
          alert.getName(),
          FollowerFields.lower(alert.getSeverity()),
          FollowerFields.lower(alert.getState()),
          Durations.format(Duration.ofSeconds(alert.getHeldMs() / 1000)),
          String.join(",", told.nodes()),
          alert.getSummary());
    }
    return table;
  }

  static Map<String, Object> fields(AlertAnswers.Told told) {
    Alert alert = told.alert();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("alert", alert.getName());
    fields.put("severity", FollowerFields.lower(alert.getSeverity()));
    fields.put("state", FollowerFields.lower(alert.getState()));
    fields.put("labels", new TreeMap<>(alert.getLabelsMap()));
    fields.put("value", alert.getValue());
    fields.put("expected", alert.getExpected());
    fields.put("held_ms", alert.getHeldMs());
    fields.put("seen_by", told.nodes());
    fields.put("summary", alert.getSummary());
    fields.put("runbook", "docs/runbooks/" + alert.getName() + ".md");
    return fields;
  }
}
