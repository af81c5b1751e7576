package io.syncline.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before trying again: exponential, with full jitter, so that many clients that
 * failed at one moment do not come back at one moment.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Marc
 *     Brooker: Exponential Backoff and Jitter</a>
 */
final class Backoff {
  static final Duration FIRST = Duration.ofMillis(10);
  static final Duration LONGEST = Duration.ofMillis(500);

  /** Doubling this often is beyond the longest; it keeps the shift from overflowing. */
  private static final int MAX_DOUBLINGS = 10;

  private final DoubleSupplier random;

  /**
   * @param random gives numbers in [0, 1); called from many threads
   */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * @param failures failed attempts so far, from 1
   */
  Duration delay(int failures) {
    long ceilingNanos =
        Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(failures - 1, MAX_DOUBLINGS));
    return Duration.ofNanos((long) (random.getAsDouble() * ceilingNanos));
  }
}
