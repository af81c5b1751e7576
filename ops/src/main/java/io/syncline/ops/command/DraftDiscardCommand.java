package io.syncline.ops.command;

import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import io.syncline.proto.api.v1.Draft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "discard",
    description = {
      "Forgets a draft.",
      "One that was accepted stays a version: roll that back instead."
    },
    footer = "  syncline draft discard 3 --endpoints 127.0.0.1:7410")
final class DraftDiscardCommand extends DraftClientCommand {
  @Parameters(paramLabel = "ID", description = "The draft's number.")
  long id;

  @Mixin
  KeyOptions keys;

  @Override
  void check() {
    follower();
  }

  @Override
  int run(SynclineClient client, FollowerDrafts drafts) {
    Draft discarded = drafts.discard(id);
    if (options.json()) {
      return printJson(DraftOutput.fields(discarded, keys.text()));
    }
    out().println("discarded: " + DraftOutput.line(discarded, keys.text()));
    return ExitCode.DONE;
  }
}
