package io.syncline.ops.command;

import io.syncline.client.ConflictQuery;
import io.syncline.client.Conflicts;
import io.syncline.client.SynclineClient;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "Lists conflicts of all namespaces, or of one, newest first.",
    footer = {
      "  syncline conflicts list --state open",
      "  syncline conflicts list -n routes --type version-conflict --older-than 1d",
      "  syncline conflicts list --node edge-7 --limit 20"
    })
final class ConflictsListCommand extends ClientCommand {
  private static final int MAX_PAGE = 1000;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "version-conflict, content-conflict or concurrent-modification.")
  @Nullable
  String type;

  @Option(names = "--state", paramLabel = "STATE", description = "open, resolved or rejected.")
  @Nullable
  String state;

  @Option(names = "--node", paramLabel = "ID", description = "Those that come from this follower.")
  @Nullable
  String node;

  @Option(names = "--key", paramLabel = "KEY", description = "Those of this key.")
  @Nullable
  String key;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      description = "Those found at least so long ago.")
  @Nullable
  Duration olderThan;

  @Option(
      names = "--newer-than",
      paramLabel = "DURATION",
      description = "Those found at most so long ago.")
  @Nullable
  Duration newerThan;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "The most that are listed; 0 lists all. Default: 100.")
  int limit;

  @Mixin
  KeyOptions keys;

  @Override
  void check() {
    if (limit < 0) {
      throw new UsageException("--limit: " + limit + " (expected: >= 0)");
    }
    query();
  }

  private ConflictQuery query() {
    return new ConflictQuery(
        Optional.ofNullable(options.namespace),
        Optional.ofNullable(key).map(keys::key),
        Optional.ofNullable(type).map(text -> parse("--type", ConflictType.values(), text)),
        Optional.ofNullable(state).map(text -> parse("--state", Conflict.State.values(), text)),
        Optional.ofNullable(node),
        olderThan == null ? Duration.ZERO : olderThan,
        newerThan == null ? Duration.ZERO : newerThan,
        limit == 0 ? MAX_PAGE : Math.min(limit, MAX_PAGE));
  }

  private static <E extends Enum<E>> E parse(String option, E[] values, String text) {
    String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
    return Stream.of(values)
        .filter(value -> value.name().equals(wanted))
        .findFirst()
        .orElseThrow(() -> new UsageException(option + ": \"" + text + "\" (expected: "
            + String.join(
                ", ",
                Stream.of(values)
                    .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .toList())
            + ")"));
  }

  @Override
  int run(SynclineClient client) {
    Conflicts conflicts = client.conflicts();
    List<Conflict> listed = conflicts
        .listAll(query())
        .limit(limit == 0 ? Long.MAX_VALUE : limit + 1L)
        .toList();
    boolean more = limit > 0 && listed.size() > limit;
    List<Conflict> shown = more ? listed.subList(0, limit) : listed;
    if (options.json()) {
      out()
          .println(Json.lines(shown.stream()
              .map(conflict -> ConflictOutput.fields(conflict, keys.text()))
              .toList()));
      return ExitCode.DONE;
    }
    print(shown);
    if (more) {
      out().println("… and more; --limit 0 lists all");
    }
    return ExitCode.DONE;
  }

  private void print(List<Conflict> shown) {
    var table = new Table(
        ">ID",
        "STATE",
        "TYPE",
        "NAMESPACE",
        "KEY",
        ">BASE",
        ">OURS",
        "BY",
        "NODE",
        "FOUND",
        "STRATEGY",
        "DETAIL");
    for (Conflict conflict : shown) {
      table.row(
          conflict.id(),
          ConflictOutput.state(conflict),
          ConflictOutput.type(conflict),
          conflict.namespace(),
          keys.text().show(conflict.key()),
          ConflictOutput.version(conflict.base()),
          ConflictOutput.version(conflict.ours()),
          conflict.actor().name(),
          ConflictOutput.from(conflict),
          conflict.detectedAt(),
          conflict.strategy(),
          conflict.detail());
    }
    table.print(out());
  }
}
