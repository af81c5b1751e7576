package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Compact;
import io.syncline.model.Revision;
import io.syncline.ops.ExitCode;
import java.util.LinkedHashMap;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "compact",
    description = "Forgets history before a revision. The newest version of each key stays.",
    footer = {
      "  syncline compact --revision 1000 -n routes",
      "  syncline compact --revision 1000 --all-namespaces"
    })
final class CompactCommand extends ClientCommand {
  @Option(
      names = "--revision",
      required = true,
      paramLabel = "N",
      description = "Reads at this revision and after it go on to work.")
  Revision revision;

  @Option(names = "--all-namespaces", description = "In all namespaces.")
  boolean allNamespaces;

  @Mixin
  WriteOptions writes;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    writes.check();
  }

  @Override
  int run(SynclineClient client) {
    client.write(new Compact(allNamespaces ? null : namespace(), revision), writes.reason);
    String where = allNamespaces ? "all namespaces" : "namespace " + namespace();
    if (options.json()) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("revision", revision.value());
      if (!allNamespaces) {
        fields.put("namespace", namespace().value());
      }
      return printJson(fields);
    }
    out().println("compacted " + where + " before revision " + revision);
    return ExitCode.DONE;
  }
}
