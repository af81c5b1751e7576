package io.syncline.monitor.reference;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.alert.AlertRule;
import io.syncline.monitor.dashboard.Dashboard;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.Metric.Kind;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes docs/METRICS.md. */
public final class MetricsReference {
  private MetricsReference() {}

  public static String markdown() {
    return """
        # Metrics and alerts

        Written by `syncline monitoring export` from the catalogues in the code; a test compares the \
        two. How to scrape, and what to make of it: [MONITORING](MONITORING.md).

        Nodes export these metrics and no others. Names and labels are a contract.

        ## Metrics

        A histogram has `_bucket`, `_count` and `_sum`, a summary `_count` and `_sum`; both have \
        `_max`, the largest of the last minutes.

        | Metric | Type | Labels | Nodes | Meaning | Shown | Alerts |
        |---|---|---|---|---|---|---|
        %s
        ## Buckets

        | Histogram | Upper bounds |
        |---|---|
        %s
        ## Alerts

        Each has a page on what to do. *Prometheus* alone evaluates those marked so: they look at \
        histograms, or at nodes that are down. Nodes evaluate the others themselves too.

        | Alert | Severity | Condition | For | Evaluated by | Why this threshold |
        |---|---|---|---|---|---|
        %s""".formatted(
            lines(MetricCatalogue.ALL.stream().map(MetricsReference::row)),
            lines(MetricCatalogue.ALL.stream()
                .filter(metric -> metric.kind() == Kind.HISTOGRAM)
                .map(MetricsReference::buckets)),
            lines(AlertCatalogue.ALL.stream().map(MetricsReference::row)));
  }

  private static String lines(Stream<String> rows) {
    return rows.collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(Metric metric) {
    return row(
        code(metric.name()),
        metric.kind().name().toLowerCase(Locale.ROOT),
        metric.labels().stream().map(MetricsReference::code).collect(Collectors.joining(", ")),
        metric.nodes().size() == Metric.Node.values().length
            ? "all"
            : metric.nodes().iterator().next().name().toLowerCase(Locale.ROOT) + "s",
        metric.help(),
        Dashboards.ALL.stream()
            .flatMap(dashboard -> shown(metric, dashboard))
            .collect(Collectors.joining("; ")),
        AlertCatalogue.ALL.stream()
            .filter(rule -> rule.measure().metrics().contains(metric))
            .map(MetricsReference::link)
            .collect(Collectors.joining(", ")));
  }

  private static Stream<String> shown(Metric metric, Dashboard dashboard) {
    List<String> panels = dashboard
        .panels()
        .filter(
            panel -> panel.queries().stream().anyMatch(query -> query.metrics().contains(metric)))
        .map(panel -> panel.title())
        .toList();
    return panels.isEmpty()
        ? Stream.empty()
        : Stream.of(dashboard.name() + ": " + String.join(", ", panels));
  }

  private static String buckets(Metric metric) {
    return row(
        code(metric.name()),
        metric.buckets().stream()
            .map(bound -> BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString())
            .collect(Collectors.joining(", ")));
  }

  private static String row(AlertRule rule) {
    return row(
        link(rule),
        rule.severity().toString(),
        code(rule.promql().replace("|", "\\|")),
        rule.holds().isZero() ? "at once" : rule.holds().toSeconds() + " s",
        rule.builtIn() ? "nodes, Prometheus" : "Prometheus",
        rule.reason());
  }

  private static String link(AlertRule rule) {
    return "[" + rule.name() + "](runbooks/" + rule.runbook() + ")";
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
