package io.syncline.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class ResultTableTest {
  @Test
  void rowsStandUnderTheirHeader() {
    var latencies = new Histogram(1000, 3_600_000_000_000L, 3);
    latencies.recordValueWithCount(1_000_000, 12_344);
    latencies.recordValue(64_000_000);
    var measured = new Measurement(Duration.ofSeconds(1), latencies, Map.of("lost", 3L));
    var row = new Row("put", Load.closed(64, Duration.ZERO, Duration.ofSeconds(1), 1), measured);

    assertThat(ResultTable.header() + "\n" + ResultTable.row(row) + "\n").isEqualTo("""
                           in flight       ops/s    p50 ms    p90 ms    p99 ms  p99.9 ms    max ms   errors
            put                   64      12,345      1.00      1.00      1.00      1.00     64.03        3
            """);
  }
}
