package io.syncline.client.sync;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A loop on a thread of its own. What is given to it after its close is dropped. */
public final class ThreadLoop implements Loop, AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor thread;
  private final Consumer<Throwable> onError;

  /**
   * @param onError told of what a task did not catch; the loop goes on
   */
  public ThreadLoop(String name, Consumer<Throwable> onError) {
    this.onError = onError;
    thread = new ScheduledThreadPoolExecutor(1, task -> {
      var made = new Thread(task, name);
      made.setDaemon(true);
      return made;
    });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      // closed
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> future =
          thread.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      onError.accept(e);
    }
  }

  /** Finishes what was given to it, and ends. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
