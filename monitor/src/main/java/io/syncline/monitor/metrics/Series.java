package io.syncline.monitor.metrics;

import io.syncline.monitor.metrics.Meters.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The series of a metric: all, or those whose labels have given values. */
public record Series(Metric metric, List<Matcher> matchers) {

  /** @param values any of these */
  private record Matcher(String label, List<String> values) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    Matcher {
      values = List.copyOf(values);
      if (values.isEmpty()
          || !values.stream().allMatch(value -> PLAIN.matcher(value).matches())) {
        throw new IllegalArgumentException(
            "values of " + label + ": " + values + " (expected: letters, digits, '_' and '-')");
      }
    }

    String promql() {
      return values.size() == 1
          ? label + "=\"" + values.get(0) + "\""
          : label + "=~\"" + String.join("|", values) + "\"";
    }
  }

  public Series {
    matchers = List.copyOf(matchers);
    for (Matcher matcher : matchers) {
      if (!metric.labels().contains(matcher.label())) {
        throw new IllegalArgumentException(
            metric + ": label " + matcher.label() + " (expected: one of " + metric.labels() + ")");
      }
    }
  }

  public static Series of(Metric metric) {
    return new Series(metric, List.of());
  }

  /** Those of these series whose label has one of the values. */
  public Series where(String label, String... values) {
    var all = new ArrayList<>(matchers);
    all.add(new Matcher(label, Arrays.asList(values)));
    return new Series(metric, all);
  }

  public boolean includes(Reading reading) {
    return matchers.stream()
        .allMatch(matcher -> matcher
            .values()
            .contains(reading.labels().get(metric.labels().indexOf(matcher.label()))));
  }

  /** As a selector of PromQL. */
  public String promql() {
    return promql("", List.of());
  }

  /**
   * As a selector of PromQL.
   *
   * @param suffix of the name: {@code _bucket}, {@code _count}, {@code _sum}, {@code _max} or none
   * @param targetMatchers go before the series' own, such as {@code job=~"$job"}
   */
  public String promql(String suffix, List<String> targetMatchers) {
    var all = new ArrayList<>(targetMatchers);
    matchers.forEach(matcher -> all.add(matcher.promql()));
    return metric.name()
        + suffix
        + (all.isEmpty() ? "" : all.stream().collect(Collectors.joining(", ", "{", "}")));
  }

  @Override
  public String toString() {
    return promql();
  }
}
