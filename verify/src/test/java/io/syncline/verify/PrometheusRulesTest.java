package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.monitor.dashboard.Dashboards;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says of rules and queries. Fails where there is no promtool. */
@Tag("prometheus")
class PrometheusRulesTest {
  @TempDir
  Path folder;

  @Test
  void rulesAreValidAndEachAlertFiresWhenItShould() throws IOException, InterruptedException {
    assertThat(run(List.of(Path.of("../ops/monitoring/check-rules").toString())))
        .contains("SUCCESS")
        .doesNotContain("FAILED");
  }

  @Test
  void queriesOfDashboardsAreValid() throws IOException, InterruptedException {
    String rules = Dashboards.ALL.stream()
        .flatMap(dashboard -> dashboard.panels())
        .flatMap(panel -> panel.queries().stream())
        .map(query -> query.expression().replace("$__rate_interval", "1m").replace("'", "''"))
        .distinct()
        .map(expression -> "      - record: panel:query\n        expr: '" + expression + "'\n")
        .collect(Collectors.joining("", "groups:\n  - name: panels\n    rules:\n", ""));
    Path file = Files.writeString(folder.resolve("panels.yml"), rules);

    assertThat(run(List.of("promtool", "check", "rules", "--lint=none", file.toString())))
        .contains("SUCCESS");
  }

  /** Its output; fails, with it, if the command does. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(command + ": " + output).isZero();
    return output;
  }
}
