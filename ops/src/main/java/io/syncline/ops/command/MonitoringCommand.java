package io.syncline.ops.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "monitoring",
    description = {
      "Writes what Prometheus and Grafana need to look at Syncline, and draws the dashboards where"
          + " there is no Grafana."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  syncline monitoring export --dir monitoring",
      "  syncline monitoring report --prometheus http://127.0.0.1:9090 --since 15m --out report.html"
    },
    subcommands = {MonitoringExportCommand.class, MonitoringReportCommand.class})
final class MonitoringCommand implements Runnable {
  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "monitoring: no command (expected: export or report)");
  }
}
