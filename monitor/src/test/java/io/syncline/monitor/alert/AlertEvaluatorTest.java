package io.syncline.monitor.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.monitor.alert.Alert.State;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In virtual time: an evaluation each five seconds, as at a node. */
class AlertEvaluatorTest {
  private static final Duration TICK = Duration.ofSeconds(5);

  private final VirtualClock clock = new VirtualClock();
  private final FakeReadings readings = new FakeReadings();
  private final List<String> told = new ArrayList<>();
  private final AlertEvaluator voter = evaluator(Metric.Node.VOTER);

  private AlertEvaluator evaluator(Metric.Node kind) {
    return new AlertEvaluator(
        AlertCatalogue.ALL,
        kind,
        "n1",
        readings,
        clock,
        alert -> told.add(alert.rule() + " " + alert.labels() + " " + alert.state()));
  }

  private void pass(AlertEvaluator evaluator, Duration time, Runnable eachTick) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
      eachTick.run();
      evaluator.evaluate();
      clock.pass(TICK);
    }
  }

  private void pass(Duration time) {
    pass(voter, time, () -> {});
  }

  @Test
  void anAlertIsPendingThenFiringThenResolvedAndToldOnceOfEach() {
    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 0);

    pass(Duration.ofSeconds(30));
    assertThat(voter.alerts()).extracting(Alert::state).containsExactly(State.PENDING);
    assertThat(told).isEmpty();

    pass(Duration.ofSeconds(30));
    assertThat(voter.firing())
        .extracting(Alert::summary)
        .containsExactly("Voter n1 knows of no leader.");
    assertThat(told).containsExactly("NoLeader [] firing");

    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 1);
    pass(Duration.ofSeconds(30));
    assertThat(voter.alerts()).isEmpty();
    assertThat(told).containsExactly("NoLeader [] firing", "NoLeader [] resolved");
  }

  @Test
  void whatWasBrokenForTooShortATimeIsNotTold() {
    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 0);
    pass(Duration.ofSeconds(20));
    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 1);
    pass(Duration.ofSeconds(5));
    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 0);
    pass(Duration.ofSeconds(20));

    assertThat(told).isEmpty();
  }

  @Test
  void S4_55_aSuccessRateAlertsWhenItFallsAndResolvesWhenItReturns() {
    Runnable good = () -> {
      readings.add(MetricCatalogue.SYNC_ATTEMPTS, 10, "push");
      readings.add(MetricCatalogue.SYNC_SUCCESSES, 10, "push");
    };
    pass(voter, Duration.ofMinutes(30), good);
    assertThat(told).isEmpty();

    pass(voter, Duration.ofMinutes(6), () -> {
      readings.add(MetricCatalogue.SYNC_ATTEMPTS, 10, "push");
      readings.add(MetricCatalogue.SYNC_SUCCESSES, 5, "push");
    });
    assertThat(told).containsExactly("SyncSuccessRateLow [push] firing");
    assertThat(voter.firing())
        .extracting(Alert::summary)
        .containsExactly("Of the batches that n1 hands out by push, followers acknowledge 50.0%.");

    pass(voter, Duration.ofMinutes(6), good);
    assertThat(told)
        .containsExactly("SyncSuccessRateLow [push] firing", "SyncSuccessRateLow [push] resolved");
  }

  @Test
  void whoAttemptsNothingHasNoSuccessRate() {
    readings.set(MetricCatalogue.SYNC_ATTEMPTS, 1_000, "push");
    readings.set(MetricCatalogue.SYNC_SUCCESSES, 3, "push");

    pass(Duration.ofHours(1));

    assertThat(voter.alerts()).isEmpty();
  }

  @Test
  void aRatioOfNothingIsNeitherAboveNorBelow() {
    var rule = new AlertRule(
        "Retried",
        AlertRule.Severity.WARNING,
        new Measure.Ratio(
            Series.of(MetricCatalogue.SYNC_RETRIES),
            Series.of(MetricCatalogue.SYNC_ATTEMPTS),
            List.of("mode"),
            Duration.ofMinutes(1)),
        AlertRule.Direction.ABOVE,
        0.5,
        Duration.ZERO,
        ValueUnit.PERCENT,
        "{value} of {mode}.",
        "",
        "",
        "");
    var evaluator = new AlertEvaluator(
        List.of(rule), Metric.Node.VOTER, "n1", readings, clock, alert -> told.add("told"));
    readings.set(MetricCatalogue.SYNC_ATTEMPTS, 7, "push");
    pass(
        evaluator,
        Duration.ofMinutes(1),
        () -> readings.add(MetricCatalogue.SYNC_RETRIES, 1, "push"));

    assertThat(told).isEmpty();
  }

  @Test
  void eachSeriesIsAnAlertOfItsOwn() {
    readings.set(MetricCatalogue.SYNC_LAG_SECONDS, 90, "f1", "default");
    readings.set(MetricCatalogue.SYNC_LAG_SECONDS, 29, "f2", "default");
    pass(Duration.ofMinutes(2));
    readings.set(MetricCatalogue.SYNC_LAG_SECONDS, 31, "f2", "default");
    pass(Duration.ofMinutes(2));

    assertThat(told)
        .containsExactly("SyncLagHigh [f1, default] firing", "SyncLagHigh [f2, default] firing");
    assertThat(voter.firing().get(0).summary())
        .isEqualTo("Follower f1 is 1m 30s behind in namespace default.");
  }

  @Test
  void anAlertWhoseSeriesIsGoneIsResolved() {
    readings.set(MetricCatalogue.SYNC_LAG_SECONDS, 90, "f1", "default");
    pass(Duration.ofMinutes(2));
    readings.remove(MetricCatalogue.SYNC_LAG_SECONDS);
    pass(Duration.ofSeconds(5));

    assertThat(told)
        .containsExactly("SyncLagHigh [f1, default] firing", "SyncLagHigh [f1, default] resolved");
  }

  @Test
  void whatCountersHadCountedBeforeIsNoIncrease() {
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 1_000);

    pass(Duration.ofHours(1));

    assertThat(told).isEmpty();
  }

  @Test
  void aCounterThatAppearsLaterBeganAtZero() {
    pass(Duration.ofMinutes(1));
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 4);
    pass(Duration.ofMinutes(1));

    assertThat(told).containsExactly("LeaderChangesOften [] firing");
  }

  @Test
  void aCounterThatFellWasBegunAnew() {
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 1_000);
    pass(Duration.ofMinutes(1));
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 2);
    pass(Duration.ofMinutes(1));
    assertThat(told).isEmpty();

    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 4);
    pass(Duration.ofMinutes(1));
    assertThat(voter.firing()).extracting(Alert::value).containsExactly(4.0);
  }

  @Test
  void whatRoseBeforeTheWindowCountsNoMore() {
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 0);
    pass(Duration.ofMinutes(1));
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 4);
    pass(Duration.ofMinutes(16));
    assertThat(told)
        .containsExactly("LeaderChangesOften [] firing", "LeaderChangesOften [] resolved");
  }

  @Test
  void aFollowerThatWasNeverEqualToTheCentreIsToldOf() {
    AlertEvaluator follower = evaluator(Metric.Node.FOLLOWER);
    readings.set(MetricCatalogue.COPY_LAG_REVISIONS, 0);
    pass(follower, Duration.ofMinutes(11), () -> {});
    assertThat(told).containsExactly("FollowerNeverSynced [] firing");

    readings.set(MetricCatalogue.COPY_AGE, 0.2);
    pass(follower, Duration.ofMinutes(1), () -> {});
    assertThat(follower.alerts()).isEmpty();
  }

  @Test
  void whatAllVotersHaveAlikeIsToldByTheLeaderOnly() {
    readings.set(MetricCatalogue.CONFLICTS, 2, "version_conflict", "open");
    readings.set(MetricCatalogue.CONFLICTS, 7, "version_conflict", "resolved");
    readings.set(MetricCatalogue.RAFT_IS_LEADER, 0);
    pass(Duration.ofHours(1));
    assertThat(voter.alerts()).isEmpty();

    readings.set(MetricCatalogue.RAFT_IS_LEADER, 1);
    pass(Duration.ofHours(1));
    assertThat(told).containsExactly("ConflictsOpen [version_conflict, open] firing");
  }

  @Test
  void poolsWithoutABoundAreNoPartOfTheHeap() {
    readings.set(MetricCatalogue.JVM_MEMORY_USED, 96, "heap", "G1 Old Gen");
    readings.set(MetricCatalogue.JVM_MEMORY_MAX, 100, "heap", "G1 Old Gen");
    readings.set(MetricCatalogue.JVM_MEMORY_MAX, -1, "heap", "G1 Eden Space");
    readings.set(MetricCatalogue.JVM_MEMORY_USED, 1_000, "nonheap", "Metaspace");

    pass(Duration.ofMinutes(11));

    assertThat(voter.firing())
        .extracting(Alert::summary)
        .containsExactly("Node n1 uses 96.0% of its heap.");
  }

  @Test
  void alertsAreBounded() {
    for (int i = 0; i < AlertEvaluator.MAX_ALERTS + 3; i++) {
      readings.set(MetricCatalogue.SYNC_LAG_SECONDS, 90, "f" + i, "default");
    }
    pass(Duration.ofMinutes(2));

    assertThat(voter.alerts()).hasSize(AlertEvaluator.MAX_ALERTS);
    assertThat(voter.leftOut()).isEqualTo(3);
  }

  @Test
  void aClockThatIsSetBackUndoesNothing() {
    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 0);
    pass(Duration.ofSeconds(25));
    clock.pass(Duration.ofHours(-1));
    pass(Duration.ofSeconds(15));

    assertThat(told).containsExactly("NoLeader [] firing");
  }

  @Test
  void nothingFiresInAQuietHour() {
    for (Metric.Node kind : Metric.Node.values()) {
      AlertEvaluator evaluator = evaluator(kind);
      pass(evaluator, Duration.ofHours(1), this::quiet);

      assertThat(evaluator.alerts()).isEmpty();
    }
    assertThat(told).isEmpty();
  }

  /** As three voters with two followers have it, with a write each second. */
  private void quiet() {
    readings.set(MetricCatalogue.READY, 1);
    readings.set(MetricCatalogue.RAFT_HAS_LEADER, 1);
    readings.set(MetricCatalogue.RAFT_IS_LEADER, 1);
    readings.set(MetricCatalogue.RAFT_LEADER_CHANGES, 1);
    readings.set(MetricCatalogue.RAFT_APPLY_LAG, 1);
    readings.set(MetricCatalogue.RAFT_VOTER_LAG, 2, "v2");
    readings.set(MetricCatalogue.RAFT_VOTER_SILENCE, 0.3, "v2");
    readings.set(MetricCatalogue.RAFT_LOG_BYTES, 200e6);
    readings.set(MetricCatalogue.SYNC_LAG_SECONDS, 0.01, "f1", "default");
    readings.set(MetricCatalogue.SYNC_STALLED, 0);
    readings.set(MetricCatalogue.FOLLOWERS, 2, "completed");
    readings.set(MetricCatalogue.FOLLOWERS, 0, "failed");
    readings.set(MetricCatalogue.FOLLOWERS_BY_DIGEST, 2, "equal");
    readings.set(MetricCatalogue.FOLLOWERS_BY_DIGEST, 0, "different");
    readings.add(MetricCatalogue.SYNC_ATTEMPTS, 5, "push");
    readings.add(MetricCatalogue.SYNC_SUCCESSES, 5, "push");
    readings.add(MetricCatalogue.SYNC_REFUSALS, 0, "corrupt");
    readings.set(MetricCatalogue.COPY_AGE, 0.9);
    readings.set(MetricCatalogue.COPY_LAG_REVISIONS, 1);
    readings.set(MetricCatalogue.COPY_SUSPECTS, 0);
    readings.set(MetricCatalogue.COPY_CORRUPT, 0);
    readings.set(MetricCatalogue.DRAFTS, 1, "waiting");
    readings.set(MetricCatalogue.DRAFTS, 0, "refused");
    readings.set(MetricCatalogue.CONFLICTS, 0, "version_conflict", "open");
    readings.set(MetricCatalogue.CONFLICTS, 9, "version_conflict", "resolved");
    readings.add(MetricCatalogue.WRITE_REJECTIONS, 10, "precondition_failed");
    readings.set(MetricCatalogue.WATCHERS, 1, "lagging");
    readings.set(MetricCatalogue.DISK_FREE, 50e9);
    readings.set(MetricCatalogue.JVM_MEMORY_USED, 500e6, "heap", "G1 Old Gen");
    readings.set(MetricCatalogue.JVM_MEMORY_MAX, 1e9, "heap", "G1 Old Gen");
    readings.set(MetricCatalogue.PROCESS_FILES, 300);
    readings.set(MetricCatalogue.PROCESS_FILES_MAX, 4096);
    readings.set(MetricCatalogue.SERIES_LEFT_OUT, 0);
    readings.set(MetricCatalogue.ALERT_DELIVERIES, 0, "given_up");
  }
}
