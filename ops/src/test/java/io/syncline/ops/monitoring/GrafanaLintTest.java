package io.syncline.ops.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of Grafana's public dashboard linter (github.com/grafana/dashboard-linter), each by its
 * name there, on the checked-in dashboards. That queries are valid PromQL (target-promql-rule) is for
 * Prometheus' own parser to say: {@code PrometheusRulesTest}.
 */
class GrafanaLintTest {
  private static final String DATA_SOURCE = "${datasource}";
  private static final Set<String> UNITS =
      Set.of("short", "cps", "s", "bytes", "Bps", "percentunit");
  private static final Pattern SELECTOR = Pattern.compile("[a-z_]+\\{[^}]*\\}");

  static Stream<JsonNode> dashboards() throws IOException {
    var dashboards = new java.util.ArrayList<JsonNode>();
    try (Stream<Path> files = Files.list(Path.of("monitoring/grafana/dashboards"))) {
      for (Path file : files.sorted().toList()) {
        dashboards.add(new ObjectMapper().readTree(Files.readString(file)));
      }
    }
    assertThat(dashboards).hasSize(3);
    return dashboards.stream();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static List<JsonNode> panels(JsonNode dashboard) {
    return stream(dashboard.get("panels"))
        .filter(panel -> !panel.get("type").asText().equals("row"))
        .toList();
  }

  private static List<String> expressions(JsonNode dashboard) {
    return panels(dashboard).stream()
        .flatMap(panel -> stream(panel.get("targets")))
        .map(target -> target.get("expr").asText())
        .toList();
  }

  private static List<JsonNode> variables(JsonNode dashboard) {
    return stream(dashboard.get("templating").get("list")).toList();
  }

  private static JsonNode variable(JsonNode dashboard, String name) {
    return variables(dashboard).stream()
        .filter(variable -> variable.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no variable " + name));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void templateDatasourceRule(JsonNode dashboard) {
    JsonNode variable = variable(dashboard, "datasource");

    assertThat(variable.get("type").asText()).isEqualTo("datasource");
    assertThat(variable.get("query").asText()).isEqualTo("prometheus");
    assertThat(variable.get("label").asText()).isEqualTo("Data source");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void templateJobRuleAndTemplateInstanceRule(JsonNode dashboard) {
    for (String name : List.of("job", "instance")) {
      JsonNode variable = variable(dashboard, name);
      assertThat(variable.get("datasource").get("uid").asText()).isEqualTo(DATA_SOURCE);
      assertThat(variable.get("type").asText()).isEqualTo("query");
      assertThat(variable.get("label").asText().toLowerCase(java.util.Locale.ROOT))
          .isEqualTo(name);
      assertThat(variable.get("multi").asBoolean()).isTrue();
      assertThat(variable.get("allValue").asText()).isEqualTo(".+");
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void templateLabelPromqlRule(JsonNode dashboard) {
    assertThat(variables(dashboard))
        .filteredOn(variable -> variable.get("type").asText().equals("query"))
        .allSatisfy(variable -> assertThat(variable.get("query").asText())
            .matches("label_values\\(syncline_[a-z_]+(\\{[^}]*\\})?, [a-z]+\\)"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void templateOnTimeChangeReloadRule(JsonNode dashboard) {
    assertThat(variables(dashboard))
        .filteredOn(variable -> variable.get("type").asText().equals("query"))
        .allMatch(variable -> variable.get("refresh").asInt() == 2);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelDatasourceRule(JsonNode dashboard) {
    assertThat(panels(dashboard))
        .allMatch(panel -> panel.get("datasource").get("uid").asText().equals(DATA_SOURCE));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelTitleDescriptionRule(JsonNode dashboard) {
    assertThat(panels(dashboard))
        .noneMatch(panel -> panel.get("title").asText().isEmpty()
            || panel.get("description").asText().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelUnitsRule(JsonNode dashboard) {
    assertThat(panels(dashboard))
        .extracting(panel -> panel.at("/fieldConfig/defaults/unit").asText())
        .isSubsetOf(UNITS);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelNoTargetsRule(JsonNode dashboard) {
    assertThat(panels(dashboard)).noneMatch(panel -> panel.get("targets").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetRateIntervalRule(JsonNode dashboard) {
    assertThat(expressions(dashboard))
        .allMatch(expression -> !expression.replace("[$__rate_interval]", "").contains("["));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetJobRuleAndTargetInstanceRule(JsonNode dashboard) {
    for (String expression : expressions(dashboard)) {
      assertThat(SELECTOR.matcher(expression).results().map(match -> match.group()))
          .isNotEmpty()
          .allMatch(selector ->
              selector.contains("job=~\"$job\"") && selector.contains("instance=~\"$instance\""));
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetCounterAggRule(JsonNode dashboard) {
    for (String expression : expressions(dashboard)) {
      assertThat(
              expression.replaceAll("\\b(rate|irate|increase)\\([a-z_]+_total\\{[^}]*\\}\\[", ""))
          .doesNotContainPattern("_total\\b");
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void uneditableDashboard(JsonNode dashboard) {
    assertThat(dashboard.get("editable").asBoolean()).isFalse();
  }

  /** No rule of the linter, but what Grafana trips over: panels of one id overwrite each other. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void idsOfPanelsAreUnique(JsonNode dashboard) {
    assertThat(stream(dashboard.get("panels")).map(panel -> panel.get("id").asInt()))
        .doesNotHaveDuplicates();
  }
}
