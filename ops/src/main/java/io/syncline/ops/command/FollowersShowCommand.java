package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import io.syncline.proto.sync.v1.FollowerStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows all that is known of one follower.",
      "Exit codes: 0 shown, 1 there is no such follower, 3 no voter answers."
    },
    footer = "  syncline followers show edge-1")
final class FollowersShowCommand extends ClientCommand {
  @Parameters(paramLabel = "ID", description = "The follower.")
  String id;

  @Override
  int run(SynclineClient client) {
    FollowerStatus follower = FollowerAnswers.askOrRefuse(
            client, options.endpoints(terminal().environment()))
        .require(id);
    if (options.json()) {
      return printJson(FollowerFields.fields(follower));
    }
    FollowerFields.fields(follower)
        .forEach((name, value) -> out().printf("%-20s %s%n", name, value));
    return ExitCode.DONE;
  }
}
