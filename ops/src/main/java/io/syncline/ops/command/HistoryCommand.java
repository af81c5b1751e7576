package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.client.HistoryPage;
import io.syncline.client.HistoryQuery;
import io.syncline.client.SynclineClient;
import io.syncline.model.ConfigVersion;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.VersionFields;
import io.syncline.ops.text.Sizes;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = "Lists the kept versions of a key, oldest first.",
    footer = {
      "  syncline history routes/api",
      "  syncline history routes/api --newest-first --limit 5",
      "  syncline history routes/api --output json | jq '.[-1].checksum'"
    })
final class HistoryCommand extends ClientCommand {
  private static final int LARGEST_PAGE = 10_000;
  private static final int SHOWN_CHECKSUM_LENGTH = 12;

  @Parameters(paramLabel = "KEY", description = "The key.")
  String key;

  @Option(names = "--newest-first", description = "Newest first.")
  boolean newestFirst;

  @Option(names = "--limit", paramLabel = "N", description = "At most this many versions.")
  int limit = Integer.MAX_VALUE;

  @Mixin
  KeyOptions keys;

  @Mixin
  ConsistencyOptions consistency;

  @Override
  void check() {
    keys.key(key);
    if (limit < 1) {
      throw new UsageException("--limit: " + limit + " (expected: >= 1)");
    }
  }

  @Override
  int run(SynclineClient client) {
    HistoryQuery query = HistoryQuery.of(namespace(), keys.key(key))
        .withConsistency(consistency.consistency())
        .withNewestFirst(newestFirst)
        .withContent(false)
        .withPageSize(Math.min(limit, LARGEST_PAGE));
    var versions = new ArrayList<ConfigVersion>();
    boolean truncated = false;
    ByteString token = ByteString.EMPTY;
    do {
      HistoryPage page = client.history(query.withPageToken(token));
      versions.addAll(page.versions());
      truncated |= page.truncated();
      token = page.nextPageToken();
    } while (!token.isEmpty() && versions.size() < limit);
    print(versions.subList(0, Math.min(limit, versions.size())));
    if (truncated) {
      terminal().err().println("syncline: older versions existed and were compacted away");
    }
    return ExitCode.DONE;
  }

  private void print(List<ConfigVersion> versions) {
    if (options.json()) {
      out().println(Json.lines(versions.stream().map(VersionFields::of).toList()));
      return;
    }
    var table = new Table(">VERSION", ">REVISION", "CREATED", "BY", ">SIZE", "SHA256", "REASON");
    for (ConfigVersion version : versions) {
      table.row(
          version.version(),
          version.revision(),
          version.createdAt(),
          version.createdBy().name(),
          version.tombstone() ? "deleted" : Sizes.rounded(version.sizeBytes()),
          version.checksum().toString().substring(0, SHOWN_CHECKSUM_LENGTH),
          reason(version));
    }
    table.print(out());
  }

  private static String reason(ConfigVersion version) {
    if (version.rollbackOf() == null) {
      return version.reason();
    }
    String rollback = "rollback of " + version.rollbackOf();
    return version.reason().isEmpty() ? rollback : rollback + ": " + version.reason();
  }
}
