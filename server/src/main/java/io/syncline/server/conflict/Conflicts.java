package io.syncline.server.conflict;

import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.server.store.Store;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Everything about conflicts that a voter offers. */
public final class Conflicts implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final int MAX_WAITING = 10_000;

  private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
      WORKERS,
      WORKERS,
      1,
      TimeUnit.MINUTES,
      new ArrayBlockingQueue<>(MAX_WAITING),
      runnable -> new Thread(runnable, "syncline-settler"));
  private final ConflictReads reads;
  private final Settler settler;
  private final ConflictWatches watches;

  /**
   * @param proposing a command; its future ends with a rejection if it is refused
   * @param maxContentBytes of what a merge may make
   * @param watches are told by whoever applies
   * @param writes counts what became of clients' writes
   * @param settled counts conflicts
   */
  public Conflicts(
      Store store,
      Function<ProposedCommand, CompletableFuture<Outcome.Committed>> proposing,
      int maxContentBytes,
      ConflictWatches watches,
      WriteMeters writes,
      ConflictMeters settled) {
    workers.allowCoreThreadTimeOut(true);
    this.reads = new ConflictReads(store);
    this.settler = new Settler(store, proposing, workers, maxContentBytes, writes, settled);
    this.watches = watches;
  }

  public ConflictReads reads() {
    return reads;
  }

  public Settler settler() {
    return settler;
  }

  public ConflictWatches watches() {
    return watches;
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
