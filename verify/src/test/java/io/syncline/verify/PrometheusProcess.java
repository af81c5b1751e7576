package io.syncline.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.model.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A real Prometheus that scrapes nodes each second, with all its files in one folder. */
final class PrometheusProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Endpoint address = ProcessCluster.freeEndpoint();
  private final Process process;

  private PrometheusProcess(Path folder, Path configuration) throws IOException {
    process = new ProcessBuilder(
            "prometheus",
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=" + address,
            "--log.level=warn")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  /**
   * Starts it, and returns when it answers.
   *
   * @param nodes by job, where each serves its metrics
   * @param rules files of rules it evaluates each second
   */
  static PrometheusProcess started(Path folder, Map<String, List<Endpoint>> nodes, List<Path> rules)
      throws IOException {
    Files.createDirectories(folder);
    Path configuration =
        Files.writeString(folder.resolve("prometheus.yml"), configuration(nodes, rules));
    var prometheus = new PrometheusProcess(folder, configuration);
    try {
      Awaitility.await("Prometheus answers")
          .atMost(ProcessCluster.PATIENCE)
          .ignoreExceptions()
          .until(() -> prometheus.get("/-/ready").statusCode() == 200);
      return prometheus;
    } catch (RuntimeException | Error e) {
      prometheus.close();
      throw e;
    }
  }

  private static String configuration(Map<String, List<Endpoint>> nodes, List<Path> rules) {
    var text = new StringBuilder("""
        global:
          scrape_interval: 1s
          scrape_timeout: 1s
          evaluation_interval: 1s
        rule_files: [%s]
        scrape_configs:
        """.formatted(
            rules.stream().map(rule -> "'" + rule + "'").collect(Collectors.joining(", "))));
    nodes.forEach((job, endpoints) -> text.append("""
          - job_name: %s
            static_configs:
              - targets: [%s]
                labels: {cluster: test}
        """.formatted(
            job,
            endpoints.stream()
                .map(endpoint -> "'" + endpoint + "'")
                .collect(Collectors.joining(", ")))));
    return text.toString();
  }

  /** Where it answers queries. */
  String url() {
    return "http://" + address;
  }

  /** The series of an expression now. */
  JsonNode query(String expression) {
    return result("/api/v1/query?query=" + encoded(expression));
  }

  /** The largest value of an expression now; NaN without one. */
  double value(String expression) {
    double largest = Double.NaN;
    for (JsonNode series : query(expression)) {
      double value = Double.parseDouble(series.get("value").get(1).asText());
      largest = Double.isNaN(largest) ? value : Math.max(largest, value);
    }
    return largest;
  }

  /** The series of an expression, second by second. */
  JsonNode range(String expression, Instant from, Instant to) {
    return result("/api/v1/query_range?query=" + encoded(expression) + "&start="
        + from.getEpochSecond() + "&end=" + to.getEpochSecond() + "&step="
        + Math.max(1, Duration.between(from, to).toSeconds() / 1000));
  }

  private JsonNode result(String path) {
    var response = get(path);
    try {
      JsonNode body = JSON.readTree(response.body());
      if (!body.path("status").asText().equals("success")) {
        throw new IllegalStateException(path + ": " + response.body());
      }
      return body.get("data").get("result");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private java.net.http.HttpResponse<String> get(String path) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create(url() + path)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
