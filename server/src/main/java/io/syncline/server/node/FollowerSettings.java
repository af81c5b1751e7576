package io.syncline.server.node;

import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.Self;
import io.syncline.model.Endpoint;
import io.syncline.model.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything one may set of a follower.
 *
 * @param id unique among all followers of the cluster
 * @param advertise where others reach this follower, as told to them
 * @param upstreams what it follows: voters, or followers that relay; the next one when one fails
 * @param history what was superseded longer ago is let go
 * @param maxLag a copy older than this is not ready
 * @param feedChanges recent changes kept in memory, at most
 * @param feedBytes their bytes, at most
 * @param maxWatches watches at once, at most
 */
public record FollowerSettings(
    String id,
    Path data,
    Endpoint listen,
    Endpoint advertise,
    List<Endpoint> upstreams,
    Subscription subscription,
    FollowSettings follow,
    Duration history,
    Duration maxLag,
    int feedChanges,
    long feedBytes,
    int maxWatches) {

  /**
   * @throws RefusedToStart if the settings contradict each other
   */
  public FollowerSettings {
    upstreams = List.copyOf(upstreams);
    try {
      Self.requireId(id);
    } catch (IllegalArgumentException e) {
      throw new RefusedToStart(String.valueOf(e.getMessage()));
    }
    if (upstreams.isEmpty()) {
      throw new RefusedToStart(
          "upstreams: none (expected: the addresses of voters or of followers to follow)");
    }
  }

  /** With the defaults for what is rarely set. */
  public static FollowerSettings of(
      String id,
      Path data,
      Endpoint listen,
      List<Endpoint> upstreams,
      Subscription subscription,
      FollowSettings follow) {
    return new FollowerSettings(
        id,
        data,
        listen,
        listen,
        upstreams,
        subscription,
        follow,
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        4096,
        64L << 20,
        10_000);
  }
}
