package io.syncline.server.sync;

import io.syncline.model.Revision;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one follower's synchronisation moves. If it does not, though there is something to send, its
 * stream is ended a few times, each after a longer wait, so that it begins anew; after that only those
 * can help who read the log and the metrics. Told once when it stalls, once when nothing helped, and
 * once when it moves again. Used on one loop.
 */
final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

  /** Further ones would help no more, and cost both sides a connection each. */
  static final int MOST_RETRIES = 3;

  private final String follower;
  /** The moment it last moved, or had nothing to do, or was begun anew. */
  private long sinceMs;

  private int retries;
  private boolean givenUp;
  private Instant stalledSince = Instant.EPOCH;

  Progress(String follower, long nowMs) {
    this.follower = follower;
    this.sinceMs = nowMs;
  }

  boolean stalled() {
    return retries > 0;
  }

  /** It applied something. */
  void moved(Revision to, long nowMs) {
    if (stalled()) {
      LOG.info(
          "a follower's synchronisation moves again: follower={} cursor={} stalled_since={}"
              + " retries={}",
          follower,
          to,
          stalledSince,
          retries);
    }
    retries = 0;
    givenUp = false;
    sinceMs = nowMs;
  }

  /** There is nothing that it could apply: no time passes for it. */
  void rest(long nowMs) {
    sinceMs = nowMs;
  }

  /**
   * There is something, and it was not applied yet.
   *
   * @param stall how long that may last
   * @return whether its stream is to be ended, so that it begins anew
   */
  boolean isToBeginAnew(Revision cursor, Revision head, Duration stall, long nowMs, Instant now) {
    long waited = nowMs - sinceMs;
    if (givenUp || waited < stall.toMillis() << retries) {
      return false;
    }
    if (retries == 0) {
      stalledSince = now.minusMillis(waited);
      LOG.warn(
          "a follower's synchronisation is stalled, and is begun anew: follower={} cursor={} head={}"
              + " since={}; if it does not move soon, look into the follower's log, and at its disk"
              + " and network",
          follower,
          cursor,
          head,
          stalledSince);
    } else if (retries >= MOST_RETRIES) {
      givenUp = true;
      LOG.warn(
          "a follower's synchronisation stays stalled: follower={} cursor={} head={} since={}"
              + " retries={}; it is not begun anew any more: restart the follower, or empty its"
              + " folder so that it is copied anew",
          follower,
          cursor,
          head,
          stalledSince,
          retries);
      return false;
    }
    retries++;
    sinceMs = nowMs;
    return true;
  }
}
