package io.syncline.monitor.alert;

import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a node's metrics are, as a test says. */
final class FakeReadings implements Function<Metric, List<Reading>> {
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
  public List<Reading> apply(Metric metric) {
    var readings = new ArrayList<Reading>();
    values
        .getOrDefault(metric, Map.of())
        .forEach((labels, value) -> readings.add(new Reading(labels, value)));
    return readings;
  }
}
