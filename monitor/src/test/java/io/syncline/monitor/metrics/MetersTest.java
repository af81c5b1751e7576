package io.syncline.monitor.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.Metric.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
  private final Meters meters = new Meters();

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void aCounterIsExportedUnderItsNameAndLabels() {
    meters.counter(MetricCatalogue.WRITES, "put").add(3);
    meters.counter(MetricCatalogue.WRITES, "put").increment();

    assertThat(meters.scrape())
        .contains("# TYPE syncline_writes_total counter")
        .contains("syncline_writes_total{kind=\"put\"} 4.0");
    assertThat(meters.read(MetricCatalogue.WRITES)).containsExactly(new Reading(List.of("put"), 4));
  }

  @Test
  void aHistogramHasTheCataloguesBuckets() {
    meters.timer(MetricCatalogue.WRITE_SECONDS).recordNanos(3_000_000);

    String text = meters.scrape();

    for (double bucket : MetricCatalogue.WRITE_SECONDS.buckets()) {
      assertThat(text)
          .contains("syncline_write_seconds_bucket{le=\"%s\"} %s\n"
              .formatted(bucket < 0.001 ? "5.0E-4" : bucket, bucket < 0.003 ? 0 : 1));
    }
    assertThat(text).contains("syncline_write_seconds_count 1\n");
  }

  @Test
  void sizesHaveTheCataloguesBuckets() {
    meters.sizes(MetricCatalogue.GROUP_COMMIT).record(3);

    assertThat(meters.scrape())
        .contains("syncline_group_commit_commands_bucket{le=\"2.0\"} 0\n")
        .contains("syncline_group_commit_commands_bucket{le=\"4.0\"} 1\n")
        .contains("syncline_group_commit_commands_sum 3.0\n");
  }

  @Test
  void whatIsLookedAtIsReadAtEachScrape() {
    var revision = new long[] {7};
    meters.look(
        List.of(MetricCatalogue.REVISION), rows -> rows.add(MetricCatalogue.REVISION, revision[0]));

    assertThat(meters.scrape()).contains("syncline_revision 7.0");
    revision[0] = 8;
    assertThat(meters.scrape()).contains("syncline_revision 8.0");
  }

  @Test
  void aLookThatFailsHidesNothingElse() {
    meters.look(List.of(MetricCatalogue.REVISION), rows -> {
      throw new IllegalStateException("closed");
    });
    meters.look(
        List.of(MetricCatalogue.NAMESPACES), rows -> rows.add(MetricCatalogue.NAMESPACES, 2));

    assertThat(meters.scrape())
        .contains("syncline_namespaces 2.0")
        .doesNotContain("syncline_revision");
  }

  @Test
  void seriesAreBounded() {
    meters.look(List.of(MetricCatalogue.NAMESPACE_KEYS), rows -> {
      for (int i = 0; i < Meters.MAX_SERIES + 5; i++) {
        rows.add(MetricCatalogue.NAMESPACE_KEYS, i, "n" + i);
      }
    });

    assertThat(meters.read(MetricCatalogue.NAMESPACE_KEYS)).hasSize(Meters.MAX_SERIES);
    assertThat(meters.scrape()).contains("syncline_metrics_left_out_series 5.0");
  }

  @Test
  void aMetricIsLookedAtInOnePlace() {
    meters.look(List.of(MetricCatalogue.REVISION), rows -> {});

    assertThatThrownBy(() -> meters.look(List.of(MetricCatalogue.REVISION), rows -> {}))
        .hasMessage("syncline_revision: in two looks (expected: in one)");
  }

  @Test
  void wrongLabelsAreRefused() {
    assertThatThrownBy(() -> meters.counter(MetricCatalogue.WRITES))
        .hasMessage("syncline_writes_total: 0 labels (expected: [kind])");
  }

  @Test
  void theProcessIsExportedAndNothingThatIsNotInTheCatalogue() {
    Set<String> known = MetricCatalogue.ALL.stream()
        .flatMap(metric -> metric.kind() == Kind.HISTOGRAM || metric.kind() == Kind.SUMMARY
            ? java.util.stream.Stream.of(metric.meterName(), metric.meterName() + "_max")
            : java.util.stream.Stream.of(metric.meterName()))
        .collect(Collectors.toSet());

    assertThat(meters.names())
        .contains(
            "jvm_memory_used_bytes",
            "process_cpu_usage",
            "process_resident_memory_bytes",
            "process_uptime_seconds")
        .isSubsetOf(known);
  }

  @Test
  void openMetricsIsGivenToWhoAsksForIt() throws IOException {
    meters.counter(MetricCatalogue.WRITES, "put").increment();
    var out = new ByteArrayOutputStream();

    String type = meters.scrape("application/openmetrics-text; version=1.0.0", out);

    assertThat(type).isEqualTo(Meters.OPEN_METRICS);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("# TYPE syncline_writes counter")
        .endsWith("# EOF\n");
  }
}
