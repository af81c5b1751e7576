package io.syncline.server.node;

import io.syncline.monitor.alert.Alert;
import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.alert.AlertEvaluator;
import io.syncline.monitor.alert.AlertRule;
import io.syncline.monitor.alert.Webhook;
import io.syncline.monitor.alert.WebhookSettings;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.proto.api.v1.AlertsResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates a node's alerts on a thread of its own, and tells a webhook, if there is one. */
final class Alerting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
  /** The most impatient rule waits for half a minute; a look costs milliseconds of a processor. */
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final List<String> DELIVERIES = List.of("delivered", "retried", "given_up");

  private static final Comparator<Alert> URGENT_FIRST = Comparator.<Alert, Boolean>comparing(
          alert -> alert.state() != Alert.State.FIRING)
      .thenComparing(alert -> alert.rule().severity())
      .thenComparing(Alert::since);

  private final String node;
  private final Clock clock = Clock.systemUTC();
  private final AlertEvaluator evaluator;
  private final @Nullable Webhook webhook;
  private final ScheduledExecutorService evaluations =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "syncline-alerts"));

  Alerting(Metric.Node kind, String node, Meters meters, Optional<WebhookSettings> told) {
    this.node = node;
    this.webhook = told.map(settings -> new Webhook(settings, node, meters, new SplittableRandom()))
        .orElse(null);
    this.evaluator =
        new AlertEvaluator(AlertCatalogue.ALL, kind, node, meters::read, clock, this::onAlert);
    meters.look(List.of(MetricCatalogue.ALERTS), this::count);
    // there from the start, so that whoever reads their rate does not miss the first
    DELIVERIES.forEach(
        result -> meters.counter(MetricCatalogue.ALERT_DELIVERIES, result).add(0));
  }

  void start() {
    if (webhook != null) {
      webhook.start();
    }
    // ends with the executor
    var unused = evaluations.scheduleWithFixedDelay(
        this::evaluate, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void evaluate() {
    try {
      evaluator.evaluate();
    } catch (RuntimeException e) {
      // a thread that ended here would end all alerts with it, and nobody would be told
      LOG.warn("alerts could not be evaluated and will be again: reason={}", e.toString());
    }
  }

  private void onAlert(Alert alert) {
    if (alert.state() == Alert.State.FIRING) {
      LOG.warn(
          "alert: name={} severity={} what={} todo={} see=docs/runbooks/{}",
          alert.rule().name(),
          alert.rule().severity(),
          alert.summary(),
          alert.rule().action(),
          alert.rule().runbook());
    } else {
      LOG.info("alert is over: name={} what={}", alert.rule().name(), alert.summary());
    }
    if (webhook != null) {
      webhook.accept(alert);
    }
  }

  private void count(Rows rows) {
    for (AlertRule.Severity severity : AlertRule.Severity.values()) {
      long firing = evaluator.firing().stream()
          .filter(alert -> alert.rule().severity() == severity)
          .count();
      rows.add(MetricCatalogue.ALERTS, firing, severity.toString());
    }
  }

  /** What fires or is about to, for whoever asks this node. Any thread. */
  AlertsResponse alerts() {
    var response = AlertsResponse.newBuilder().setNode(node).setEvaluated(true);
    evaluator.alerts().stream()
        .sorted(URGENT_FIRST)
        .forEach(alert -> response.addAlerts(of(alert)));
    return response.build();
  }

  private io.syncline.proto.api.v1.Alert of(Alert alert) {
    AlertRule rule = alert.rule();
    var proto = io.syncline.proto.api.v1.Alert.newBuilder()
        .setName(rule.name())
        .setSeverity(
            io.syncline.proto.api.v1.Alert.Severity.valueOf(rule.severity().name()))
        .setState(io.syncline.proto.api.v1.Alert.State.valueOf(alert.state().name()))
        .setValue(alert.value())
        .setSummary(alert.summary())
        .setExpected("not " + rule.direction() + " " + rule.threshold())
        .setHeldMs(Math.max(0, Duration.between(alert.since(), clock.instant()).toMillis()));
    List<String> names = rule.measure().labels();
    for (int i = 0; i < names.size(); i++) {
      proto.putLabels(names.get(i), alert.labels().get(i));
    }
    return proto.build();
  }

  @Override
  public void close() {
    evaluations.shutdownNow();
    if (webhook != null) {
      webhook.close();
    }
  }
}
