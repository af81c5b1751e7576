package io.syncline.monitor.metrics;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One metric, as Prometheus names it: the contract with whoever reads dashboards and writes alerts.
 *
 * @param name with its unit, and for a counter with {@code _total}
 * @param labels names, in the order in which values are given
 * @param nodes which nodes have it
 * @param buckets upper bounds of a histogram's buckets, in the unit, ascending; empty for other kinds
 */
public record Metric(
    String name,
    Kind kind,
    Unit unit,
    List<String> labels,
    String help,
    Set<Node> nodes,
    List<Double> buckets) {

  /** How its values behave. */
  public enum Kind {
    /** Only rises, and begins at 0 when the process starts: read its rate. */
    COUNTER,
    /** Rises and falls. */
    GAUGE,
    /** {@code _bucket}, {@code _count} and {@code _sum}; {@code _max} is the largest of the last minutes. */
    HISTOGRAM,
    /** {@code _count} and {@code _sum}; {@code _max} is the largest of the last minutes. */
    SUMMARY
  }

  /** What a value counts. */
  public enum Unit {
    NONE(""),
    BYTES("bytes"),
    SECONDS("seconds"),
    RATIO("ratio");

    private final String suffix;

    Unit(String suffix) {
      this.suffix = suffix;
    }

    /** How names of metrics in this unit end, before {@code _total}. */
    public String suffix() {
      return suffix;
    }
  }

  /** Who has the metric. */
  public enum Node {
    VOTER,
    FOLLOWER
  }

  public Metric {
    labels = List.copyOf(labels);
    nodes = Set.copyOf(nodes);
    buckets = List.copyOf(buckets);
    boolean isCounter = kind == Kind.COUNTER;
    if (isCounter != name.endsWith("_total")) {
      throw new IllegalArgumentException(
          "metric: " + name + " (expected: _total at the end of a counter's name, and no other's)");
    }
    if ((kind == Kind.HISTOGRAM) == buckets.isEmpty()) {
      throw new IllegalArgumentException(
          "metric: " + name + " (expected: buckets for a histogram, and for nothing else)");
    }
  }

  static Metric counter(String name, Unit unit, String help, Node... nodes) {
    return new Metric(name, Kind.COUNTER, unit, List.of(), help, setOf(nodes), List.of());
  }

  static Metric gauge(String name, Unit unit, String help, Node... nodes) {
    return new Metric(name, Kind.GAUGE, unit, List.of(), help, setOf(nodes), List.of());
  }

  static Metric histogram(
      String name, Unit unit, List<Double> buckets, String help, Node... nodes) {
    return new Metric(name, Kind.HISTOGRAM, unit, List.of(), help, setOf(nodes), buckets);
  }

  static Metric summary(String name, Unit unit, String help, Node... nodes) {
    return new Metric(name, Kind.SUMMARY, unit, List.of(), help, setOf(nodes), List.of());
  }

  Metric by(String... labelNames) {
    return new Metric(name, kind, unit, Arrays.asList(labelNames), help, nodes, buckets);
  }

  private static Set<Node> setOf(Node... nodes) {
    return nodes.length == 0 ? EnumSet.allOf(Node.class) : EnumSet.copyOf(Arrays.asList(nodes));
  }

  /** The name by which Micrometer knows it: Prometheus' ending of counters is its own affair. */
  String meterName() {
    return kind == Kind.COUNTER ? name.substring(0, name.length() - "_total".length()) : name;
  }

  @Override
  public String toString() {
    return name;
  }
}
