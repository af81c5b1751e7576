package io.syncline.server.etcd;

import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.Futures;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.Lease;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.server.raft.RaftNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The voter behind a keyspace, as its lessor needs it. */
record LeadingVoter(Keyspace keyspace) implements Lessor.Voter {

  @Override
  public long leadingTerm() {
    try {
      RaftNode raft = keyspace.serving().raft();
      long term = raft.term();
      return raft.leads() && raft.term() == term ? term : 0;
    } catch (RejectedException e) {
      // it does not serve yet
      return 0;
    }
  }

  @Override
  public CompletableFuture<Void> confirmLeading() {
    return Futures.begun(keyspace::fresh);
  }

  @Override
  public Rejection notLeader() {
    try {
      return keyspace.serving().raft().notLeader();
    } catch (RejectedException e) {
      return e.rejection();
    }
  }

  @Override
  public List<Lease> leases() {
    return keyspace.serving().reads().leases();
  }

  @Override
  public CompletableFuture<Outcome.Committed> carryOut(Caller caller, KeyspaceCommand command) {
    return Futures.begun(() -> keyspace.carryOut(caller, command));
  }

  @Override
  public CompletableFuture<Outcome.Committed> end(long leaseId) {
    return propose(
        "its lease was not renewed", new KeyspaceCommand.RevokeLease(keyspace.name(), leaseId));
  }

  @Override
  public CompletableFuture<Outcome.Committed> note(NoteLeases note) {
    return propose("", note);
  }

  private CompletableFuture<Outcome.Committed> propose(String why, KeyspaceCommand command) {
    var proposed = new ProposedCommand(null, Actor.SYNCLINE, why, new Command.Keyspace(command, 0));
    return Futures.begun(() -> keyspace.serving().write(proposed));
  }
}
