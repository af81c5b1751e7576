package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Undelete;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "undelete",
    description = "Brings back the content a key had before it was deleted, as a new version.",
    footer = {"  syncline undelete routes/api --reason 'deleted by mistake'"})
final class UndeleteCommand extends ClientCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Mixin
  PreconditionOptions preconditions;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    keys.key(key);
    writes.check();
  }

  @Override
  int run(SynclineClient client) {
    var undelete = new Undelete(namespace(), keys.key(key), preconditions.precondition());
    var result = client.write(undelete, writes.reason);
    return WriteOutput.print(out(), options.json(), "undeleted", result, keys.text());
  }
}
