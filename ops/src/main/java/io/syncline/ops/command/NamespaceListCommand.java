package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Namespace;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.text.Sizes;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    description = "Lists the namespaces; with -n only that one.",
    footer = {"  syncline namespace list", "  syncline namespace list --output json"})
final class NamespaceListCommand extends ClientCommand {

  @Override
  int run(SynclineClient client) {
    List<Namespace> namespaces = client.namespaces().stream()
        .filter(n -> options.namespace == null || n.name().equals(options.namespace))
        .toList();
    if (options.json()) {
      out().println(Json.lines(namespaces.stream().map(NamespaceFields::of).toList()));
      return ExitCode.DONE;
    }
    var table =
        new Table("NAME", ">KEYS", ">SIZE", ">CHANGES", ">REVISION", "KEEPS VERSIONS", "KEEPS FOR");
    for (Namespace namespace : namespaces) {
      table.row(
          namespace.name(),
          namespace.liveKeys(),
          Sizes.rounded(namespace.liveBytes()),
          namespace.changes(),
          namespace.revision(),
          NamespaceFields.retainVersions(namespace),
          NamespaceFields.retainAge(namespace));
    }
    table.print(out());
    return ExitCode.DONE;
  }
}
