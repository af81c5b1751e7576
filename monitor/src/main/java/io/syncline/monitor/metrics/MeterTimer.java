package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Takes times. Any thread. */
public final class MeterTimer {
  private final Timer timer;

  MeterTimer(Timer timer) {
    this.timer = timer;
  }

  public void recordNanos(long nanos) {
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Takes the time since {@link System#nanoTime} was {@code startNanos}. */
  public void recordSince(long startNanos) {
    recordNanos(System.nanoTime() - startNanos);
  }
}
