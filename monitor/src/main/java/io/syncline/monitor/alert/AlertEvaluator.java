package io.syncline.monitor.alert;

import io.syncline.monitor.alert.Alert.State;
import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.Series;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Evaluates rules at a node, for those who have no Prometheus. An alert is <em>pending</em> while its
 * rule is broken, <em>firing</em> once it has been for as long as the rule demands, and
 * <em>resolved</em> when it is broken no more, or has no value any more.
 *
 * <p>It has no thread: whoever owns it calls {@link #evaluate} every few seconds, from one thread at a
 * time. What is alerted may be read by any thread.
 */
public final class AlertEvaluator {
  /** Pending and firing ones; what comes beyond waits until others are over. */
  public static final int MAX_ALERTS = 1_000;

  private final List<AlertRule> rules;
  private final String node;
  private final Set<Metric> metrics;
  private final Function<Set<Metric>, Map<Metric, List<Reading>>> readings;
  private final InstantSource clock;
  private final Consumer<Alert> listener;
  private final Map<History, CounterHistory> histories = new HashMap<>();
  private final Map<Alert.Id, Alert> alerts = new LinkedHashMap<>();
  private volatile List<Alert> shown = List.of();
  private volatile int leftOut;
  private Instant now = Instant.EPOCH;
  private Duration setBack = Duration.ZERO;

  private record History(Series series, List<String> by, Duration window) {}

  /**
   * @param rules of them, those that can be evaluated at this kind of node
   * @param node is named in summaries
   * @param readings the values of gauges and counters now, such as {@code Meters::read}; asked once at
   *     each evaluation
   * @param listener is told, on the thread that evaluates, of each alert that begins to fire and of each
   *     that fired and is resolved
   */
  public AlertEvaluator(
      List<AlertRule> rules,
      Metric.Node kind,
      String node,
      Function<Set<Metric>, Map<Metric, List<Reading>>> readings,
      InstantSource clock,
      Consumer<Alert> listener) {
    this.rules = rules.stream()
        .filter(rule -> rule.builtIn() && rule.nodes().contains(kind))
        .toList();
    this.metrics = this.rules.stream()
        .flatMap(rule -> rule.measure().metrics().stream())
        .collect(Collectors.toUnmodifiableSet());
    this.node = node;
    this.readings = readings;
    this.clock = clock;
    this.listener = listener;
  }

  /** Looks at all metrics that rules are about, once. */
  public void evaluate() {
    now = time();
    var samples = new NodeSamples(now);
    var broken = new LinkedHashMap<Alert.Id, Alert>();
    for (AlertRule rule : rules) {
      for (Measure.Sample sample : rule.measure().values(samples)) {
        if (rule.isBroken(sample.value())) {
          var alert =
              new Alert(rule, node, sample.labels(), State.PENDING, sample.value(), now, now);
          broken.put(alert.id(), alert);
        }
      }
    }
    resolveAllBut(broken);
    leftOut = (int) broken.values().stream().filter(alert -> !advance(alert)).count();
    shown = List.copyOf(alerts.values());
  }

  /** Goes on where a clock is set back: how long something has been wrong must not be undone. */
  private Instant time() {
    Instant read = clock.instant().plus(setBack);
    if (read.isBefore(now)) {
      setBack = setBack.plus(Duration.between(read, now));
      return now;
    }
    return read;
  }

  private void resolveAllBut(Map<Alert.Id, Alert> broken) {
    var over = new ArrayList<Alert>();
    alerts.values().removeIf(alert -> !broken.containsKey(alert.id()) && over.add(alert));
    over.stream()
        .filter(alert -> alert.state() == State.FIRING)
        .forEach(alert -> listener.accept(alert.in(State.RESOLVED, now)));
  }

  /** Whether there was room for it. */
  private boolean advance(Alert found) {
    Alert known = alerts.get(found.id());
    if (known == null && alerts.size() >= MAX_ALERTS) {
      return false;
    }
    Alert alert = known == null ? found : known.withValue(found.value());
    boolean due = !alert.since().plus(alert.rule().holds()).isAfter(now);
    boolean fires = alert.state() == State.PENDING && due;
    Alert after = fires ? alert.in(State.FIRING, now) : alert;
    alerts.put(after.id(), after);
    if (fires) {
      listener.accept(after);
    }
    return true;
  }

  /** Pending and firing ones, as of the last evaluation, oldest first. */
  public List<Alert> alerts() {
    return shown;
  }

  /** Firing ones, as of the last evaluation. */
  public List<Alert> firing() {
    return shown.stream().filter(alert -> alert.state() == State.FIRING).toList();
  }

  /** How many more there were at the last evaluation than are kept. */
  public int leftOut() {
    return leftOut;
  }

  /** Metrics at one evaluation, all of one moment. */
  private final class NodeSamples implements Measure.Samples {
    private final Instant when;
    private final Map<Metric, List<Reading>> read = readings.apply(metrics);
    private final Map<History, Map<List<String>, Double>> increases = new HashMap<>();

    NodeSamples(Instant when) {
      this.when = when;
    }

    @Override
    public List<Reading> now(Series series) {
      return read.getOrDefault(series.metric(), List.of()).stream()
          .filter(series::includes)
          .toList();
    }

    @Override
    public Map<List<String>, Double> increase(Series series, List<String> by, Duration window) {
      return increases.computeIfAbsent(
          new History(series, by, window),
          history -> histories
              .computeIfAbsent(history, fresh -> new CounterHistory(series, by, window))
              .note(when, now(series)));
    }
  }
}
