package io.syncline.ops.command;

import io.syncline.client.Difference;
import io.syncline.client.HistoryQuery;
import io.syncline.client.SynclineClient;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Version;
import io.syncline.ops.ExitCode;
import io.syncline.ops.RefusedException;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.DiffColours;
import io.syncline.ops.output.VersionFields;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = "Shows what differs between two versions of a key.",
    footer = {
      "  syncline diff routes/api                    the newest against the one before",
      "  syncline diff routes/api --from 2           2 against the newest",
      "  syncline diff routes/api --from 2 --to 5 --context 10"
    })
final class DiffCommand extends ClientCommand {
  private static final int MOST_CONTEXT_LINES = 1000;

  @Parameters(paramLabel = "KEY", description = "The key.")
  String key;

  @Option(
      names = "--from",
      paramLabel = "V",
      description = "The older version. Default: the one before the other.")
  @Nullable
  Version from;

  @Option(names = "--to", paramLabel = "V", description = "The newer version. Default: the newest.")
  @Nullable
  Version to;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "3",
      description = "Lines around each difference. Default: 3.")
  int contextLines;

  @Mixin
  KeyOptions keys;

  @Mixin
  ConsistencyOptions consistency;

  @Override
  void check() {
    keys.key(key);
    if (contextLines < 1 || contextLines > MOST_CONTEXT_LINES) {
      throw new UsageException(
          "--context: " + contextLines + " (expected: 1 to " + MOST_CONTEXT_LINES + ")");
    }
  }

  @Override
  int run(SynclineClient client) {
    Key parsed = keys.key(key);
    Version newer = to;
    if (newer == null) {
      newer = from == null ? newest(client, parsed) : Version.NONE;
    }
    Version older = from == null ? newer.previous() : from;
    if (!older.exists()) {
      throw new RefusedException(
          "key \"" + keys.text().show(parsed) + "\": version 1 has none before it (expected: two"
              + " versions); give both with --from and --to");
    }
    Difference difference =
        client.diff(namespace(), parsed, older, newer, contextLines, consistency.consistency());
    return options.json() ? printJson(difference) : print(difference);
  }

  private Version newest(SynclineClient client, Key parsed) {
    List<ConfigVersion> newest = client
        .history(HistoryQuery.of(namespace(), parsed)
            .withConsistency(consistency.consistency())
            .withNewestFirst(true)
            .withContent(false)
            .withPageSize(1))
        .versions();
    if (newest.isEmpty()) {
      throw new RejectedException(Rejection.keyNotFound(namespace(), parsed));
    }
    return newest.get(0).version();
  }

  private int printJson(Difference difference) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("from", VersionFields.of(difference.from()));
    fields.put("to", VersionFields.of(difference.to()));
    fields.put("content_differs", difference.contentDiffers());
    fields.put("binary", difference.binary());
    fields.put("unified_diff", difference.unifiedDiff());
    return printJson(fields);
  }

  private int print(Difference difference) {
    if (!difference.contentDiffers()) {
      out()
          .printf(
              "versions %s and %s have the same content%n",
              difference.from().version(), difference.to().version());
    } else if (difference.binary()) {
      out()
          .printf(
              "versions %s and %s differ and are not both UTF-8 text%n",
              difference.from().version(), difference.to().version());
    } else {
      String diff = difference.unifiedDiff().stripTrailing();
      out().println(terminal().coloursOut() ? DiffColours.paint(diff) : diff);
    }
    return ExitCode.DONE;
  }
}
