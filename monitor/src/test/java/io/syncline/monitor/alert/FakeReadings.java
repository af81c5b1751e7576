package io.syncline.monitor.alert;

import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.Metric;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a node's metrics are, as a test says. */
final class FakeReadings implements Function<Set<Metric>, Map<Metric, List<Reading>>> {
  private final Map<Metric, Map<List<String>, Double>> values = new HashMap<>();

  void set(Metric metric, double value, String... labels) {
    values.computeIfAbsent(metric, unknown -> new LinkedHashMap<>()).put(List.of(labels), value);
  }

  void add(Metric metric, double value, String... labels) {
    values
        .computeIfAbsent(metric, unknown -> new LinkedHashMap<>())
        .merge(List.of(labels), value, Double::sum);
  }

  void remove(Metric metric) {
    values.remove(metric);
  }

  @Override
  public Map<Metric, List<Reading>> apply(Set<Metric> metrics) {
    var readings = new HashMap<Metric, List<Reading>>();
    values.forEach((metric, series) -> {
      if (metrics.contains(metric)) {
        readings.put(
            metric,
            series.entrySet().stream()
                .map(entry -> new Reading(entry.getKey(), entry.getValue()))
                .toList());
      }
    });
    return readings;
  }
}
