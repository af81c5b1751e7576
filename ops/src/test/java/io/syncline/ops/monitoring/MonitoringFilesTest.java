package io.syncline.ops.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.alert.AlertRule;
import io.syncline.monitor.reference.MetricsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is checked in is what the code writes. */
class MonitoringFilesTest {
  private static final Path FOLDER = Path.of("monitoring");
  private static final String WRITE_ANEW =
      "write it anew: bin/syncline monitoring export --dir ops/monitoring --reference docs/METRICS.md";

  @TempDir
  Path empty;

  @Test
  void whatIsCheckedInIsWhatTheCodeWrites() throws IOException {
    for (var file : MonitoringFiles.generated(MonitoringFiles.RUNBOOKS).entrySet()) {
      assertThat(Files.readString(FOLDER.resolve(file.getKey())))
          .as(file.getKey() + ": " + WRITE_ANEW)
          .isEqualTo(file.getValue());
    }
    assertThat(Files.readString(Path.of("../docs/METRICS.md")))
        .as("docs/METRICS.md: " + WRITE_ANEW)
        .isEqualTo(MetricsReference.markdown());
  }

  @Test
  void theFolderHasNoOtherFiles() throws IOException {
    var expected = new HashSet<>(MonitoringFiles.WRITTEN_BY_HAND);
    expected.addAll(MonitoringFiles.generated("").keySet());
    try (Stream<Path> files = Files.walk(FOLDER)) {
      assertThat(files
              .filter(Files::isRegularFile)
              .map(file -> FOLDER.relativize(file).toString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void anExportIsAsTheFolderAndAnotherChangesNothing() throws IOException {
    List<String> written = MonitoringFiles.writeTo(empty, MonitoringFiles.RUNBOOKS);

    for (String path : written) {
      assertThat(empty.resolve(path)).hasSameTextualContentAs(FOLDER.resolve(path));
    }
    assertThat(empty.resolve("check-rules")).isExecutable();
    Path rules = empty.resolve("prometheus/syncline-alerts.yml");
    var before = Files.getLastModifiedTime(rules);
    MonitoringFiles.writeTo(empty, MonitoringFiles.RUNBOOKS);
    assertThat(Files.getLastModifiedTime(rules)).isEqualTo(before);
  }

  @Test
  void linksToRunbooksLeadWhereTheyAreTold() throws IOException {
    List<String> written = MonitoringFiles.writeTo(empty, "https://wiki.example.org/");

    for (String path : written) {
      assertThat(empty.resolve(path)).content().doesNotContain(MonitoringFiles.RUNBOOKS);
    }
    for (String path : MonitoringFiles.generated("").keySet()) {
      assertThat(empty.resolve(path)).content().containsPattern("https://wiki.example.org/\\w+.md");
    }
  }

  @Test
  void yamlIsReadable() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yml")).toList()) {
        assertThat(yaml(file)).as(file.toString()).isNotNull();
      }
    }
  }

  @Test
  void composeBringsUpWhatPrometheusScrapes() throws IOException {
    Map<?, ?> services = map(map(yaml(FOLDER.resolve("compose.yml"))).get("services"));
    var scraped = new ArrayList<String>();
    for (String targets : List.of("voters", "followers")) {
      List<?> groups = list(yaml(FOLDER.resolve("prometheus/targets/" + targets + ".yml")));
      for (Object target : list(map(groups.get(0)).get("targets"))) {
        scraped.add(String.valueOf(target).replaceFirst(":.*", ""));
      }
    }

    assertThat(services.keySet().stream().map(String::valueOf))
        .containsAll(scraped)
        .contains("prometheus", "grafana")
        .hasSize(scraped.size() + 2);
  }

  @Test
  void everyAlertIsTested() throws IOException {
    String tests = Files.readString(FOLDER.resolve("prometheus/syncline-alerts-test.yml"));

    assertThat(AlertCatalogue.ALL)
        .extracting(AlertRule::name)
        .allMatch(name -> tests.contains("alertname=\"" + name + "\""));
  }

  private static Object yaml(Path file) throws IOException {
    return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static Map<?, ?> map(@Nullable Object object) {
    return (Map<?, ?>) Objects.requireNonNull(object);
  }

  private static List<?> list(@Nullable Object object) {
    return (List<?>) Objects.requireNonNull(object);
  }
}
