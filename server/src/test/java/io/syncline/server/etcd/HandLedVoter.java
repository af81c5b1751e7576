package io.syncline.server.etcd;

import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.server.AppliedStore;
import io.syncline.server.store.StoreReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A voter whose store is real, and whose log and part in Raft are moved by hand. */
final class HandLedVoter implements Lessor.Voter {
  static final NamespaceName NAMESPACE = NamespaceName.DEFAULT;

  private final AppliedStore store;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final List<KeyspaceCommand> proposed = new ArrayList<>();

  /** 0: it does not lead, and knows it. */
  long term = 1;
  /** Whether it is the one that others take for the leader. */
  boolean really = true;
  /** Whether what is proposed waits to be committed. */
  boolean slow;

  private record Waiting(ProposedCommand command, CompletableFuture<Outcome.Committed> outcome) {}

  HandLedVoter(AppliedStore store) {
    this.store = store;
  }

  @Override
  public long leadingTerm() {
    return term;
  }

  @Override
  public CompletableFuture<Void> confirmLeading() {
    return really
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new RejectedException(notLeader()));
  }

  @Override
  public Rejection notLeader() {
    return Rejection.notLeader(null);
  }

  @Override
  public List<Lease> leases() {
    return store.store().readSnapshot(StoreReader::leases);
  }

  @Override
  public CompletableFuture<Outcome.Committed> carryOut(Caller caller, KeyspaceCommand command) {
    proposed.add(command);
    var outcome = new CompletableFuture<Outcome.Committed>();
    waiting.add(new Waiting(
        new ProposedCommand(null, Actor.SYNCLINE, "", new Command.Keyspace(command, 0)), outcome));
    if (!really) {
      lose(0);
    } else if (!slow) {
      commit(waiting.size());
    }
    return outcome;
  }

  @Override
  public CompletableFuture<Outcome.Committed> end(long leaseId) {
    return carryOut(Caller.NOBODY, new KeyspaceCommand.RevokeLease(NAMESPACE, leaseId));
  }

  @Override
  public CompletableFuture<Outcome.Committed> note(NoteLeases note) {
    return carryOut(Caller.NOBODY, note);
  }

  /** What was proposed since the last call. */
  List<KeyspaceCommand> takeProposed() {
    var taken = List.copyOf(proposed);
    proposed.clear();
    return taken;
  }

  int waiting() {
    return waiting.size();
  }

  /** The first few that wait are committed. */
  void commit(int count) {
    for (int i = 0; i < count && !waiting.isEmpty(); i++) {
      Waiting next = waiting.remove();
      Outcome outcome = store.apply(List.of(next.command)).outcomes().get(0);
      if (outcome instanceof Outcome.Committed committed) {
        next.outcome.complete(committed);
      } else {
        refuse(next, ((Outcome.Rejected) outcome).rejection());
      }
    }
  }

  /** The first few that wait are committed, and nobody here hears of it; the others are lost. */
  void lose(int committed) {
    for (int i = 0; !waiting.isEmpty(); i++) {
      Waiting next = waiting.remove();
      if (i < committed) {
        store.apply(List.of(next.command));
      }
      refuse(next, Rejection.of(Reason.OUTCOME_UNKNOWN, "the leader changed"));
    }
  }

  private static void refuse(Waiting waiting, Rejection why) {
    waiting.outcome.completeExceptionally(new RejectedException(why));
  }
}
