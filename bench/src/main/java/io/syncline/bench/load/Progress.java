package io.syncline.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Told about once a second how a run goes, on the thread that runs it. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (elapsed, warmingUp, interval, errors) -> {};

  /**
   * @param elapsed since the start of the warm-up
   * @param interval latencies counted since the last call, in nanoseconds; empty in the warm-up
   * @param errors counted so far
   */
  void tick(Duration elapsed, boolean warmingUp, Histogram interval, long errors);
}
