package io.syncline.model;

import java.time.Duration;
import java.time.Instant;

/**
 * A promise of a client to come again: keys that hang on it go when it does not.
 *
 * @param id not 0
 * @param ttl how long it lasts from the last time the client came
 * @param remaining how long it lasted still when that was noted
 * @param noted when, by the store's clock
 */
public record Lease(long id, Duration ttl, Duration remaining, Instant noted) {
  /** The longest there is, as in etcd: about 285 years. */
  public static final long MAX_TTL_SECONDS = 9_000_000_000L;

  /** The most leases there may be. */
  public static final int MAX_COUNT = 200_000;

  /** How long it lasts from now on, by the store's clock, unless its client has come since. */
  public Duration remainingAt(Instant now) {
    Duration left = remaining.minus(Duration.between(noted, now));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The same, noted anew. */
  public Lease withRemaining(Duration left, Instant now) {
    return new Lease(id, ttl, left, now);
  }
}
