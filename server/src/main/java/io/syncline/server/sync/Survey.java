package io.syncline.server.sync;

import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus.State;
import java.util.List;
import java.util.Optional;

/**
 * How those that follow a node stand, all of one moment, for whoever counts them: a few words of each,
 * for there may be thousands.
 *
 * @param followers in the order of their ids
 * @param streams open ones
 * @param pulls that wait
 * @param snapshots under way
 */
public record Survey(List<Sight> followers, int streams, int pulls, int snapshots) {
  public Survey {
    followers = List.copyOf(followers);
  }

  /**
   * One follower.
   *
   * @param gone whether it was not heard of for a while: it is off, or follows another node
   * @param digestsEqual empty: not compared yet
   * @param stalled whether its synchronisation does not move though there is something to send
   */
  public record Sight(
      String id,
      Subscription subscription,
      Revision cursor,
      State state,
      boolean gone,
      Optional<Boolean> digestsEqual,
      boolean stalled) {}
}
