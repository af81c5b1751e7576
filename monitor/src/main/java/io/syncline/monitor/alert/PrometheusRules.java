package io.syncline.monitor.alert;

import java.time.Duration;

/** Writes the alerts as a file of rules for Prometheus. */
public final class PrometheusRules {
  private PrometheusRules() {}

  /** @param runbooks how links to runbooks begin, with a slash at the end */
  public static String yaml(String runbooks) {
    var yaml = new StringBuilder("""
        # Alerts on Syncline, for Prometheus.
        # Written by syncline monitoring export from the catalogue of alerts: what is changed here is
        # overwritten. Where links to runbooks lead is set with --runbooks.
        groups:
          - name: syncline
            rules:
        """);
    for (AlertRule rule : AlertCatalogue.ALL) {
      yaml.append("      # ").append(rule.reason()).append('\n');
      line(yaml, "      - alert: ", rule.name());
      line(yaml, "        expr: ", quoted(rule.promql()));
      if (rule.holds().compareTo(Duration.ZERO) > 0) {
        line(yaml, "        for: ", Promql.duration(rule.holds()));
      }
      line(yaml, "        labels:", "");
      line(yaml, "          severity: ", rule.severity().toString());
      line(yaml, "        annotations:", "");
      line(yaml, "          summary: ", quoted(rule.summaryTemplate()));
      line(yaml, "          description: ", quoted(rule.effect() + " " + rule.action()));
      line(yaml, "          runbook_url: ", quoted(runbooks + rule.runbook()));
    }
    return yaml.toString();
  }

  private static void line(StringBuilder yaml, String begin, String end) {
    yaml.append(begin).append(end).append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
