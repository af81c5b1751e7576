package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.proto.api.v1.Alert;
import io.syncline.proto.api.v1.AlertsResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What several nodes say is wrong. What more than one of them says is said once.
 *
 * @param asked nodes that answered and evaluate alerts
 * @param silent nodes that did not answer, or evaluate none
 */
record AlertAnswers(List<Told> alerts, int asked, int silent) {
  AlertAnswers {
    alerts = List.copyOf(alerts);
  }

  /** An alert, and by whom. */
  record Told(Alert alert, List<String> nodes) {
    Told {
      nodes = List.copyOf(nodes);
    }
  }

  /** What makes two alerts the same. */
  private record Identity(String name, Map<String, String> labels) {
    static Identity of(Alert alert) {
      return new Identity(alert.getName(), new TreeMap<>(alert.getLabelsMap()));
    }
  }

  static AlertAnswers ask(SynclineClient client, Collection<Endpoint> nodes) {
    List<CompletableFuture<Optional<AlertsResponse>>> asked = new ArrayList<>();
    for (Endpoint node : nodes) {
      asked.add(
          client.async().alerts(node).handle((answer, failure) -> Optional.ofNullable(answer)));
    }
    return of(asked.stream().map(CompletableFuture::join).toList());
  }

  static AlertAnswers of(List<Optional<AlertsResponse>> answers) {
    var found = new LinkedHashMap<Identity, Told>();
    int evaluating = 0;
    for (Optional<AlertsResponse> answer : answers) {
      if (answer.filter(AlertsResponse::getEvaluated).isPresent()) {
        evaluating++;
        AlertsResponse told = answer.get();
        told.getAlertsList()
            .forEach(alert -> found.merge(
                Identity.of(alert), new Told(alert, List.of(told.getNode())), AlertAnswers::both));
      }
    }
    List<Told> sorted = found.values().stream().sorted(URGENT_FIRST).toList();
    return new AlertAnswers(sorted, evaluating, answers.size() - evaluating);
  }

  private static final Comparator<Told> URGENT_FIRST = Comparator.<Told>comparingInt(
          told -> -told.alert().getStateValue())
      .thenComparingInt(told -> -told.alert().getSeverityValue())
      .thenComparingLong(told -> -told.alert().getHeldMs())
      .thenComparing(told -> told.alert().getName());

  private static Told both(Told first, Told second) {
    var nodes = new ArrayList<>(first.nodes());
    nodes.addAll(second.nodes());
    Alert further = first.alert().getStateValue() >= second.alert().getStateValue()
        ? first.alert()
        : second.alert();
    return new Told(further, nodes);
  }
}
