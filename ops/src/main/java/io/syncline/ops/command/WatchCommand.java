package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.client.Watch;
import io.syncline.client.WatchEvent;
import io.syncline.client.WatchListener;
import io.syncline.client.WatchQuery;
import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.VersionFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = "Prints changes as they happen, one a line, until it is interrupted.",
    footer = {
      "  syncline watch routes/",
      "  syncline watch --from-revision 1 --limit 10",
      "  syncline watch --output json --content | jq .key"
    })
final class WatchCommand extends ClientCommand {
  private static final int SHOWN_CHECKSUM_LENGTH = 12;

  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "Only keys that begin with this.")
  String prefix;

  @Option(
      names = "--from-revision",
      paramLabel = "N",
      description = "Begin with this revision, past or to come. Default: what comes from now on.")
  @Nullable
  Revision fromRevision;

  @Option(names = "--limit", paramLabel = "N", description = "End after this many changes.")
  long limit = Long.MAX_VALUE;

  @Option(names = "--content", description = "With --output json: contents too.")
  boolean content;

  @Mixin
  KeyOptions keys;

  @Override
  void check() {
    if (limit < 1) {
      throw new UsageException("--limit: " + limit + " (expected: >= 1)");
    }
    if (content && !options.json()) {
      throw new UsageException("watch: --content without --output json (expected: both)");
    }
  }

  @Override
  int run(SynclineClient client) {
    // A watch waits for a cluster for ever; somebody who mistyped an endpoint must be told.
    client.namespace(namespace());
    WatchQuery query = WatchQuery.of(namespace())
        .withRange(KeyRange.prefix(keys.bytes(prefix)))
        .withStartRevision(fromRevision == null ? Revision.ZERO : fromRevision)
        .withContent(content);
    var enough = new CompletableFuture<Void>();
    try (Watch watch = client.watch(query, new Printing(enough))) {
      CompletableFuture.anyOf(enough, watch.done()).join();
    }
    return ExitCode.DONE;
  }

  /** Prints each change as it comes. */
  private final class Printing implements WatchListener {
    private final CompletableFuture<Void> enough;
    private long printed;

    Printing(CompletableFuture<Void> enough) {
      this.enough = enough;
    }

    @Override
    public void onEstablished(Revision revision) {
      if (terminal().errIsTerminal()) {
        terminal().err().println("watching; the cluster is at revision " + revision);
      }
    }

    @Override
    public void onChanges(Revision revision, List<WatchEvent> events) {
      for (WatchEvent event : events) {
        if (printed < limit) {
          printed++;
          out().println(options.json() ? json(event) : line(event));
        }
      }
      out().flush();
      if (printed >= limit) {
        enough.complete(null);
      }
    }
  }

  private String json(WatchEvent event) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("type", type(event));
    fields.putAll(VersionFields.withKey(event.version(), keys.text()));
    if (content) {
      VersionFields.addContent(fields, event.version());
    }
    return Json.line(fields);
  }

  private String line(WatchEvent event) {
    ConfigVersion version = event.version();
    String checksum = version.tombstone()
        ? ""
        : " " + version.checksum().toString().substring(0, SHOWN_CHECKSUM_LENGTH);
    String reason = version.reason().isEmpty() ? "" : ": " + version.reason();
    return Table.plain("%-6s %-7s %s version %s%s by %s%s"
        .formatted(
            version.revision(),
            type(event),
            keys.text().show(version.key()),
            version.version(),
            checksum,
            version.createdBy().name(),
            reason));
  }

  private static String type(WatchEvent event) {
    return event.type().name().toLowerCase(Locale.ROOT);
  }
}
