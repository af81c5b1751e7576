package io.syncline.ops.command;

import io.syncline.monitor.reference.MetricsReference;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.monitoring.MonitoringFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    description = {
      "Writes alert rules for Prometheus, dashboards and provisioning for Grafana, and a compose file"
          + " that brings them up, all of this version. Files that are there are overwritten."
    },
    footer = {
      "  syncline monitoring export --dir monitoring",
      "  syncline monitoring export --dir monitoring --runbooks https://wiki.example.org/syncline/"
    })
final class MonitoringExportCommand implements Callable<Integer> {
  @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where to.")
  Path folder;

  @Option(
      names = "--runbooks",
      paramLabel = "URL",
      defaultValue = MonitoringFiles.RUNBOOKS,
      description = "Where the pages of docs/runbooks can be read; links in alerts and panels lead"
          + " there. Default: docs/runbooks/.")
  String runbooks = MonitoringFiles.RUNBOOKS;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "Write the reference of all metrics and alerts here, as Markdown.")
  @Nullable
  Path reference;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!runbooks.endsWith("/")) {
      throw new UsageException("--runbooks: " + runbooks + " (expected: a slash at the end)");
    }
    List<String> written = MonitoringFiles.writeTo(folder, runbooks);
    if (reference != null) {
      Files.writeString(reference, MetricsReference.markdown());
    }
    SynclineCommand.terminal(spec).out().printf("wrote %d files to %s%n", written.size(), folder);
    return ExitCode.DONE;
  }
}
