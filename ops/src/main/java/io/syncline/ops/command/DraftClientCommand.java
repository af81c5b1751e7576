package io.syncline.ops.command;

import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.ops.UsageException;
import java.io.IOException;
import java.util.List;

/** A command about the drafts of one follower. */
abstract class DraftClientCommand extends ClientCommand {
  @Override
  final int run(SynclineClient client) throws IOException {
    return run(client, client.drafts(follower()));
  }

  final Endpoint follower() {
    List<Endpoint> endpoints = options.endpoints(terminal().environment());
    if (endpoints.size() != 1) {
      throw new UsageException("--endpoints: " + endpoints.size()
          + " addresses (expected: one, of the follower that keeps the drafts)");
    }
    return endpoints.get(0);
  }

  /**
   * @return the exit code
   */
  abstract int run(SynclineClient client, FollowerDrafts drafts) throws IOException;
}
