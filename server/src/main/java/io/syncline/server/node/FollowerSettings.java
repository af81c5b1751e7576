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
 * @param proposeTo voters to which drafts are proposed
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
    List<Endpoint> proposeTo,
    Duration history,
    Duration maxLag,
    int feedChanges,
    long feedBytes,
    int maxWatches,
    MonitoringSettings monitoring) {
  public static final int FEED_CHANGES = 4096;
  public static final long FEED_BYTES = 64L << 20;
  public static final int MAX_WATCHES = 10_000;

  /**
   * @throws RefusedToStart if the settings contradict each other
   */
  public FollowerSettings {
    upstreams = List.copyOf(upstreams);
    proposeTo = List.copyOf(proposeTo);
    try {
      Self.requireId(id);
    } catch (IllegalArgumentException e) {
      throw new RefusedToStart(String.valueOf(e.getMessage()));
    }
    if (upstreams.isEmpty()) {
      throw new RefusedToStart(
          "upstreams: none (expected: the addresses of voters or of followers to follow)");
    }
    if (proposeTo.isEmpty()) {
      throw new RefusedToStart("propose-to: none (expected: the addresses of voters)");
    }
  }
}
