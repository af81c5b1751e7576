package io.syncline.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.fanout.Delivery;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.result.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class WatchSummaryTest {
  /** Of 1,000 events each: what is spent on them, and how late they are. */
  @Test
  void lessTimeAndMoreEventsBothCountForSyncline() {
    WatchSummary summary = WatchSummary.of(
        List.of(
            turn(1, Contender.ETCD, 30, 8),
            turn(1, Contender.SYNCLINE, 10, 4),
            turn(2, Contender.SYNCLINE, 20, 4),
            turn(2, Contender.ETCD, 20, 3)),
        CompareEtcdWatchCommand.BARS);

    WatchSummary.Line cpu = line(summary, WatchFigure.FULL_EVENTS_PER_CPU_SECOND);
    assertThat(cpu.ratios()).isEqualTo(new Spread(2.0, 1.0, 3.0));
    assertThat(cpu.met()).isTrue();
    WatchSummary.Line p99 = line(summary, WatchFigure.STEADY_WRITE_EVENT_P99);
    assertThat(p99.ratios().median()).isBetween(1.37, 1.38);
    assertThat(p99.met()).isTrue();
    assertThat(summary.toJson().get(3).get("met").asBoolean()).isTrue();
  }

  @Test
  void whatIsWorseThanTheBarIsTold() {
    WatchSummary summary = WatchSummary.of(
        List.of(turn(1, Contender.ETCD, 19, 3), turn(1, Contender.SYNCLINE, 10, 4)),
        CompareEtcdWatchCommand.BARS);

    assertThat(summary.text())
        .anyMatch(text -> text.startsWith("full: events per CPU s")
            && text.endsWith("NOT met (bar: at least 2.0)"))
        .anyMatch(text -> text.startsWith("steady: p99 write-event") && text.contains("NOT met"));
  }

  /** One that missed something is no turn to compare by. */
  @Test
  void aTurnPassesOnlyIfAllWasSeen() {
    WatchTurn whole = turn(1, Contender.ETCD, 10, 3);
    var lacking = new WatchTurn.Result(
        delivery(10, 3, new Delivery.Check(1, 0, 0, null)), new Cores(0, 0, 0));

    assertThat(whole.passed()).isTrue();
    assertThat(new WatchTurn(1, "etcd", "3", List.of(), whole.steady(), List.of(lacking)).passed())
        .isFalse();
  }

  @Test
  void withoutBarsNothingIsJudged() {
    WatchSummary summary = WatchSummary.of(
        List.of(turn(1, Contender.ETCD, 19, 3), turn(1, Contender.SYNCLINE, 10, 4)), Map.of());

    assertThat(summary.text()).noneMatch(text -> text.contains("met"));
    assertThat(summary.toJson()).noneMatch(line -> line.has("met"));
  }

  private static WatchSummary.Line line(WatchSummary summary, WatchFigure figure) {
    return summary.lines().stream()
        .filter(line -> line.figure() == figure)
        .findFirst()
        .orElseThrow();
  }

  private static WatchTurn turn(int round, String system, int cpuMillis, int lateMillis) {
    var result = new WatchTurn.Result(
        delivery(cpuMillis, lateMillis, new Delivery.Check(0, 0, 0, null)), new Cores(0, 0, 0));
    return new WatchTurn(round, system, "1", List.of("a", "a"), result, List.of(result, result));
  }

  private static Delivery delivery(int cpuMillis, int lateMillis, Delivery.Check check) {
    var late = new Histogram(1000, 3_600_000_000_000L, 3);
    late.recordValueWithCount(lateMillis * 1_000_000L, 1000);
    Duration second = Duration.ofSeconds(1);
    return new Delivery(
        "full",
        Load.count(1, 1, 1),
        new Measurement(second, late, Map.of()),
        late,
        late,
        10,
        100,
        1000,
        second,
        Map.of("members", Duration.ofMillis(cpuMillis)),
        second,
        0,
        check);
  }
}
