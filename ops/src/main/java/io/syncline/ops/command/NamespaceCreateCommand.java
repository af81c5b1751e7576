package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.CreateNamespace;
import io.syncline.model.NamespaceSettings;
import io.syncline.ops.ExitCode;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "create",
    description = "Creates a namespace.",
    footer = {
      "  syncline namespace create routes",
      "  syncline namespace create routes --retain-versions 100 --retain-age 90d"
    })
final class NamespaceCreateCommand extends NamedNamespaceCommand {
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
  }

  @Override
  int run(SynclineClient client) {
    var wanted = settings.over(NamespaceSettings.KEEP_ALL);
    client.write(new CreateNamespace(name(), wanted), writes.reason);
    if (options.json()) {
      return printJson(Map.of("name", name().value()));
    }
    out().println("created namespace " + name());
    return ExitCode.DONE;
  }
}
