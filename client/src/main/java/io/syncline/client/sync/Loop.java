package io.syncline.client.sync;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * One thread with a clock. Everything that belongs together runs on one loop, one task after the other,
 * so that nothing of it needs a lock. Tasks never block for long.
 */
public interface Loop extends Executor {
  /** Time that never runs backwards, in milliseconds since some moment. */
  long nowMs();

  /** Runs a task on the loop after a while. */
  Timer after(Duration delay, Runnable task);

  /** A task to come. */
  interface Timer {
    /** To be called on the loop: then the task surely does not run. */
    void cancel();
  }
}
