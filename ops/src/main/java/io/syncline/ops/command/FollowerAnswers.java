package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every follower, as seen by the voter that heard from it last. */
record FollowerAnswers(Collection<FollowerStatus> followers, boolean anyAnswered) {

  static FollowerAnswers ask(SynclineClient client, List<Endpoint> endpoints) {
    Map<String, FollowerStatus> newest = new TreeMap<>();
    boolean answered = false;
    for (VoterAnswer voter : ClusterAnswers.ask(client, endpoints).voters()) {
      if (voter.answered()) {
        answered |= add(client, voter.endpoint(), newest);
      }
    }
    return new FollowerAnswers(List.copyOf(newest.values()), answered);
  }

  private static boolean add(
      SynclineClient client, Endpoint voter, Map<String, FollowerStatus> newest) {
    try {
      for (FollowerStatus status : client.followers(voter)) {
        newest.merge(
            status.getFollowerId(),
            status,
            (a, b) -> a.getLastSeenMsAgo() <= b.getLastSeenMsAgo() ? a : b);
      }
      return true;
    } catch (UnavailableException | RejectedException e) {
      return false;
    }
  }
}
