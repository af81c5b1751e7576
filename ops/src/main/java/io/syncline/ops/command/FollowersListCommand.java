package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Terminal;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    description = {
      "Lists who follows the cluster, and how far behind each is.",
      "Exit codes: 0 listed, 3 no voter answers."
    },
    footer = {"  syncline followers list", "  syncline followers list --output json"})
final class FollowersListCommand extends ClientCommand {
  @Override
  int run(SynclineClient client) {
    return list(client, options, terminal());
  }

  static int list(SynclineClient client, ClientOptions options, Terminal terminal) {
    FollowerAnswers answers =
        FollowerAnswers.askOrRefuse(client, options.endpoints(terminal.environment()));
    if (options.json()) {
      terminal
          .out()
          .println(Json.lines(
              answers.followers().stream().map(FollowerFields::fields).toList()));
    } else {
      FollowerFields.table(answers.followers()).print(terminal.out());
    }
    return ExitCode.DONE;
  }
}
