package io.syncline.monitor.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.monitor.alert.Alert.State;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a receiver that answers as it is told, by turns, and then takes everything. */
class WebhookTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final CountDownLatch silence = new CountDownLatch(1);
  private final Meters meters = new Meters();
  private HttpServer receiver;
  private Webhook webhook;

  WebhookTest() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhook = webhook(3, Duration.ofSeconds(5));
  }

  private Webhook webhook(int attempts, Duration timeout) {
    return new Webhook(
        new WebhookSettings(
            URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"),
            "https://docs.example.org/runbooks/",
            timeout,
            attempts,
            Duration.ofMillis(1),
            Duration.ofMillis(2)),
        "v1",
        meters,
        new Random(1));
  }

  @BeforeEach
  void start() {
    receiver.createContext("/hook", this::answer);
    receiver.start();
  }

  @AfterEach
  void stop() {
    silence.countDown();
    webhook.close();
    receiver.stop(0);
    meters.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Integer status = answers.poll();
    if (status != null && status == 0) {
      try {
        silence.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    received.add(body);
    exchange.sendResponseHeaders(status == null || status == 0 ? 200 : status, -1);
    exchange.close();
  }

  private static Alert alert(State state, String follower) {
    return new Alert(
        AlertCatalogue.SYNC_LAG_HIGH,
        "v1",
        List.of(follower, "default"),
        state,
        90,
        SINCE,
        SINCE.plusSeconds(60));
  }

  private Map<String, Double> deliveries() {
    return meters.read(MetricCatalogue.ALERT_DELIVERIES).stream()
        .collect(Collectors.toMap(reading -> reading.labels().get(0), Reading::value));
  }

  private void awaitDeliveries(double delivered, double retried, double givenUp) {
    await()
        .untilAsserted(() -> assertThat(deliveries())
            .isEqualTo(Map.of("delivered", delivered, "retried", retried, "given_up", givenUp)));
  }

  @Test
  void aNoticeHasTheFormOfAlertmanager() {
    webhook.accept(alert(State.FIRING, "f1"));
    webhook.start();
    awaitDeliveries(1, 0, 0);

    assertThat(received)
        .first()
        .asString()
        .startsWith("{\"version\":\"4\",\"groupKey\":\"syncline:v1\"")
        .contains("\"status\":\"firing\",\"receiver\":\"syncline\"")
        .contains("{\"status\":\"firing\",\"labels\":{\"alertname\":\"SyncLagHigh\","
            + "\"follower\":\"f1\",\"instance\":\"v1\",\"namespace\":\"default\","
            + "\"severity\":\"warning\"}")
        .contains("\"runbook_url\":\"https://docs.example.org/runbooks/SyncLagHigh.md\"")
        .contains("\"summary\":\"Follower f1 is 1m 30s behind in namespace default.\"")
        .contains("\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"0001-01-01T00:00:00Z\"");
  }

  @Test
  void aReceiverThatFailsFirstGetsTheNoticeInTheEnd() {
    answers.addAll(List.of(500, 429));
    webhook.accept(alert(State.FIRING, "f1"));
    webhook.start();

    awaitDeliveries(1, 2, 0);
    assertThat(received).hasSize(3).containsOnly(received.element());
  }

  @Test
  void aReceiverThatIsSilentIsNotWaitedForForEver() {
    webhook = webhook(3, Duration.ofMillis(100));
    answers.add(0);
    webhook.accept(alert(State.FIRING, "f1"));
    webhook.start();

    await()
        .untilAsserted(
            () -> assertThat(deliveries().getOrDefault("retried", 0.0)).isPositive());
  }

  @Test
  void aNoticeIsGivenUpAfterItsAttemptsAndTheNextIsSent() {
    answers.addAll(List.of(503, 503, 503));
    webhook.accept(alert(State.FIRING, "f1"));
    webhook.start();
    awaitDeliveries(0, 2, 1);

    webhook.accept(alert(State.FIRING, "f2"));
    awaitDeliveries(1, 2, 1);
  }

  @Test
  void aRequestThatTheReceiverCallsWrongIsNotRepeated() {
    answers.add(400);
    webhook.accept(alert(State.FIRING, "f1"));
    webhook.start();

    awaitDeliveries(0, 0, 1);
  }

  @Test
  void whatWaitsIsToldOnceAsItIsNow() {
    webhook.accept(alert(State.FIRING, "f1"));
    webhook.accept(alert(State.FIRING, "f2"));
    webhook.accept(alert(State.RESOLVED, "f1"));
    webhook.start();
    awaitDeliveries(1, 0, 0);

    assertThat(received.element().split("\"alertname\"", -1)).hasSize(3);
    assertThat(received.element())
        .contains(
            "{\"status\":\"firing\",\"labels\":{\"alertname\":\"SyncLagHigh\",\"follower\":\"f2\"")
        .contains(
            "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"SyncLagHigh\",\"follower\":\"f1\"")
        .contains("\"endsAt\":\"2026-01-01T00:01:00Z\"");
  }

  @Test
  void whatWaitsIsBounded() {
    for (int i = 0; i < Webhook.MAX_WAITING + 2; i++) {
      webhook.accept(alert(State.FIRING, "f" + i));
    }
    assertThat(deliveries()).containsEntry("given_up", 2.0);

    webhook.start();
    awaitDeliveries(Webhook.MAX_WAITING / (double) Webhook.MAX_TOGETHER, 0, 2);
    assertThat(received.element()).contains("\"follower\":\"f2\"").doesNotContain("\"f1\"");
  }

  @Test
  void anAddressThatIsNoUrlIsRefused() {
    assertThatThrownBy(() -> WebhookSettings.of(URI.create("alerts.example.org:9093"), ""))
        .hasMessage("webhook: alerts.example.org:9093"
            + " (expected: a URL such as https://alerts.example.org/hook)");
  }
}
