package io.syncline.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class StallResultTest {
  @Test
  void itTellsWhatWritersFeltAndWhatTheVoterHeld() {
    var result = new Stall.Result(
        Load.closed(16, Duration.ZERO, Duration.ofSeconds(1), 1),
        measured(30, 10),
        measured(60, 15),
        300_000,
        900_000_000,
        930_000_000,
        1_300_000);

    assertThat(result.worse()).isBetween(1.49, 1.51);
    assertThat(result.text())
        .contains(
            "stalled for 60 s, 300,000 revisions: put p99 stalled / reading: 1.50",
            "1.3 MB",
            "900 MB before, 930 MB after");
    assertThat(result.findings()).containsEntry("sent_bytes", 1_300_000L);
  }

  private static Measurement measured(int seconds, int millis) {
    var latencies = new Histogram(1000, 3_600_000_000_000L, 5);
    latencies.recordValueWithCount(millis * 1_000_000L, 100);
    return new Measurement(Duration.ofSeconds(seconds), latencies, Map.of());
  }
}
