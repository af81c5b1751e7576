package io.syncline.ops.command;

import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Delete;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Keeps a draft of a deletion. One that waits for the same key is replaced.",
    footer = "  syncline draft delete routes/old --endpoints 127.0.0.1:7410")
final class DraftDeleteCommand extends DraftClientCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Mixin
  PreconditionOptions preconditions;

  @Mixin
  OnConflictOption conflicts;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    keys.key(key);
    writes.check();
    conflicts.check(true);
    follower();
  }

  @Override
  int run(SynclineClient client, FollowerDrafts drafts) {
    var delete = new Delete(namespace(), keys.key(key), preconditions.precondition(), null);
    return DraftOutput.printMade(
        out(), options.json(), drafts.create(delete, writes.reason, conflicts.text()), keys.text());
  }
}
