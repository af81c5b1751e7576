package io.syncline.ops.command;

import io.syncline.client.Conflicts;
import io.syncline.client.SynclineClient;
import io.syncline.conflict.Strategy;
import io.syncline.model.Command.Content;
import io.syncline.model.Conflict;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "resolve",
    description = {
      "Resolves an open conflict, by strategy or by saying what the key is to be.",
      "The write and the closing of the conflict are one commit. To undo it, roll back the key."
    },
    footer = {
      "  syncline conflicts resolve 12 --strategy accept-source",
      "  syncline conflicts resolve 12 --file merged.yaml --reason 'agreed'",
      "  vi merged.yaml && syncline conflicts resolve 12 - < merged.yaml"
    })
final class ConflictsResolveCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "The conflict's number.")
  long id;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INPUT",
      description = "- takes the content from standard input.")
  @Nullable
  String input;

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      description =
          "accept-source (what is there stays), accept-target (theirs is written), merge, reject, or"
              + " custom:NAME.")
  @Nullable
  String strategy;

  @Mixin
  ContentOptions contents;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    writes.check();
    if (strategy == null) {
      contents.check(input);
      return;
    }
    if (input != null || contents.given()) {
      throw new UsageException("resolve: --strategy and a content (expected: one of them)");
    }
    try {
      if (Strategy.parse(strategy).equals(Strategy.MANUAL)) {
        throw new UsageException("--strategy: manual leaves it open, as it is (expected: another"
            + " one, or a content)");
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("--strategy: " + e.getMessage());
    }
  }

  @Override
  int run(SynclineClient client) throws IOException {
    Conflicts conflicts = client.conflicts();
    Conflict closed =
        strategy != null ? conflicts.resolve(id, strategy, writes.reason) : resolve(conflicts);
    if (options.json()) {
      return printJson(ConflictOutput.fields(closed, keys.text()));
    }
    out()
        .println("conflict " + closed.id() + ": " + ConflictOutput.state(closed) + " by "
            + closed.strategy() + " (" + closed.detail() + "); " + ConflictOutput.closing(closed));
    return ExitCode.DONE;
  }

  private Conflict resolve(Conflicts conflicts) throws IOException {
    Conflict open = conflicts.get(id).conflict();
    Content content = contents.content(keys.text().show(open.key()), terminal());
    return conflicts.resolve(id, content.bytes(), content.contentType(), writes.reason);
  }
}
