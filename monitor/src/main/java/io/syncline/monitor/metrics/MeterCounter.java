package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.Counter;

/** Counts. Any thread. */
public final class MeterCounter {
  private final Counter counter;

  MeterCounter(Counter counter) {
    this.counter = counter;
  }

  public void increment() {
    counter.increment();
  }

  public void add(long count) {
    counter.increment((double) count);
  }
}
