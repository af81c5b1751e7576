package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import io.syncline.ops.imports.Import;
import io.syncline.ops.imports.ImportReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Imports a history or a folder. Importing again changes nothing.",
      "A history is a file of JSON lines, plain or compressed by gzip, each a change:",
      "  {\"key\": …, \"op\": \"put\" or \"delete\", \"content\": …, \"time\": …, \"change\": …}",
      "They are applied in order, one version each; a line equal to the key's newest version makes"
          + " none. time, in seconds since 1970 or ISO-8601, is kept as the source time, change as"
          + " the reason. All of the file is checked before anything is written.",
      "Of a folder, each file becomes a key: its path below the folder."
    },
    footer = {
      "  syncline import history.jsonl.gz -n routes --create-namespace",
      "  syncline import config/ -n routes --reason 'release 12' --dry-run"
    })
final class ImportCommand extends ClientCommand {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  @Parameters(paramLabel = "FILE|FOLDER", description = "What to import.")
  Path path;

  @Option(names = "--create-namespace", description = "Create the namespace if there is none.")
  boolean createNamespace;

  @Option(names = "--dry-run", description = "Tell what would be done, and do nothing.")
  boolean dryRun;

  @Option(names = "--hidden", description = "Of a folder, also files whose names begin with a dot.")
  boolean hidden;

  @Mixin
  WriteOptions writes;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  Duration defaultTimeout() {
    return DEFAULT_TIMEOUT;
  }

  @Override
  void check() {
    writes.check();
  }

  @Override
  int run(SynclineClient client) throws IOException, InterruptedException {
    ImportReport report = Import.of(
            path, hidden, writes.reason, namespace(), createNamespace, dryRun)
        .run(client, terminal());
    if (options.json()) {
      return printJson(report.fields());
    }
    out().println(report.sentence());
    return ExitCode.DONE;
  }
}
