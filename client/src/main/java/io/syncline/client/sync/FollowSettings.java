package io.syncline.client.sync;

import java.time.Duration;

/**
 * How a copy is kept in step.
 *
 * @param mode how batches come
 * @param pullWait how long a pull may wait for something to come; the interval of an idle follower
 * @param credits batches the upstream may send ahead of acknowledgements, 1 to 64
 * @param maxChanges the most changes in a batch
 * @param maxBytes the most bytes of a batch; a single larger revision comes nevertheless
 * @param silence after as long without a word, an upstream counts as gone
 * @param leastBackoff the wait before the first retry; doubled for each further, with jitter
 * @param mostBackoff the longest wait
 * @param pushRetry how long to pull before push is tried again, in {@link Mode#AUTO}
 * @param verifyInterval how often the whole copy is read and compared; zero: never
 */
public record FollowSettings(
    Mode mode,
    Duration pullWait,
    int credits,
    int maxChanges,
    int maxBytes,
    Duration silence,
    Duration leastBackoff,
    Duration mostBackoff,
    Duration pushRetry,
    Duration verifyInterval) {

  /** How batches come. */
  public enum Mode {
    /** The follower asks for each batch. */
    PULL,
    /** The upstream sends each batch as it is committed. */
    PUSH,
    /** Push, or pull while push does not work. */
    AUTO
  }

  public static final FollowSettings DEFAULT = new FollowSettings(
      Mode.AUTO,
      Duration.ofSeconds(2),
      8,
      500,
      1 << 20,
      Duration.ofSeconds(3),
      Duration.ofMillis(100),
      Duration.ofSeconds(5),
      Duration.ofSeconds(30),
      Duration.ofMinutes(10));

  /**
   * @throws IllegalArgumentException if a bound is out of range
   */
  public FollowSettings {
    if (credits < 1 || credits > 64 || maxChanges < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("credits: "
          + credits
          + ", max changes: "
          + maxChanges
          + ", max bytes: "
          + maxBytes
          + " (expected: 1 to 64, >= 1, >= 1)");
    }
  }

  public FollowSettings withMode(Mode other) {
    return new FollowSettings(
        other,
        pullWait,
        credits,
        maxChanges,
        maxBytes,
        silence,
        leastBackoff,
        mostBackoff,
        pushRetry,
        verifyInterval);
  }

  public FollowSettings withVerifyInterval(Duration other) {
    return new FollowSettings(
        mode,
        pullWait,
        credits,
        maxChanges,
        maxBytes,
        silence,
        leastBackoff,
        mostBackoff,
        pushRetry,
        other);
  }
}
