package io.syncline.ops.monitoring;

import io.syncline.ops.output.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks a Prometheus. */
public final class PrometheusApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int OK = 200;

  private final URI server;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  public PrometheusApi(URI server) {
    this.server = server;
  }

  /**
   * The values of an expression. Those that are no numbers are left out.
   *
   * @throws IOException if Prometheus does not answer, or refuses the expression
   */
  List<Line> range(String expression, TimeRange range) throws IOException, InterruptedException {
    String form = "query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)
        + "&start=" + range.from().getEpochSecond()
        + "&end=" + range.to().getEpochSecond()
        + "&step=" + range.step().toSeconds();
    String path = server.getPath() == null ? "" : server.getPath().replaceFirst("/$", "");
    HttpRequest request = HttpRequest.newBuilder(server.resolve(path + "/api/v1/query_range"))
        .timeout(TIMEOUT)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form))
        .build();
    HttpResponse<String> response = send(request);
    if (response.statusCode() != OK) {
      throw new IOException("Prometheus at " + server + " refuses \"" + expression + "\": status "
          + response.statusCode() + ", " + response.body().strip());
    }
    return lines(Json.object(response.body()));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException("Prometheus at " + server + " does not answer: " + e, e);
    }
  }

  private static List<Line> lines(Map<String, Object> answer) {
    var lines = new ArrayList<Line>();
    if (answer.get("data") instanceof Map<?, ?> data && data.get("result") instanceof List<?> all) {
      for (Object one : all) {
        lines.add(line((Map<?, ?>) one));
      }
    }
    return lines;
  }

  private static Line line(Map<?, ?> series) {
    var labels = new LinkedHashMap<String, String>();
    if (series.get("metric") instanceof Map<?, ?> metric) {
      metric.forEach((label, value) -> labels.put(String.valueOf(label), String.valueOf(value)));
    }
    var points = new ArrayList<Line.Point>();
    if (series.get("values") instanceof List<?> values) {
      for (Object value : values) {
        List<?> pair = (List<?>) value;
        double number = number(String.valueOf(pair.get(1)));
        if (Double.isFinite(number)) {
          points.add(new Line.Point(((Number) pair.get(0)).doubleValue(), number));
        }
      }
    }
    return new Line(labels, points);
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf", "-Inf", "NaN" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }
}
