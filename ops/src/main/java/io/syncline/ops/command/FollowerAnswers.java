package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.ops.RefusedException;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every follower, as seen by the voter that heard from it last. */
record FollowerAnswers(Collection<FollowerStatus> followers, boolean anyAnswered) {

  static FollowerAnswers ask(SynclineClient client, List<Endpoint> endpoints) {
    return ofVoters(client, ClusterAnswers.ask(client, endpoints).answering());
  }

  /** Asks these voters, and no others that they may know of. */
  static FollowerAnswers ofVoters(SynclineClient client, List<Endpoint> voters) {
    Map<String, FollowerStatus> newest = new TreeMap<>();
    boolean answered = false;
    for (Endpoint voter : voters) {
      answered |= add(client, voter, newest);
    }
    return new FollowerAnswers(List.copyOf(newest.values()), answered);
  }

  /**
   * @throws RejectedException if no voter answers
   */
  static FollowerAnswers askOrRefuse(SynclineClient client, List<Endpoint> endpoints) {
    FollowerAnswers answers = ask(client, endpoints);
    if (!answers.anyAnswered()) {
      throw new RejectedException(Rejection.of(
          Reason.NOT_READY,
          "no voter answers at " + endpoints + "; check that they run, and --endpoints"));
    }
    return answers;
  }

  /**
   * @throws RefusedException if there is no such follower
   */
  FollowerStatus require(String id) {
    return followers.stream()
        .filter(follower -> follower.getFollowerId().equals(id))
        .findFirst()
        .orElseThrow(() -> new RefusedException(
            "follower \"" + id + "\": not known to any voter; see syncline followers"));
  }

  /** What a voter has heard itself counts for more than what it only remembers. */
  private static FollowerStatus newer(FollowerStatus a, FollowerStatus b) {
    if (a.getRemembered() != b.getRemembered()) {
      return a.getRemembered() ? b : a;
    }
    return a.getLastSeenMsAgo() <= b.getLastSeenMsAgo() ? a : b;
  }

  private static boolean add(
      SynclineClient client, Endpoint voter, Map<String, FollowerStatus> newest) {
    try {
      for (FollowerStatus status : client.followers(voter)) {
        newest.merge(status.getFollowerId(), status, FollowerAnswers::newer);
      }
      return true;
    } catch (UnavailableException | RejectedException e) {
      return false;
    }
  }
}
