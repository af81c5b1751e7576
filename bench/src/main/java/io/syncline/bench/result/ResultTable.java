package io.syncline.bench.result;

import io.syncline.bench.load.Measurement;
import java.time.Duration;
import java.util.Locale;

/** Rows for people; latencies in milliseconds. */
public final class ResultTable {
  private static final String FORM = "%-14s %9s %11s %9s %9s %9s %9s %9s %8s";

  private ResultTable() {}

  public static String header() {
    return FORM.formatted(
        "", "in flight", "ops/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "errors");
  }

  public static String row(Row row) {
    Measurement measured = row.measurement();
    return FORM.formatted(
        row.name(),
        row.load().inFlight(),
        String.format(Locale.ROOT, "%,.0f", measured.operationsPerSecond()),
        millis(measured.percentile(50)),
        millis(measured.percentile(90)),
        millis(measured.percentile(99)),
        millis(measured.percentile(99.9)),
        millis(measured.percentile(100)),
        measured.errorCount());
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
  }
}
