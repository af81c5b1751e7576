package io.syncline.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Collects latencies from any thread; read out, interval by interval, by one. */
public final class Latencies {
  /** Kept to three digits from a microsecond on; longer ones than this are kept as this. */
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(1);
  private static final int DIGITS = 3;

  private final Recorder recorder = new Recorder(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
  private final Histogram total = new Histogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);

  public void record(long nanos) {
    recorder.recordValue(Math.min(Math.max(nanos, 0), LONGEST_NANOS));
  }

  /** What was recorded since the last call; counted into the total as well. */
  Histogram interval() {
    Histogram interval = recorder.getIntervalHistogram();
    total.add(interval);
    return interval;
  }

  /** All that was recorded so far. */
  public Histogram total() {
    interval();
    return total.copy();
  }
}
