package io.syncline.monitor.alert;

import io.syncline.monitor.metrics.MeterCounter;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a webhook of alerts that fire and are resolved, one notice after the other, on a thread of its
 * own. A notice that is not taken is sent again after longer and longer waits, and in the end given
 * up. What waits is kept once for each alert, as it is now: an alert that fires and is resolved
 * before it could be told is told as resolved.
 *
 * <p>A node tells of its own alerts only; several nodes may tell of the same trouble.
 */
public final class Webhook implements Consumer<Alert>, AutoCloseable {
  /** Alerts that wait. Of more than these, the oldest is given up. */
  static final int MAX_WAITING = 1_000;

  /** Alerts in one notice. */
  static final int MAX_TOGETHER = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;

  private final WebhookSettings settings;
  private final String node;
  private final RandomGenerator random;
  private final HttpClient http;
  private final MeterCounter delivered;
  private final MeterCounter retried;
  private final MeterCounter givenUp;
  private final Thread thread = new Thread(this::run, "syncline-webhook");
  private final Map<Alert.Id, Alert> waiting = new LinkedHashMap<>();

  /**
   * @param node as notices name it
   * @param meters count what becomes of notices
   * @param random spreads the attempts of several nodes
   */
  public Webhook(WebhookSettings settings, String node, Meters meters, RandomGenerator random) {
    this.settings = settings;
    this.node = node;
    this.random = random;
    this.http = HttpClient.newBuilder().connectTimeout(settings.timeout()).build();
    this.delivered = meters.counter(MetricCatalogue.ALERT_DELIVERIES, "delivered");
    this.retried = meters.counter(MetricCatalogue.ALERT_DELIVERIES, "retried");
    this.givenUp = meters.counter(MetricCatalogue.ALERT_DELIVERIES, "given_up");
    thread.setDaemon(true);
  }

  /** Begins to tell. */
  public void start() {
    thread.start();
  }

  /** Has the alert told. Never waits. */
  @Override
  public synchronized void accept(Alert alert) {
    waiting.put(alert.id(), alert);
    if (waiting.size() > MAX_WAITING) {
      Alert.Id oldest = waiting.keySet().iterator().next();
      waiting.remove(oldest);
      givenUp.increment();
      LOG.warn("alert given up, too many wait for the webhook: alert={}", oldest.rule());
    }
    notifyAll();
  }

  private void run() {
    try {
      while (true) {
        deliver(next());
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private synchronized Notice next() throws InterruptedException {
    while (waiting.isEmpty()) {
      wait();
    }
    List<Alert> together = waiting.values().stream().limit(MAX_TOGETHER).toList();
    together.forEach(alert -> waiting.remove(alert.id()));
    return new Notice(together);
  }

  private void deliver(Notice notice) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(settings.url())
        .timeout(settings.timeout())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(notice.json(node, settings.runbooks())))
        .build();
    Duration wait = settings.firstWait();
    for (int attempt = 1; ; attempt++) {
      Refusal refusal = send(request);
      if (refusal == null) {
        delivered.increment();
        return;
      }
      if (attempt == settings.attempts() || !refusal.retriable()) {
        givenUp.increment();
        LOG.warn(
            "webhook gave no answer that counts, notice given up: alerts={} attempts={} reason={};"
                + " see that its receiver runs and accepts Alertmanager's format",
            names(notice),
            attempt,
            refusal.reason());
        return;
      }
      retried.increment();
      LOG.debug("webhook is tried again: attempt={} reason={}", attempt, refusal.reason());
      pause(wait);
      wait = least(wait.multipliedBy(2), settings.longestWait());
    }
  }

  /** @param retriable whether the receiver may take later what it did not take now */
  private record Refusal(String reason, boolean retriable) {}

  private @Nullable Refusal send(HttpRequest request) throws InterruptedException {
    try {
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      if (status / 100 == 2) {
        return null;
      }
      boolean retriable =
          status / 100 == 5 || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
      return new Refusal("status " + status, retriable);
    } catch (IOException e) {
      return new Refusal(e.toString(), true);
    }
  }

  /** From half of the time to all of it, so that nodes do not come back all at once. */
  private synchronized void pause(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos() / 2 + random.nextLong(most.toNanos() / 2 + 1);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      wait(Math.max(1, Duration.ofNanos(left).toMillis()));
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static List<String> names(Notice notice) {
    return notice.alerts().stream().map(alert -> alert.rule().name()).toList();
  }

  /** Ends the delivery; what waits is not delivered. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
