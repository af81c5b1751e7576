package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Namespace;
import io.syncline.ops.ExitCode;
import io.syncline.ops.text.Sizes;
import picocli.CommandLine.Command;

@Command(
    name = "show",
    description = "Shows a namespace: its settings, size and digest.",
    footer = {"  syncline namespace show routes"})
final class NamespaceShowCommand extends NamedNamespaceCommand {

  @Override
  int run(SynclineClient client) {
    Namespace namespace = client.namespace(name());
    if (options.json()) {
      return printJson(NamespaceFields.of(namespace));
    }
    line("name", namespace.name());
    line("keys", namespace.liveKeys() + ", " + Sizes.rounded(namespace.liveBytes()));
    line("changes", namespace.changes() + ", the last at revision " + namespace.revision());
    line("horizon", "history is complete from revision " + namespace.horizon() + " on");
    line("keeps versions", NamespaceFields.retainVersions(namespace));
    line("keeps for", NamespaceFields.retainAge(namespace));
    line("on conflict", NamespaceFields.onConflict(namespace));
    line("created", namespace.createdAt() + " by " + namespace.createdBy().name());
    line("digest", namespace.digest());
    return ExitCode.DONE;
  }

  private void line(String name, Object value) {
    out().printf("%-15s %s%n", name, value);
  }
}
