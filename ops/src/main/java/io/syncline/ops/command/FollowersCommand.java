package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import picocli.CommandLine.Command;

@Command(
    name = "followers",
    description = {
      "Lists who follows the cluster, directly or through relays, and how far behind each is; so does"
          + " followers list.",
      "Exit codes: 0 listed, 3 no voter answers."
    },
    footer = {
      "  syncline followers",
      "  syncline followers show edge-1",
      "  syncline followers list --output json"
    },
    subcommands = {FollowersListCommand.class, FollowersShowCommand.class})
final class FollowersCommand extends ClientCommand {
  @Override
  int run(SynclineClient client) {
    return FollowersListCommand.list(client, options, terminal());
  }
}
