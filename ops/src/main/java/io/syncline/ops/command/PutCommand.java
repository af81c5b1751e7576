package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Put;
import io.syncline.model.Key;
import io.syncline.model.Precondition;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    description = "Writes a key. Content equal to the newest version's makes no new version.",
    footer = {
      "  syncline put routes/api --content 'timeout: 5s' --reason 'slow upstream'",
      "  syncline put routes/api --file api.yaml --if-version 3",
      "  syncline put routes/api --file api.yaml --if-version 3 --on-conflict merge",
      "  generate | syncline put routes/api -"
    })
final class PutCommand extends ClientCommand {
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

  @Option(names = "--force", description = "Make a new version even of equal content.")
  boolean force;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Mixin
  PreconditionOptions preconditions;

  @Mixin
  OnConflictOption conflicts;

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
    conflicts.check(preconditions.precondition() != Precondition.NONE);
    followers.check();
    contents.check(input);
  }

  @Override
  int run(SynclineClient client) throws IOException, InterruptedException {
    Key parsed = keys.key(key);
    var put = new Put(
        namespace(),
        parsed,
        contents.content(key, terminal()),
        preconditions.precondition(),
        force,
        null);
    var result = WriteOutput.write(client, put, writes.reason, conflicts.onConflict());
    WriteOutput.print(out(), options.json(), "put", result, keys.text());
    return followers.await(
        client,
        options.endpoints(terminal().environment()),
        result.revision(),
        options.json(),
        out());
  }
}
