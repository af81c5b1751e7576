package io.syncline.server.read;

import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.store.Store;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Reads that wait until the store has reached a revision. Any thread. */
public final class RevisionWaits {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int MAX_WAITING = 10_000;

  private record Wait(long revision, long number) implements Comparable<Wait> {
    @Override
    public int compareTo(Wait other) {
      int byRevision = Long.compare(revision, other.revision);
      return byRevision != 0 ? byRevision : Long.compare(number, other.number);
    }
  }

  private final Store store;
  private final ConcurrentSkipListMap<Wait, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicLong waitNumbers = new AtomicLong();

  public RevisionWaits(Store store) {
    this.store = store;
  }

  /** Completes when the store has reached the revision; with a {@link RejectedException} if not in time. */
  public CompletableFuture<Void> await(Revision revision) {
    if (!store.position().revision().isBefore(revision)) {
      return CompletableFuture.completedFuture(null);
    }
    if (waitingCount.incrementAndGet() > MAX_WAITING) {
      waitingCount.decrementAndGet();
      return rejected(
          Rejection.tooMany("reads waiting for a revision", MAX_WAITING + 1L, MAX_WAITING));
    }
    var wait = new Wait(revision.value(), waitNumbers.incrementAndGet());
    var reached = new CompletableFuture<Void>();
    waiting.put(wait, reached);
    // it may have been reached before the wait was noted
    onRevision(store.position().revision());
    return reached
        .orTimeout(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, error) -> {
          waiting.remove(wait);
          waitingCount.decrementAndGet();
        })
        .exceptionallyCompose(error -> rejected(notReached(revision, error)));
  }

  private Rejection notReached(Revision revision, Throwable error) {
    return error instanceof TimeoutException
        ? Rejection.futureRevision(revision, store.position().revision())
        : Rejection.of(Reason.NOT_READY, "the wait for revision " + revision + " ended");
  }

  /** Wakes those that wait for what has been reached. */
  public void onRevision(Revision reached) {
    if (waiting.isEmpty()) {
      return;
    }
    var satisfied = waiting.headMap(new Wait(reached.value(), Long.MAX_VALUE), true);
    satisfied.values().forEach(wait -> wait.complete(null));
  }

  private static CompletableFuture<Void> rejected(Rejection rejection) {
    return CompletableFuture.failedFuture(new RejectedException(rejection));
  }
}
