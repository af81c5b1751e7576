package io.syncline.ops.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.monitor.dashboard.Dashboard;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.monitor.dashboard.PanelUnit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as Prometheus does: with one series, or with none. */
class ReportTest {
  private static final Instant END = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration SCRAPES = Duration.ofSeconds(15);
  private static final TimeRange RANGE = TimeRange.until(END, Duration.ofMinutes(15), SCRAPES);

  static {
    // else each answer waits 40 ms for an acknowledgement
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final HttpServer server;
  private String series = "";

  ReportTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext("/prom/api/v1/query_range", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(URLDecoder.decode(form, StandardCharsets.UTF_8));
    byte[] body = ("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
            + series + "]}}")
        .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Report report() {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prom");
    return new Report(new PrometheusApi(url), RANGE, SCRAPES, ZoneOffset.UTC);
  }

  private static String series(String labels, double... values) {
    var text = new StringBuilder("{\"metric\":{" + labels + "},\"values\":[");
    for (int i = 0; i < values.length; i++) {
      long when = END.getEpochSecond() - (values.length - 1L - i) * SCRAPES.toSeconds();
      text.append(i == 0 ? "" : ",")
          .append("[")
          .append(when)
          .append(",\"")
          .append(values[i])
          .append("\"]");
    }
    return text.append("]}").toString();
  }

  @Test
  void panelsWithoutDataSayThatTheyHaveNone() throws Exception {
    Report report = report();
    String html = report.html(Dashboards.ALL);

    long panels = Dashboards.ALL.stream().flatMap(Dashboard::panels).count();
    assertThat(html.split("no data", -1)).hasSize((int) panels + 1);
    assertThat(report.asked())
        .hasSize((int) panels)
        .allSatisfy(panel -> assertThat((List<?>) panel.get("queries"))
            .isNotEmpty()
            .allSatisfy(query -> assertThat(String.valueOf(query)).contains("series=0, points=0")));
  }

  @Test
  void everyPanelIsDrawnWithWhatPrometheusAnswers() throws Exception {
    series = series(
        "\"instance\":\"v1:7600\",\"job\":\"syncline\",\"le\":\"0.5\",\"follower\":\"edge<1>\"",
        1,
        2,
        3);

    String html = report().html(Dashboards.ALL);

    assertThat(html)
        .doesNotContain("no data")
        .doesNotContain("NaN")
        .doesNotContain("Infinity")
        .doesNotContain("edge<1>")
        .contains("edge&lt;1&gt;")
        .contains("Syncline: cluster");
  }

  @Test
  void variablesAreReplacedByTheTargetsThatTheDashboardIsAbout() throws Exception {
    series = series("\"instance\":\"10.0.0.1:7600\",\"job\":\"syncline-voters\"", 1);

    report().html(List.of(Dashboards.ALL.get(0)));

    assertThat(asked)
        .noneMatch(query -> query.contains("$"))
        .anyMatch(query -> query.contains(
            "rate(syncline_sync_retries_total{cluster=~\".*\", job=~\"syncline-voters\","
                + " instance=~\"10[.]0[.]0[.]1:7600\"}[60s])"));
  }

  @Test
  void thePageNeedsNothingElse() throws Exception {
    series = series("\"instance\":\"v1\"", 1, 2);

    assertThat(report().html(Dashboards.ALL))
        .doesNotContain("http://")
        .doesNotContain("https://")
        .doesNotContain("<script")
        .doesNotContain("<link");
  }

  @Test
  void whatPrometheusRefusesIsToldWithItsWords() {
    server.removeContext("/prom/api/v1/query_range");
    assertThatThrownBy(() -> report().html(Dashboards.ALL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refuses")
        .hasMessageContaining("status 404");
  }

  @Test
  void valuesAreShownInTheirUnits() {
    assertThat(UnitText.of(PanelUnit.SECONDS, 0.0042)).isEqualTo("4.2 ms");
    assertThat(UnitText.of(PanelUnit.SECONDS, 300)).isEqualTo("5 min");
    assertThat(UnitText.of(PanelUnit.BYTES, 1536)).isEqualTo("1.5 KiB");
    assertThat(UnitText.of(PanelUnit.SHARE, 0.955)).isEqualTo("95.5%");
    assertThat(UnitText.of(PanelUnit.COUNT, 1200)).isEqualTo("1.2k");
    assertThat(UnitText.of(PanelUnit.COUNT, 100)).isEqualTo("100");
  }
}
