package io.syncline.ops.command;

import io.syncline.monitor.dashboard.Dashboard;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.monitoring.PrometheusApi;
import io.syncline.ops.monitoring.Report;
import io.syncline.ops.monitoring.TimeRange;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "report",
    description = {
      "Asks a Prometheus for what dashboards show and draws them, as one HTML page that needs nothing"
          + " else.",
      "With --output json also lists each panel's queries, with how many series and points they gave.",
      "Exit codes: 0 written, 1 Prometheus does not answer, or refuses a query."
    },
    footer = {
      "  syncline monitoring report --prometheus http://127.0.0.1:9090 --since 15m --out report.html",
      "  syncline monitoring report --prometheus http://127.0.0.1:9090 --dashboard sync --out sync.html"
    })
final class MonitoringReportCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Option(
      names = "--prometheus",
      required = true,
      paramLabel = "URL",
      description = "Where Prometheus is.")
  URI prometheus;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "How far back to look. Default: 1h.")
  Duration since = Duration.ofHours(1);

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
  Path file;

  @Option(
      names = "--dashboard",
      paramLabel = "NAME",
      defaultValue = ALL,
      description = "sync, cluster, follower or all. Default: all.")
  String dashboard = ALL;

  @Option(
      names = "--scrape-interval",
      paramLabel = "DURATION",
      description = "How often Prometheus scrapes; rates are over four times that. Default: 15s.")
  Duration scrapeInterval = Duration.ofSeconds(15);

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json. Default: table.")
  OutputFormat output = OutputFormat.TABLE;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Dashboard> dashboards = Dashboards.ALL.stream()
        .filter(one -> dashboard.equals(ALL) || one.name().equals(dashboard))
        .toList();
    check(dashboards);
    TimeRange range = TimeRange.until(Instant.now(), since, scrapeInterval);
    var report =
        new Report(new PrometheusApi(prometheus), range, scrapeInterval, ZoneId.systemDefault());
    Files.writeString(file, report.html(dashboards));
    Terminal terminal = SynclineCommand.terminal(spec);
    terminal
        .out()
        .println(
            output == OutputFormat.JSON
                ? Json.lines(report.asked())
                : "wrote " + report.asked().size() + " panels to " + file);
    return ExitCode.DONE;
  }

  private void check(List<Dashboard> dashboards) {
    if (dashboards.isEmpty()) {
      String names = Dashboards.ALL.stream().map(Dashboard::name).collect(Collectors.joining(", "));
      throw new UsageException("--dashboard: " + dashboard + " (expected: " + names + ", all)");
    }
    if (prometheus.getHost() == null) {
      throw new UsageException(
          "--prometheus: " + prometheus + " (expected: a URL such as http://127.0.0.1:9090)");
    }
    if (scrapeInterval.toSeconds() < 1 || since.compareTo(scrapeInterval.multipliedBy(4)) < 0) {
      throw new UsageException("--since: " + since.toSeconds()
          + "s (expected: four times the scrape interval, and that one at least 1s)");
    }
  }
}
