package io.syncline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void totalHoldsAllIntervalsAndWhatCameSince() {
    latencies.record(1_000_000);
    latencies.record(2_000_000);
    Histogram first = latencies.interval();
    latencies.record(3_000_000);

    Histogram total = latencies.total();

    assertThat(first.getTotalCount()).isEqualTo(2);
    assertThat(total.getTotalCount()).isEqualTo(3);
    assertThat(total.getCountBetweenValues(900_000, 1_100_000)).isEqualTo(1);
    assertThat(total.getCountBetweenValues(2_900_000, 3_100_000)).isEqualTo(1);
  }

  @Test
  void latenciesOutOfRangeAreKeptAtItsEnds() {
    latencies.record(-5);
    latencies.record(TimeUnit.DAYS.toNanos(1));

    Histogram total = latencies.total();

    assertThat(total.getTotalCount()).isEqualTo(2);
    assertThat(total.getMinValue()).isZero();
    assertThat(total.getMaxValue()).isGreaterThanOrEqualTo(TimeUnit.HOURS.toNanos(1));
  }
}
