package io.syncline.monitor.dashboard;

import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.Metric.Kind;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.util.ArrayList;
import java.util.List;

/**
 * Series of a metric at the targets that a dashboard's variables pick.
 *
 * @param suffix of a histogram or summary: {@code _bucket}, {@code _count}, {@code _sum} or {@code
 *     _max}; else empty
 */
record Selector(Series series, String suffix) {
  private static final List<String> TARGETS =
      List.of("cluster=~\"$cluster\"", "job=~\"$job\"", "instance=~\"$instance\"");

  Selector {
    Kind kind = series.metric().kind();
    boolean single = kind == Kind.COUNTER || kind == Kind.GAUGE;
    if (single != suffix.isEmpty() || (suffix.equals("_bucket") && kind != Kind.HISTOGRAM)) {
      throw new IllegalArgumentException(series + ": a " + kind + " with \"" + suffix + "\"");
    }
  }

  static Selector all(Metric metric) {
    return some(Series.of(metric));
  }

  static Selector some(Series series) {
    return new Selector(series, "");
  }

  static Selector buckets(Metric metric) {
    return new Selector(Series.of(metric), "_bucket");
  }

  static Selector counts(Metric metric) {
    return new Selector(Series.of(metric), "_count");
  }

  static Selector sums(Metric metric) {
    return new Selector(Series.of(metric), "_sum");
  }

  static Selector largest(Metric metric) {
    return new Selector(Series.of(metric), "_max");
  }

  String promql() {
    var matchers = new ArrayList<>(TARGETS);
    if (series.metric().labels().contains("namespace")) {
      matchers.add("namespace=~\"$namespace\"");
    }
    // node_info has a label of the name, which Prometheus sets aside where the target has one too
    if (series.metric().equals(MetricCatalogue.NODE_INFO)) {
      matchers.remove(TARGETS.get(0));
    }
    return series.promql(suffix, matchers);
  }
}
