package io.syncline.bench.load;

import java.time.Duration;

/**
 * How much load is put on, and for how long.
 *
 * @param inFlight operations at a time: all the time in a closed loop, at most in an open one
 * @param ratePerSecond operations started per second whatever the answers do (open loop); 0: each slot
 *     starts its next operation when its last one ended (closed loop)
 * @param warmup load before the measurement begins; an operation that ends in it is not counted
 * @param duration of the measurement; a count may end it earlier
 * @param maxOperations ends the run after this many, warm-up included
 * @param seed same seed, same choices in each slot
 */
public record Load(
    int inFlight,
    double ratePerSecond,
    Duration warmup,
    Duration duration,
    long maxOperations,
    long seed) {

  /** The most operations at a time: each holds memory here and on the other side. */
  public static final int MAX_IN_FLIGHT = 65_536;

  private static final Duration FOR_EVER = Duration.ofDays(365);

  /**
   * @throws IllegalArgumentException if a number makes no sense
   */
  public Load {
    if (inFlight < 1 || inFlight > MAX_IN_FLIGHT) {
      throw new IllegalArgumentException(
          "in flight: " + inFlight + " (expected: 1 to " + MAX_IN_FLIGHT + ")");
    }
    if (!(ratePerSecond >= 0 && ratePerSecond <= 10_000_000)) {
      throw new IllegalArgumentException(
          "rate: " + ratePerSecond + "/s (expected: 0, for a closed loop, to 10,000,000/s)");
    }
    if (warmup.isNegative() || duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "warm-up " + warmup + ", duration " + duration + " (expected: >= 0 and > 0)");
    }
    if (maxOperations < 1) {
      throw new IllegalArgumentException("operations: " + maxOperations + " (expected: >= 1)");
    }
  }

  public static Load closed(int inFlight, Duration warmup, Duration duration, long seed) {
    return new Load(inFlight, 0, warmup, duration, Long.MAX_VALUE, seed);
  }

  public static Load open(
      int inFlight, double ratePerSecond, Duration warmup, Duration duration, long seed) {
    return new Load(inFlight, ratePerSecond, warmup, duration, Long.MAX_VALUE, seed);
  }

  /** A closed loop that ends by count alone. */
  public static Load count(int inFlight, long operations, long seed) {
    return new Load(inFlight, 0, Duration.ZERO, FOR_EVER, operations, seed);
  }

  public boolean isOpen() {
    return ratePerSecond > 0;
  }

  long warmupNanos() {
    return warmup.toNanos();
  }

  /** From the start of the warm-up. */
  long endNanos() {
    return warmup.plus(duration).toNanos();
  }
}
