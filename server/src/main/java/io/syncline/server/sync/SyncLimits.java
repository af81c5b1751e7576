package io.syncline.server.sync;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The bounds of what is served downstream.
 *
 * @param maxFollowers followers known at once; further ones are refused
 * @param maxUnderwayBytes sent to all followers together and not acknowledged, about; each has an equal
 *     share, and a single larger revision is sent nevertheless
 * @param heartbeat how often a stream is told where the head is
 * @param resendAfter a batch unacknowledged for as long is sent again; doubled each time, with jitter
 * @param mostResend the longest such wait
 * @param gone a follower unheard of for as long counts as failed
 * @param forgotten one unheard of for as long is forgotten
 * @param stalled one that applies nothing for as long, though there is something, is begun anew
 * @param longHistory one that lacks as many revisions, and {@link #LONG_FOR_A_KEY} for each key there
 *     is, is given the net difference and not each of them
 */
public record SyncLimits(
    int maxFollowers,
    long maxUnderwayBytes,
    Duration heartbeat,
    Duration resendAfter,
    Duration mostResend,
    Duration gone,
    Duration forgotten,
    Duration stalled,
    long longHistory) {
  public static final int DEFAULT_CHANGES = 500;
  public static final int MAX_CHANGES = 10_000;
  public static final int DEFAULT_BYTES = 1 << 20;
  public static final int MAX_BYTES = 8 << 20;
  public static final int MAX_CREDITS = 64;
  /** However many followers there are, each may be sent this much ahead of its acknowledgement. */
  public static final long LEAST_SHARE_BYTES = 16 << 10;

  /** Each holds up to a part in memory; further followers come back a little later. */
  public static final int MAX_SNAPSHOTS = 32;

  public static final int MAX_WAIT_MS = 60_000;

  /** Of so many versions of a key, all but one would be sent in vain. */
  public static final int LONG_FOR_A_KEY = 4;

  public static final int MAX_FETCHED_KEYS = 500;

  public static final SyncLimits DEFAULT = new SyncLimits(
      100_000,
      Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 16),
      Duration.ofSeconds(1),
      Duration.ofSeconds(2),
      Duration.ofSeconds(30),
      Duration.ofSeconds(10),
      Duration.ofDays(7),
      Duration.ofSeconds(30),
      50_000);

  /**
   * Whether the net difference is the shorter way, for one that lacks so many revisions.
   *
   * @param keys how many there are; asked only of one far behind, for most are not
   */
  boolean isLong(long revisions, LongSupplier keys) {
    return revisions >= longHistory && revisions / LONG_FOR_A_KEY >= keys.getAsLong();
  }

  /** How many changes a batch may have, by what was asked for; zero: no wish. */
  static int changes(int asked) {
    return asked <= 0 ? DEFAULT_CHANGES : Math.min(asked, MAX_CHANGES);
  }

  /** How many bytes a batch or part may have, by what was asked for; zero: no wish. */
  static int bytes(int asked) {
    return asked <= 0 ? DEFAULT_BYTES : Math.min(asked, MAX_BYTES);
  }
}
