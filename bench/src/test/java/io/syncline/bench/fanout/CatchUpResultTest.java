package io.syncline.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.proto.api.v1.FollowerView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class CatchUpResultTest {
  @Test
  void aFastCatchUpThatWritersHardlyFeelMeetsBothBars() {
    CatchUp.Result result = result(100_000, 2, 10, 12, FollowerView.getDefaultInstance());

    assertThat(result.revisionsPerSecond()).isEqualTo(50_000);
    assertThat(result.worse()).isBetween(1.19, 1.2);
    assertThat(result.text()).contains("50,000 revisions/s: met", "before: 1.20: met");
    assertThat(result.sound()).isTrue();
  }

  @Test
  void whatFallsShortIsTold() {
    CatchUp.Result result = result(99_000, 2, 10, 13, FollowerView.getDefaultInstance());

    assertThat(result.text())
        .contains("49,500 revisions/s: NOT met", "before: 1.30: NOT met (bar: at most 1.2)");
    assertThat(result.findings()).containsEntry("revisions_per_second", 49_500L);
  }

  @Test
  void theMedianOfTheRoundsIsHeldAgainstTheBars() {
    FollowerView sound = FollowerView.getDefaultInstance();
    List<CatchUp.Result> rounds = List.of(
        result(300_000, 2, 10, 40, sound),
        result(99_000, 2, 10, 11, sound),
        result(120_000, 2, 10, 12, sound));

    assertThat(CatchUp.Result.overall(rounds))
        .contains(
            "median of 3 rounds: 60,000 revisions/s (49,500 to 150,000): met;",
            "during / before: 1.20 (1.10–4.00): met; during / after: 1.20 (1.10–4.00)");
    assertThat(CatchUp.Result.findings(rounds))
        .containsEntry("median_revisions_per_second", 60_000L);
  }

  @Test
  void aCopyThatDifferedIsNotSound() {
    FollowerView differed = FollowerView.newBuilder().setMismatches(1).build();

    assertThat(result(100_000, 2, 10, 10, differed).sound()).isFalse();
  }

  private static CatchUp.Result result(
      long applied, int seconds, int millisBefore, int millisDuring, FollowerView follower) {
    return new CatchUp.Result(
        Load.closed(16, Duration.ZERO, Duration.ofSeconds(1), 1),
        measured(1, millisBefore),
        measured(seconds, millisDuring),
        measured(1, 10),
        applied,
        applied,
        applied * 300,
        1,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        follower);
  }

  private static Measurement measured(int seconds, int millis) {
    var latencies = new Histogram(1000, 3_600_000_000_000L, 5);
    latencies.recordValueWithCount(millis * 1_000_000L, 100);
    return new Measurement(Duration.ofSeconds(seconds), latencies, Map.of());
  }
}
