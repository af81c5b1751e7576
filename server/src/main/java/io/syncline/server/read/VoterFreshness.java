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

/**
 * Sees to it that the store is as fresh as a read demands before it is read.
 *
 * <p>A linearizable read needs proof that nobody else leads. Under the leader's lease the proof is at
 * hand: what this voter has applied then holds every acknowledged write, for it acknowledges none
 * before applying it. Without the lease a barrier rides in the next group commit. Ratis' own read
 * index is not used: docs/adr/0002.
 */
public final class VoterFreshness implements Freshness {
  private static final CompletableFuture<Void> FRESH = CompletableFuture.completedFuture(null);
  private static final ProposedCommand BARRIER =
      new ProposedCommand(null, Actor.SYNCLINE, "", new Command.Barrier());

  private final RaftNode raft;
  private final RevisionWaits waits;

  public VoterFreshness(RaftNode raft, Store store) {
    this.raft = raft;
    this.waits = new RevisionWaits(store);
  }

  @Override
  public CompletableFuture<Void> await(Consistency consistency) {
    if (consistency instanceof Consistency.AtLeast atLeast) {
      return waits.await(atLeast.revision());
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

  @Override
  public void onRevision(Revision reached) {
    waits.onRevision(reached);
  }

  private static CompletableFuture<Void> rejected(Rejection rejection) {
    return CompletableFuture.failedFuture(new RejectedException(rejection));
  }
}
