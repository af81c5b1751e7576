package io.syncline.ops.command;

import io.syncline.client.ListQuery;
import io.syncline.client.SynclineClient;
import io.syncline.model.ReadAt;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.imports.Export;
import io.syncline.ops.text.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Exports a namespace to a file of JSON lines, if its name ends with .jsonl or .jsonl.gz, else to"
          + " a folder with a file for each key.",
      "A file can be imported elsewhere, and gives the same contents in the same order."
    },
    footer = {
      "  syncline export routes.jsonl.gz -n routes --history",
      "  syncline export config/ -n routes --at-time 2026-01-31T12:00:00Z"
    })
final class ExportCommand extends ClientCommand {
  @Parameters(paramLabel = "FILE|FOLDER", description = "Where to.")
  Path path;

  @Option(
      names = "--history",
      description = "All kept versions, by revision, instead of the newest; to a file only.")
  boolean history;

  @Option(names = "--force", description = "Overwrite what is there.")
  boolean force;

  @ArgGroup(exclusive = true)
  @Nullable
  ReadAtOptions at;

  @Mixin
  ConsistencyOptions consistency;

  @Override
  void check() {
    if (history && !Export.isFile(path)) {
      throw new UsageException(
          "export --history: " + path + " (expected: a file named .jsonl or .jsonl.gz)");
    }
  }

  @Override
  int run(SynclineClient client) throws IOException {
    ListQuery query = ListQuery.of(namespace())
        .withAt(at == null ? ReadAt.NOW : at.at())
        .withConsistency(consistency.consistency());
    Export.Report report = Export.run(client, query, history, path, force, terminal());
    if (options.json()) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("versions", report.versions());
      fields.put("keys", report.keys());
      fields.put("revision", report.revision().value());
      return printJson(fields);
    }
    out()
        .printf(
            "exported %d versions of %d keys as of revision %s to %s%n",
            report.versions(),
            report.keys(),
            report.revision(),
            FileNames.text(path).orElse(path.toString()));
    return ExitCode.DONE;
  }
}
