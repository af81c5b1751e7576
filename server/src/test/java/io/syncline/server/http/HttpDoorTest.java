package io.syncline.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.syncline.model.Endpoint;
import io.syncline.monitor.Readiness;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.server.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the HTTP door answers, over real connections. */
class HttpDoorTest {
  private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Meters meters = new Meters();
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean faulted = new AtomicBoolean();
  private final CountDownLatch slow = new CountDownLatch(1);
  private final AtomicInteger slowly = new AtomicInteger();
  private HttpDoor door;

  @BeforeEach
  void open() throws IOException {
    var routes = new ArrayList<HttpRoute>();
    routes.add(MetricsRoute.of(meters));
    routes.addAll(HealthRoutes.of(readiness, faulted::get));
    routes.add(new HttpRoute("/slow", false, this::answerSlowly));
    routes.add(new HttpRoute("/broken", true, head -> {
      throw new IllegalStateException("secret");
    }));
    door = HttpDoor.open(ANY_PORT, routes);
  }

  private HttpAnswer answerSlowly(HttpRequestHead head) {
    slowly.incrementAndGet();
    try {
      slow.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return HttpAnswer.json(200, "{}");
  }

  @AfterEach
  void close() {
    slow.countDown();
    door.close();
    meters.close();
  }

  @Test
  void metricsAreTextUnlessOpenMetricsIsAskedFor() throws Exception {
    meters.counter(MetricCatalogue.WRITES, "put").increment();

    HttpResponse<String> text = get("/metrics?name=x");
    HttpResponse<String> open = send(request("/metrics")
        .header("Accept", "application/openmetrics-text; version=1.0.0,text/plain;q=0.5"));

    assertThat(text.statusCode()).isEqualTo(200);
    assertThat(type(text)).isEqualTo(Meters.TEXT);
    assertThat(text.body()).contains("syncline_writes_total{kind=\"put\"} 1.0\n");
    assertThat(type(open)).isEqualTo(Meters.OPEN_METRICS);
    assertThat(open.body()).endsWith("# EOF\n");
  }

  @Test
  void readinessIsToldWithItsReasons() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}\n");

    readiness.hinder("lag", "the copy is \"old\"\nvery");
    HttpResponse<String> hindered = get("/health/ready");

    assertThat(hindered.statusCode()).isEqualTo(503);
    assertThat(type(hindered)).isEqualTo("application/json");
    assertThat(hindered.body())
        .isEqualTo("{\"ready\":false,\"reasons\":[\"the copy is \\\"old\\\"\\u000avery\"]}\n");
  }

  @Test
  void aNodeLivesUntilAFault() throws Exception {
    readiness.hinder("leader", "no leader is known");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);

    faulted.set(true);
    HttpResponse<String> dead = get("/health/live");

    assertThat(dead.statusCode()).isEqualTo(503);
    assertThat(dead.body()).isEqualTo("{\"live\":false,\"reasons\":[\"no leader is known\"]}\n");
  }

  @Test
  void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
    HttpResponse<String> head =
        send(request("/health/live").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("content-length"))
        .hasValue(get("/health/live").body().length());
    assertThat(head.body()).isEmpty();
  }

  @Test
  void whatIsNotThereSaysWhatIs() throws Exception {
    HttpResponse<String> missing = get("/nothing");

    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body())
        .isEqualTo("{\"error\":\"\\\"/nothing\\\": not found (expected: /metrics, /health/live,"
            + " /health/ready, /slow, /broken)\"}\n");
  }

  @Test
  void nothingIsWritten() throws Exception {
    HttpResponse<String> posted =
        send(request("/metrics").method("DELETE", HttpRequest.BodyPublishers.noBody()));

    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(posted.body()).contains("expected: GET or HEAD");
  }

  @Test
  void aBodyIsRefused() throws Exception {
    assertThat(exchange(
            "POST /metrics HTTP/1.1\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void garbageIsRefusedAndEndsTheConnection() throws Exception {
    assertThat(exchange("this is not HTTP at all\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("\"error\":\"not a request: ");
    assertThat(exchange("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("\"error\":\"not a path: ");
  }

  @Test
  void whatIsTooLongIsRefused() throws Exception {
    String long1 = "x".repeat(HttpDoor.MAX_LINE_BYTES);
    String long2 = "x".repeat(HttpDoor.MAX_HEADER_BYTES);

    assertThat(exchange("GET /" + long1 + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 431 ");
    assertThat(exchange("GET / HTTP/1.1\r\nx: " + long2 + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void requestsSentAtOnceAreAnsweredInTheirOrder() throws Exception {
    String answers = exchange(Stream.of("/metrics", "/health/live", "/nothing")
        .map(path -> "GET " + path + " HTTP/1.1\r\nHost: x\r\n"
            + (path.equals("/nothing") ? "Connection: close\r\n\r\n" : "\r\n"))
        .collect(Collectors.joining()));

    assertThat(answers).containsSubsequence("jvm_", "{\"live\":true}", "\"/nothing");
  }

  @Test
  void anErrorOfOursIsNotShownToOthers() throws Exception {
    HttpResponse<String> broken = get("/broken");

    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).doesNotContain("secret");
  }

  @Test
  void whoeverComesWhileTwoAreAnsweredSlowlyIsToldToComeBackAndHealthIsToldStill()
      throws Exception {
    List<CompletableFuture<HttpResponse<String>>> first = List.of(begin("/slow"), begin("/slow"));
    await().atMost(LocalCluster.PATIENCE).until(() -> slowly.get() == 2);

    HttpResponse<String> third = get("/slow");

    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(third.headers().firstValue("retry-after")).hasValue("1");
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    slow.countDown();
    assertThat(first)
        .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  @Test
  void connectionsAreBounded() throws Exception {
    var held = new ArrayList<Socket>();
    try {
      for (int i = 0; i < HttpDoor.MAX_CONNECTIONS; i++) {
        held.add(new Socket(InetAddress.getLoopbackAddress(), door.port()));
      }
      await()
          .atMost(LocalCluster.PATIENCE)
          .until(() -> exchange("GET /health/live HTTP/1.0\r\n\r\n").isEmpty());
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
    await()
        .atMost(LocalCluster.PATIENCE)
        .until(() -> exchange("GET /health/live HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 "));
  }

  @Test
  void anAddressInUseIsTold() {
    assertThatThrownBy(() ->
            HttpDoor.open(new Endpoint("127.0.0.1", door.port()), List.of()).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> begin(String path) {
    return client.sendAsync(request(path).build(), BodyHandlers.ofString());
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("content-type").orElse("");
  }

  /** Sends bytes as they are, and returns all that comes until the door ends the connection. */
  private String exchange(String sent) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      socket.setSoTimeout((int) LocalCluster.PATIENCE.toMillis());
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (java.net.SocketException e) {
      return "";
    }
  }
}
