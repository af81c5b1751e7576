package io.syncline.monitor.alert;

import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.Metric.Kind;
import io.syncline.monitor.metrics.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a rule compares with its threshold. One definition gives both the expression for Prometheus
 * and what a node computes of its own metrics, so that the two cannot come to mean different things.
 */
public sealed interface Measure {

  /** The metrics it reads. */
  List<Metric> metrics();

  /** The labels that its values have, beside those of the target. */
  List<String> labels();

  String promql();

  /** Whether a node can compute it of its own metrics. */
  default boolean builtIn() {
    return true;
  }

  /** The nodes that have it: those that have all of its metrics. */
  default Set<Metric.Node> nodes() {
    return Stream.of(Metric.Node.values())
        .filter(node -> metrics().stream().allMatch(metric -> metric.nodes().contains(node)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Its values now; none where it is not defined. */
  List<Sample> values(Samples samples);

  /** @param labels values, in the order of {@link Measure#labels} */
  record Sample(List<String> labels, double value) {
    public Sample {
      labels = List.copyOf(labels);
    }
  }

  /** What a node knows of its metrics. */
  interface Samples {
    List<Reading> now(Series series);

    /**
     * How much counters rose within the window until now, or since they are known, summed up by these
     * labels. A counter that fell was begun anew.
     */
    Map<List<String>, Double> increase(Series series, List<String> by, Duration window);
  }

  /** Each series of a gauge. */
  record Value(Series series) implements Measure {
    public Value {
      require(series, Kind.GAUGE);
    }

    @Override
    public List<Metric> metrics() {
      return List.of(series.metric());
    }

    @Override
    public List<String> labels() {
      return series.metric().labels();
    }

    @Override
    public String promql() {
      return series.promql();
    }

    @Override
    public List<Sample> values(Samples samples) {
      return samples.now(series).stream()
          .map(reading -> new Sample(reading.labels(), reading.value()))
          .toList();
    }
  }

  /**
   * Each series of a gauge that several nodes may have, as the node has it that has the least: of lag,
   * whoever heard from the follower last. A node on its own knows what it knows.
   */
  record LeastOfNodes(Series series) implements Measure {
    public LeastOfNodes {
      require(series, Kind.GAUGE);
    }

    @Override
    public List<Metric> metrics() {
      return List.of(series.metric());
    }

    @Override
    public List<String> labels() {
      return series.metric().labels();
    }

    @Override
    public String promql() {
      return "min by (cluster, job, " + String.join(", ", labels()) + ") (" + series.promql() + ")";
    }

    @Override
    public List<Sample> values(Samples samples) {
      return new Value(series).values(samples);
    }
  }

  /**
   * Each series of a gauge that all voters have alike, once: of the nodes, the leader computes it.
   *
   * @param leads 1 at the leader
   */
  record OncePerCluster(Series series, Series leads) implements Measure {
    public OncePerCluster {
      require(series, Kind.GAUGE);
      require(leads, Kind.GAUGE);
    }

    @Override
    public List<Metric> metrics() {
      return List.of(series.metric(), leads.metric());
    }

    @Override
    public List<String> labels() {
      return series.metric().labels();
    }

    @Override
    public String promql() {
      return "max by (cluster, job, " + String.join(", ", labels()) + ") (" + series.promql() + ")";
    }

    @Override
    public List<Sample> values(Samples samples) {
      return samples.now(leads).stream().anyMatch(reading -> reading.value() > 0)
          ? new Value(series).values(samples)
          : List.of();
    }
  }

  /** The sum of a gauge's series, by labels. */
  record Sum(Series series, List<String> by) implements Measure {
    public Sum {
      require(series, Kind.GAUGE);
      by = requireLabels(series, by);
    }

    @Override
    public List<Metric> metrics() {
      return List.of(series.metric());
    }

    @Override
    public List<String> labels() {
      return by;
    }

    @Override
    public String promql() {
      return sum(series, by, series.promql());
    }

    @Override
    public List<Sample> values(Samples samples) {
      return samples(summed(series, by, samples.now(series)));
    }
  }

  /** How much counters rose within a window, summed up by labels. */
  record Increase(Series series, List<String> by, Duration window) implements Measure {
    public Increase {
      require(series, Kind.COUNTER);
      by = requireLabels(series, by);
    }

    @Override
    public List<Metric> metrics() {
      return List.of(series.metric());
    }

    @Override
    public List<String> labels() {
      return by;
    }

    @Override
    public String promql() {
      return sum(series, by, "increase(" + series.promql() + "[" + Promql.duration(window) + "])");
    }

    @Override
    public List<Sample> values(Samples samples) {
      return samples(samples.increase(series, by, window));
    }
  }

  /**
   * What part of one counter's increase within a window is another's, such as successes of attempts.
   * Not defined where the whole did not rise: who attempts nothing does not fail.
   */
  record Ratio(Series part, Series whole, List<String> by, Duration window) implements Measure {
    public Ratio {
      by = requireLabels(whole, requireLabels(part, by));
    }

    @Override
    public List<Metric> metrics() {
      return List.of(part.metric(), whole.metric());
    }

    @Override
    public List<String> labels() {
      return by;
    }

    @Override
    public String promql() {
      return new Increase(part, by, window).promql()
          + " / "
          + new Increase(whole, by, window).promql();
    }

    @Override
    public List<Sample> values(Samples samples) {
      Map<List<String>, Double> parts = samples.increase(part, by, window);
      return samples.increase(whole, by, window).entrySet().stream()
          .filter(entry -> entry.getValue() > 0)
          .map(entry -> new Sample(
              entry.getKey(), parts.getOrDefault(entry.getKey(), 0.0) / entry.getValue()))
          .toList();
    }
  }

  /** What part of a gauge's sum is another's. Series of the whole that are not bounded do not count. */
  record Share(Series part, Series whole, List<String> by) implements Measure {
    public Share {
      by = requireLabels(whole, requireLabels(part, by));
    }

    @Override
    public List<Metric> metrics() {
      return List.of(part.metric(), whole.metric());
    }

    @Override
    public List<String> labels() {
      return by;
    }

    @Override
    public String promql() {
      return sum(part, by, part.promql()) + " / " + sum(whole, by, whole.promql() + " > 0");
    }

    @Override
    public List<Sample> values(Samples samples) {
      Map<List<String>, Double> parts = summed(part, by, samples.now(part));
      List<Reading> bounded =
          samples.now(whole).stream().filter(reading -> reading.value() > 0).toList();
      return summed(whole, by, bounded).entrySet().stream()
          .filter(entry -> parts.containsKey(entry.getKey()))
          .map(entry -> new Sample(
              entry.getKey(), parts.getOrDefault(entry.getKey(), 0.0) / entry.getValue()))
          .toList();
    }
  }

  /** 1 at a node that has the one gauge and lacks the other. Both have no labels. */
  record Missing(Series missing, Series present) implements Measure {
    public Missing {
      requireLabels(missing, List.of());
      requireLabels(present, List.of());
    }

    @Override
    public List<Metric> metrics() {
      return List.of(missing.metric(), present.metric());
    }

    @Override
    public List<String> labels() {
      return List.of();
    }

    @Override
    public String promql() {
      return "0 * (" + present.promql() + " unless on (cluster, job, instance) " + missing.promql()
          + ") + 1";
    }

    @Override
    public List<Sample> values(Samples samples) {
      boolean lacks = samples.now(missing).isEmpty() && !samples.now(present).isEmpty();
      return lacks ? List.of(new Sample(List.of(), 1)) : List.of();
    }
  }

  /** A quantile of a histogram within a window. Prometheus only: nodes keep no history of buckets. */
  record Quantile(Series histogram, double quantile, Duration window) implements Measure {
    public Quantile {
      require(histogram, Kind.HISTOGRAM);
    }

    @Override
    public List<Metric> metrics() {
      return List.of(histogram.metric());
    }

    @Override
    public List<String> labels() {
      return histogram.metric().labels();
    }

    @Override
    public boolean builtIn() {
      return false;
    }

    @Override
    public String promql() {
      return "histogram_quantile(%s, rate(%s[%s]))"
          .formatted(
              Promql.number(quantile),
              histogram.promql("_bucket", List.of()),
              Promql.duration(window));
    }

    @Override
    public List<Sample> values(Samples samples) {
      return List.of();
    }
  }

  /** The mean of a summary within a window. Prometheus only, as {@link Quantile}. */
  record Mean(Series summary, Duration window) implements Measure {
    @Override
    public List<Metric> metrics() {
      return List.of(summary.metric());
    }

    @Override
    public List<String> labels() {
      return summary.metric().labels();
    }

    @Override
    public boolean builtIn() {
      return false;
    }

    @Override
    public String promql() {
      String range = "[" + Promql.duration(window) + "]";
      return "rate(" + summary.promql("_sum", List.of()) + range + ") / rate("
          + summary.promql("_count", List.of()) + range + ")";
    }

    @Override
    public List<Sample> values(Samples samples) {
      return List.of();
    }
  }

  /** Whether a target of a job answers: 1 or 0. Prometheus only: who is down evaluates nothing. */
  record Answers(String jobs) implements Measure {
    @Override
    public List<Metric> metrics() {
      return List.of();
    }

    @Override
    public List<String> labels() {
      return List.of();
    }

    @Override
    public boolean builtIn() {
      return false;
    }

    @Override
    public String promql() {
      return "up{job=~\"" + jobs + "\"}";
    }

    @Override
    public List<Sample> values(Samples samples) {
      return List.of();
    }
  }

  private static void require(Series series, Kind kind) {
    if (series.metric().kind() != kind) {
      throw new IllegalArgumentException(
          series + ": a " + series.metric().kind() + " (expected: a " + kind + ")");
    }
  }

  private static List<String> requireLabels(Series series, List<String> by) {
    if (!series.metric().labels().containsAll(by)) {
      throw new IllegalArgumentException(
          series + ": by " + by + " (expected: of " + series.metric().labels() + ")");
    }
    return List.copyOf(by);
  }

  /** Labels that a user gave to targets stay: only the metric's own are summed over. */
  private static String sum(Series series, List<String> by, String expression) {
    List<String> without =
        series.metric().labels().stream().filter(label -> !by.contains(label)).toList();
    return without.isEmpty()
        ? expression
        : "sum without (" + String.join(", ", without) + ") (" + expression + ")";
  }

  private static Map<List<String>, Double> summed(
      Series series, List<String> by, List<Reading> readings) {
    return readings.stream()
        .collect(Collectors.toMap(
            reading -> group(series.metric(), by, reading),
            Reading::value,
            Double::sum,
            LinkedHashMap::new));
  }

  /** The values of these labels in a reading. */
  static List<String> group(Metric metric, List<String> by, Reading reading) {
    return by.stream()
        .map(label -> reading.labels().get(metric.labels().indexOf(label)))
        .toList();
  }

  private static List<Sample> samples(Map<List<String>, Double> values) {
    var samples = new ArrayList<Sample>();
    values.forEach((labels, value) -> samples.add(new Sample(labels, value)));
    return samples;
  }
}
