package io.syncline.ops.monitoring;

import io.syncline.monitor.alert.PrometheusRules;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.monitor.dashboard.Grafana;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What Prometheus and Grafana need to look at Syncline: generated files, and ones written by hand. */
public final class MonitoringFiles {
  /** Where runbooks are within a checkout, and so the links to them until told otherwise. */
  public static final String RUNBOOKS = "docs/runbooks/";

  /** Those written by hand; resources of this module. */
  static final List<String> WRITTEN_BY_HAND = List.of(
      "Dockerfile",
      "check-rules",
      "compose.yml",
      "grafana/provisioning/dashboards/syncline.yml",
      "grafana/provisioning/datasources/prometheus.yml",
      "prometheus/prometheus.yml",
      "prometheus/syncline-alerts-test.yml",
      "prometheus/targets/followers.yml",
      "prometheus/targets/voters.yml");

  private MonitoringFiles() {}

  /**
   * Texts by path.
   *
   * @param runbooks how links to runbooks begin, with a slash at the end
   */
  static SortedMap<String, String> generated(String runbooks) {
    var files = new TreeMap<String, String>();
    files.put("prometheus/syncline-alerts.yml", PrometheusRules.yaml(runbooks));
    Dashboards.ALL.forEach(dashboard -> files.put(
        "grafana/dashboards/" + dashboard.uid() + ".json", Grafana.json(dashboard, runbooks)));
    return files;
  }

  /** Writes all files, over those that are there and differ; returns their paths. */
  public static List<String> writeTo(Path folder, String runbooks) throws IOException {
    SortedMap<String, String> files = generated(runbooks);
    // the rules' tests compare the links as well
    WRITTEN_BY_HAND.forEach(path -> files.put(path, resource(path).replace(RUNBOOKS, runbooks)));
    for (var file : files.entrySet()) {
      write(folder.resolve(file.getKey()), file.getValue());
    }
    return List.copyOf(files.keySet());
  }

  /** A file that is so already keeps its time: nothing that is made of it need be made again. */
  private static void write(Path path, String text) throws IOException {
    if (!Files.exists(path) || !Files.readString(path).equals(text)) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, text);
    }
    if (text.startsWith("#!") && !path.toFile().setExecutable(true)) {
      throw new IOException(path + ": cannot be made executable");
    }
  }

  private static String resource(String path) {
    try (InputStream in = MonitoringFiles.class.getResourceAsStream("/monitoring/" + path)) {
      if (in == null) {
        throw new IllegalStateException("resource /monitoring/" + path + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
