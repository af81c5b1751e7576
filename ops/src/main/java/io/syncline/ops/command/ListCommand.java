package io.syncline.ops.command;

import io.syncline.client.ListQuery;
import io.syncline.client.SynclineClient;
import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.ReadAt;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.VersionFields;
import io.syncline.ops.text.Sizes;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    description = "Lists the keys of a namespace, in bytewise order.",
    footer = {
      "  syncline list",
      "  syncline list routes/ --keys-only",
      "  syncline list --deleted --at-revision 120 --output json"
    })
final class ListCommand extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "Only keys that begin with this.")
  String prefix;

  @Option(names = "--keys-only", description = "Only the keys, one a line.")
  boolean keysOnly;

  @Option(names = "--deleted", description = "Deleted keys too, as their tombstones.")
  boolean deleted;

  @ArgGroup(exclusive = true)
  @Nullable
  ReadAtOptions at;

  @Mixin
  KeyOptions keys;

  @Mixin
  ConsistencyOptions consistency;

  @Override
  int run(SynclineClient client) {
    ListQuery query = ListQuery.of(namespace())
        .withRange(KeyRange.prefix(keys.bytes(prefix)))
        .withAt(at == null ? ReadAt.NOW : at.at())
        .withConsistency(consistency.consistency())
        .withContent(false)
        .withDeleted(deleted);
    if (keysOnly) {
      printKeys(client, query);
    } else if (options.json()) {
      out()
          .println(Json.lines(client
              .listAll(query)
              .map(version -> VersionFields.withKey(version, keys.text()))
              .toList()));
    } else {
      printTable(client.listAll(query).toList());
    }
    return ExitCode.DONE;
  }

  private void printKeys(SynclineClient client, ListQuery query) {
    if (options.json()) {
      out()
          .println(Json.lines(client
              .listAll(query)
              .map(version -> {
                var fields = new LinkedHashMap<String, Object>();
                keys.text().addTo(fields, version.key());
                return fields.get("key");
              })
              .toList()));
    } else {
      client.listAll(query).forEach(version -> out().println(keys.text().show(version.key())));
    }
  }

  private void printTable(List<ConfigVersion> versions) {
    var table = new Table("KEY", ">VERSION", ">REVISION", ">SIZE", "CREATED", "BY");
    for (ConfigVersion version : versions) {
      table.row(
          keys.text().show(version.key()),
          version.version(),
          version.revision(),
          version.tombstone() ? "deleted" : Sizes.rounded(version.sizeBytes()),
          version.createdAt(),
          version.createdBy().name());
    }
    table.print(out());
  }
}
