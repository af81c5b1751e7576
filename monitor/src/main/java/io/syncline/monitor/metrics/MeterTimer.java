package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes times. Any thread. */
public final class MeterTimer {
  /** Takes nothing. */
  public static final MeterTimer NONE = new MeterTimer(null);

  private final @Nullable Timer timer;

  MeterTimer(@Nullable Timer timer) {
    this.timer = timer;
  }

  public void recordNanos(long nanos) {
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Takes the time since {@link System#nanoTime} was {@code startNanos}. */
  public void recordSince(long startNanos) {
    if (timer != null) {
      timer.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }
  }
}
