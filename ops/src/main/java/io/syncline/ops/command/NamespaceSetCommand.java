package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.UpdateNamespace;
import io.syncline.model.Namespace;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "set",
    description = "Changes the settings of a namespace. What is not given stays.",
    footer = {"  syncline namespace set routes --retain-versions 100"})
final class NamespaceSetCommand extends NamedNamespaceCommand {
  @Mixin
  NamespaceSettingsOptions settings;

  @Mixin
  WriteOptions writes;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    super.check();
    settings.check();
    writes.check();
    if (!settings.given()) {
      throw new UsageException(
          "namespace set: nothing to set (expected: --retain-age, --retain-versions, --on-conflict or"
              + " --list-keys)");
    }
  }

  @Override
  int run(SynclineClient client) {
    var wanted = settings.over(client.namespace(name()).settings());
    client.write(new UpdateNamespace(name(), wanted), writes.reason);
    Namespace namespace = client.namespace(name());
    if (options.json()) {
      return printJson(NamespaceFields.of(namespace));
    }
    out()
        .printf(
            "namespace %s keeps versions: %s, for: %s; on conflict: %s%n",
            namespace.name(),
            NamespaceFields.retainVersions(namespace),
            NamespaceFields.retainAge(namespace),
            NamespaceFields.onConflict(namespace));
    return ExitCode.DONE;
  }
}
