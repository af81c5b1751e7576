package io.syncline.bench.load;

import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run measured.
 *
 * @param elapsed from the end of the warm-up until the last counted operation ended
 * @param latencies of the operations that succeeded, in nanoseconds
 * @param errors how many operations failed, by what they said; those without an answer included
 */
public record Measurement(Duration elapsed, Histogram latencies, Map<String, Long> errors) {
  public Measurement {
    errors = Map.copyOf(errors);
  }

  /** How many succeeded. */
  public long operations() {
    return latencies.getTotalCount();
  }

  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  public double operationsPerSecond() {
    return elapsed.isZero() ? 0 : operations() * 1e9 / elapsed.toNanos();
  }

  public Duration percentile(double percentile) {
    return Duration.ofNanos(latencies.getValueAtPercentile(percentile));
  }
}
