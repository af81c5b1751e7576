package io.syncline.monitor.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.syncline.monitor.metrics.Metric.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads metrics from the node when somebody scrapes. Any thread. */
final class Looks implements MultiCollector {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

  private final List<Look> looks = new CopyOnWriteArrayList<>();

  private record Look(List<Metric> metrics, Consumer<Rows> look) {
    boolean concerns(Predicate<String> names) {
      return metrics.stream().anyMatch(metric -> names.test(metric.meterName()));
    }
  }

  void add(List<Metric> metrics, Consumer<Rows> look) {
    for (Metric metric : metrics) {
      if (metric.kind() != Kind.GAUGE && metric.kind() != Kind.COUNTER) {
        throw new IllegalArgumentException(
            metric + ": a " + metric.kind() + " (expected: a gauge or a counter)");
      }
      if (looks.stream().anyMatch(other -> other.metrics().contains(metric))) {
        throw new IllegalArgumentException(metric + ": in two looks (expected: in one)");
      }
    }
    looks.add(new Look(List.copyOf(metrics), look));
  }

  void clear() {
    looks.clear();
  }

  @Override
  public MetricSnapshots collect() {
    return collect(name -> true);
  }

  @Override
  public MetricSnapshots collect(Predicate<String> names) {
    var snapshots = new ArrayList<MetricSnapshot>();
    long leftOut = 0;
    for (Look look : looks) {
      if (look.concerns(names)) {
        var seen = new Seen(look.metrics());
        try {
          look.look().accept(seen);
        } catch (RuntimeException e) {
          // one part that cannot be read just now must not hide the others
          LOG.debug(
              "metrics could not be read: metrics={} reason={}", look.metrics(), e.toString());
          continue;
        }
        seen.snapshots(names).forEach(snapshots::add);
        leftOut += seen.leftOut;
      }
    }
    if (names.test(MetricCatalogue.SERIES_LEFT_OUT.name())) {
      snapshots.add(gauge(MetricCatalogue.SERIES_LEFT_OUT, Map.of(Labels.EMPTY, (double) leftOut)));
    }
    return new MetricSnapshots(snapshots);
  }

  /** What one look has seen. */
  private static final class Seen implements Rows {
    private final Map<Metric, Map<Labels, Double>> values = new LinkedHashMap<>();
    private long leftOut;

    Seen(List<Metric> metrics) {
      metrics.forEach(metric -> values.put(metric, new LinkedHashMap<>()));
    }

    @Override
    public void add(Metric metric, double value, String... labels) {
      Meters.requireLabels(metric, labels);
      Map<Labels, Double> series = values.get(metric);
      if (series == null) {
        throw new IllegalArgumentException(metric + ": not of this look");
      }
      if (series.size() >= Meters.MAX_SERIES) {
        leftOut++;
        return;
      }
      series.put(Labels.of(metric.labels().toArray(String[]::new), labels), value);
    }

    List<MetricSnapshot> snapshots(Predicate<String> names) {
      return values.entrySet().stream()
          .filter(
              entry -> !entry.getValue().isEmpty() && names.test(entry.getKey().meterName()))
          .map(entry -> entry.getKey().kind() == Kind.COUNTER
              ? counter(entry.getKey(), entry.getValue())
              : gauge(entry.getKey(), entry.getValue()))
          .toList();
    }
  }

  private static MetricSnapshot gauge(Metric metric, Map<Labels, Double> series) {
    var snapshot = GaugeSnapshot.builder().name(metric.meterName()).help(metric.help());
    series.forEach(
        (labels, value) -> snapshot.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
            .labels(labels)
            .value(value)
            .build()));
    return snapshot.build();
  }

  private static MetricSnapshot counter(Metric metric, Map<Labels, Double> series) {
    var snapshot = CounterSnapshot.builder().name(metric.meterName()).help(metric.help());
    series.forEach(
        (labels, value) -> snapshot.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
            .labels(labels)
            .value(value)
            .build()));
    return snapshot.build();
  }
}
