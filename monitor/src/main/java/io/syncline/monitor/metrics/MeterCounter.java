package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.Counter;
import org.jspecify.annotations.Nullable;

/** Counts. Any thread. */
public final class MeterCounter {
  /** Counts nothing. */
  public static final MeterCounter NONE = new MeterCounter(null);

  private final @Nullable Counter counter;

  MeterCounter(@Nullable Counter counter) {
    this.counter = counter;
  }

  public void increment() {
    if (counter != null) {
      counter.increment();
    }
  }

  public void add(long count) {
    if (counter != null) {
      counter.increment((double) count);
    }
  }
}
