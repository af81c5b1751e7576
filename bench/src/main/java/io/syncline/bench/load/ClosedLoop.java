package io.syncline.bench.load;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Each slot starts its next operation as soon as it asks. */
final class ClosedLoop implements Schedule {
  private final LongSupplier elapsedNanos;
  private final long endNanos;
  private final AtomicLong left;
  private volatile boolean closed;

  ClosedLoop(Load load, LongSupplier elapsedNanos) {
    this.elapsedNanos = elapsedNanos;
    this.endNanos = load.endNanos();
    this.left = new AtomicLong(load.maxOperations());
  }

  @Override
  public long claim(Slot slot) {
    long now = elapsedNanos.getAsLong();
    return closed || now >= endNanos || left.getAndDecrement() <= 0 ? NOTHING : now;
  }

  @Override
  public long advance(long elapsed) {
    return endNanos;
  }

  @Override
  public boolean exhausted() {
    return closed || left.get() <= 0 || elapsedNanos.getAsLong() >= endNanos;
  }

  @Override
  public long close() {
    closed = true;
    return 0;
  }
}
