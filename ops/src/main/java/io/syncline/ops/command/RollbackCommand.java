package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Rollback;
import io.syncline.model.Version;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Brings back the content of an older version, as a new version.",
    footer = {
      "  syncline rollback routes/api --to-version 3 --reason 'errors since version 4'",
      "  syncline rollback routes/api --to-version 3 --if-version 4"
    })
final class RollbackCommand extends ClientCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key;

  @Option(
      names = "--to-version",
      required = true,
      paramLabel = "N",
      description = "The version whose content to bring back.")
  Version toVersion;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Mixin
  PreconditionOptions preconditions;

  @Mixin
  FollowerWait followers;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    keys.key(key);
    writes.check();
    followers.check();
  }

  @Override
  int run(SynclineClient client) throws InterruptedException {
    var rollback =
        new Rollback(namespace(), keys.key(key), toVersion, preconditions.precondition());
    var result = client.write(rollback, writes.reason);
    WriteOutput.print(out(), options.json(), "rolled back", result, keys.text());
    return followers.await(
        client,
        options.endpoints(terminal().environment()),
        result.revision(),
        options.json(),
        out());
  }
}
