package io.syncline.server.read;

import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.Consistency;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees to it that the store is as fresh as a read demands before it is read.
 *
 * <p>A linearizable read needs proof that nobody else leads. Under the leader's lease the proof is at
 * hand: what this voter has applied then holds every acknowledged write, for it acknowledges none
 * before applying it. Without the lease a barrier rides in the next group commit. Ratis' own read
 * index is not used: docs/adr/0002.
 */
public final class Freshness {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int MAX_WAITING = 10_000;
  private static final CompletableFuture<Void> FRESH = CompletableFuture.completedFuture(null);
  private static final ProposedCommand BARRIER =
      new ProposedCommand(null, Actor.SYNCLINE, "", new Command.Barrier());

  private record Wait(long revision, long number) implements Comparable<Wait> {
    @Override
    public int compareTo(Wait other) {
      int byRevision = Long.compare(revision, other.revision);
      return byRevision != 0 ? byRevision : Long.compare(number, other.number);
    }
  }

  private final RaftNode raft;
  private final Store store;
  private final ConcurrentSkipListMap<Wait, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private final AtomicLong waitNumbers = new AtomicLong();

  public Freshness(RaftNode raft, Store store) {
    this.raft = raft;
    this.store = store;
  }

  /**
   * Completes when the store may be read; with a {@link RejectedException} if it may not. Often it is
   * complete at once.
   */
  public CompletableFuture<Void> await(Consistency consistency) {
    if (consistency instanceof Consistency.AtLeast atLeast) {
      return awaitRevision(atLeast.revision());
    }
    if (consistency instanceof Consistency.Stale stale) {
      return requireHeard(stale.bound());
    }
    return awaitLinearizable();
  }

  private CompletableFuture<Void> awaitLinearizable() {
    if (!raft.leads()) {
      return rejected(raft.notLeader());
    }
    if (raft.holdsLease()) {
      return FRESH;
    }
    return raft.propose(BARRIER)
        .thenCompose(outcome -> outcome instanceof Outcome.Rejected rejected
            ? rejected(asRead(rejected.rejection()))
            : FRESH);
  }

  /** A barrier whose outcome is unknown has still changed nothing. */
  private static Rejection asRead(Rejection rejection) {
    return rejection.reason() == Reason.OUTCOME_UNKNOWN
        ? Rejection.of(Reason.NOT_READY, "the leader changed during the read; read again")
        : rejection;
  }

  private CompletableFuture<Void> requireHeard(Duration bound) {
    if (bound.isZero()) {
      return FRESH;
    }
    Optional<Duration> age = raft.sinceLeader();
    if (age.isPresent() && age.get().compareTo(bound) <= 0) {
      return FRESH;
    }
    return rejected(Rejection.of(
        Reason.TOO_STALE,
        "this voter heard from a leader "
            + age.map(a -> a.toMillis() + " ms ago").orElse("not at all")
            + " (expected: at most "
            + bound.toMillis()
            + " ms ago); ask another voter, or accept an older answer"));
  }

  private CompletableFuture<Void> awaitRevision(Revision revision) {
    if (!store.position().revision().isBefore(revision)) {
      return FRESH;
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

  /** Wakes the reads that wait for what has been reached. */
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
