package io.syncline.ops.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.proto.api.v1.Alert;
import io.syncline.proto.api.v1.Alert.Severity;
import io.syncline.proto.api.v1.Alert.State;
import io.syncline.proto.api.v1.AlertsResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AlertAnswersTest {
  private static Alert alert(String name, Severity severity, State state, String follower) {
    return Alert.newBuilder()
        .setName(name)
        .setSeverity(severity)
        .setState(state)
        .putLabels("follower", follower)
        .build();
  }

  private static Optional<AlertsResponse> answer(String node, Alert... alerts) {
    return Optional.of(AlertsResponse.newBuilder()
        .setNode(node)
        .setEvaluated(true)
        .addAllAlerts(List.of(alerts))
        .build());
  }

  @Test
  void whatTwoVotersSayIsSaidOnceAsItStandsFurthest() {
    AlertAnswers answers = AlertAnswers.of(List.of(
        answer("v1", alert("SyncLagHigh", Severity.WARNING, State.PENDING, "f1")),
        answer("v2", alert("SyncLagHigh", Severity.WARNING, State.FIRING, "f1"))));

    assertThat(answers.alerts()).hasSize(1);
    assertThat(answers.alerts().get(0).nodes()).containsExactly("v1", "v2");
    assertThat(answers.alerts().get(0).alert().getState()).isEqualTo(State.FIRING);
  }

  @Test
  void whatIsUrgentComesFirst() {
    AlertAnswers answers = AlertAnswers.of(List.of(answer(
        "v1",
        alert("A", Severity.CRITICAL, State.PENDING, "f1"),
        alert("B", Severity.WARNING, State.FIRING, "f1"),
        alert("C", Severity.CRITICAL, State.FIRING, "f1"))));

    assertThat(answers.alerts())
        .extracting(told -> told.alert().getName())
        .containsExactly("C", "B", "A");
  }

  @Test
  void whoDoesNotAnswerOrEvaluateIsCounted() {
    AlertAnswers answers = AlertAnswers.of(
        List.of(Optional.empty(), answer("v1"), Optional.of(AlertsResponse.getDefaultInstance())));

    assertThat(answers.asked()).isEqualTo(1);
    assertThat(answers.silent()).isEqualTo(2);
  }
}
