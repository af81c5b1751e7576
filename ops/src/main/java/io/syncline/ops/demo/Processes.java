package io.syncline.ops.demo;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes: first politely. */
final class Processes {
  private Processes() {}

  /** Asks them to end (SIGTERM), and kills (SIGKILL) those that have not after the grace. Waits. */
  static void end(Collection<ProcessHandle> processes, Duration grace) throws InterruptedException {
    processes.forEach(ProcessHandle::destroy);
    if (!awaitEnd(processes, grace)) {
      processes.forEach(ProcessHandle::destroyForcibly);
      awaitEnd(processes, grace);
    }
  }

  private static boolean awaitEnd(Collection<ProcessHandle> processes, Duration time)
      throws InterruptedException {
    var ends = CompletableFuture.allOf(
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    try {
      ends.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
