package io.syncline.bench.load;

import java.util.concurrent.locks.LockSupport;

/** Time as the load engine sees it, so that tests can run it virtually. */
public interface Clock {
  Clock SYSTEM = new Clock() {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void parkUntil(long nanos) {
      for (long left = nanos - nanos(); left > 0; left = nanos - nanos()) {
        LockSupport.parkNanos(left);
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    }
  };

  /** As {@link System#nanoTime()}: only differences mean anything. */
  long nanos();

  /** Returns when {@link #nanos()} has reached this value, or at once if the thread is interrupted. */
  void parkUntil(long nanos);
}
