package io.syncline.ops.command;

import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Put;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    description = "Keeps a draft of a write. One that waits for the same key is replaced.",
    footer = {
      "  syncline draft put routes/api --content 'timeout: 5s' --endpoints 127.0.0.1:7410",
      "  syncline draft put routes/api --file api.yaml --if-version 3 --endpoints 127.0.0.1:7410"
    })
final class DraftPutCommand extends DraftClientCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "The key, 1 to 4,096 bytes.")
  String key;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INPUT",
      description = "- takes the content from standard input.")
  @Nullable
  String input;

  @Mixin
  ContentOptions contents;

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
    contents.check(input);
    follower();
  }

  @Override
  int run(SynclineClient client, FollowerDrafts drafts) throws IOException {
    var put = new Put(
        namespace(),
        keys.key(key),
        contents.content(key, terminal()),
        preconditions.precondition(),
        false,
        null);
    return DraftOutput.printMade(
        out(), options.json(), drafts.create(put, writes.reason, conflicts.text()), keys.text());
  }
}
