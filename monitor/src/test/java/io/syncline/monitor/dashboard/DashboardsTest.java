package io.syncline.monitor.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.Metric.Kind;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What dashboards ask for exists, and what exists is shown. */
class DashboardsTest {
  private static final Set<String> TARGET_LABELS = Set.of("cluster", "job", "instance");
  private static final Pattern SELECTOR =
      Pattern.compile("((?:syncline|jvm|process|system)_[a-z_]+)\\{([^}]*)\\}");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(?:=~|=)\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without) \\(([^)]*)\\)");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{([a-z]+)\\}\\}");

  private static Stream<Panel> panels() {
    return Dashboards.ALL.stream().flatMap(Dashboard::panels);
  }

  private static Stream<Query> queries() {
    return panels().flatMap(panel -> panel.queries().stream());
  }

  @Test
  void everyMetricIsShown() {
    assertThat(queries().flatMap(query -> query.metrics().stream()))
        .containsAll(MetricCatalogue.ALL);
  }

  @Test
  void everyAlertHasAPanelThatLinksToItsRunbook() {
    assertThat(panels().flatMap(panel -> panel.alerts().stream())).containsAll(AlertCatalogue.ALL);
  }

  @Test
  void everyQueryUsesMetricsOfTheCatalogueWithTheirRealLabels() {
    queries().forEach(query -> {
      Set<String> known = new HashSet<>(TARGET_LABELS);
      List<MatchResult> selectors =
          SELECTOR.matcher(query.expression()).results().toList();
      assertThat(selectors).as(query.expression()).isNotEmpty();
      for (MatchResult selector : selectors) {
        Metric metric = metric(selector.group(1));
        Set<String> own = new HashSet<>(metric.labels());
        if (selector.group(1).endsWith("_bucket")) {
          own.add("le");
        }
        known.addAll(own);
        own.addAll(TARGET_LABELS);
        assertThat(MATCHER.matcher(selector.group(2)).results().map(match -> match.group(1)))
            .as(selector.group())
            .isSubsetOf(own)
            .contains("job", "instance");
      }
      assertThat(GROUPING
              .matcher(query.expression())
              .results()
              .flatMap(match -> Arrays.stream(match.group(1).split(", "))))
          .as(query.expression())
          .isSubsetOf(known);
      assertThat(LEGEND_LABEL.matcher(query.legend()).results().map(match -> match.group(1)))
          .as(query.legend() + " of " + query.expression())
          .isSubsetOf(known);
    });
  }

  /** The metric of the catalogue whose series have this name. */
  private static Metric metric(String series) {
    return MetricCatalogue.ALL.stream()
        .filter(metric -> switch (metric.kind()) {
          case COUNTER, GAUGE -> series.equals(metric.name());
          case HISTOGRAM -> series.matches(metric.name() + "_(bucket|count|sum|max)");
          case SUMMARY -> series.matches(metric.name() + "_(count|sum|max)");
        })
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is not in the catalogue"));
  }

  @Test
  void countersAreShownAsRatesAndGaugesThatFallAreNot() {
    queries()
        .forEach(query -> SELECTOR.matcher(query.expression()).results().forEach(selector -> {
          if (metric(selector.group(1)).kind() == Kind.COUNTER) {
            assertThat(query.expression())
                .containsPattern("(rate|increase)\\(" + Pattern.quote(selector.group()));
          }
        }));
  }

  @Test
  void everyPanelIsTitledAndDescribedAndFitsIntoTheGrid() {
    for (Dashboard dashboard : Dashboards.ALL) {
      assertThat(dashboard.rows())
          .allSatisfy(
              row -> assertThat(row.panels().stream().map(Panel::title)).doesNotHaveDuplicates());
      assertThat(dashboard.panels()).allSatisfy(panel -> {
        assertThat(panel.description()).matches("(?s)[A-Z].*\\.");
        assertThat(panel.width()).isBetween(3, Dashboard.COLUMNS);
        assertThat(panel.queries()).isNotEmpty();
        if (panel.kind() == Panel.Kind.TABLE) {
          assertThat(panel.columns()).hasSameSizeAs(panel.queries());
        }
      });
    }
  }

  @Test
  void panelsDoNotOverlap() {
    for (Dashboard dashboard : Dashboards.ALL) {
      var taken = new HashSet<List<Integer>>();
      for (var row : dashboard.layout()) {
        for (var place : row.places()) {
          for (int x = place.x(); x < place.x() + place.panel().width(); x++) {
            for (int y = place.y(); y < place.y() + place.panel().height(); y++) {
              assertThat(taken.add(List.of(x, y))).as(place.panel().title()).isTrue();
            }
          }
        }
      }
    }
  }
}
