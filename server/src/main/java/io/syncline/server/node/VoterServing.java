package io.syncline.server.node;

import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.server.conflict.Conflicts;
import io.syncline.server.conflict.WriteMeters;
import io.syncline.server.draft.Drafts;
import io.syncline.server.feed.Watches;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.read.Freshness;
import io.syncline.server.read.ReadMeters;
import io.syncline.server.read.Reads;
import io.syncline.server.rpc.Serving;
import io.syncline.server.store.Store;
import io.syncline.server.sync.SyncServer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The parts of a voter that belongs to a cluster. */
record VoterServing(
    RaftNode raft,
    Store store,
    Reads reads,
    Freshness freshness,
    Watches watches,
    SyncServer sync,
    Conflicts conflicts,
    ReadMeters readMeters,
    WriteMeters writeMeters)
    implements Serving {

  @Override
  public Drafts drafts() {
    throw isNoFollower("it takes writes themselves; drafts are kept by followers");
  }

  @Override
  public CompletableFuture<List<NamespaceComparison>> verify(
      Set<NamespaceName> namespaces, boolean repair) {
    throw isNoFollower("it is no copy of another; verify a follower");
  }

  private RejectedException isNoFollower(String why) {
    return new RejectedException(Rejection.of(
        Reason.WRONG_STATE, "this is voter \"" + raft.membership().self().name() + "\": " + why));
  }

  @Override
  public ResponseHeader header(Revision revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(raft.membership().clusterId().toString())
        .setVoter(raft.membership().self().name())
        .setRevision(revision.value())
        .setTerm(raft.term())
        .build();
  }

  @Override
  public CompletableFuture<Outcome.Committed> write(ProposedCommand command) {
    long startNanos = System.nanoTime();
    return raft.propose(command).thenApply(outcome -> {
      if (outcome instanceof Outcome.Committed committed) {
        writeMeters.carriedOut(command.command(), startNanos);
        return committed;
      }
      Rejection why = ((Outcome.Rejected) outcome).rejection();
      writeMeters.refused(why);
      throw new RejectedException(why);
    });
  }

  @Override
  public void afterOutcomes(Runnable task) {
    raft.afterOutcomes(task);
  }

  /** A refusal becomes a {@link RejectedException}. */
  static CompletableFuture<Outcome.Committed> propose(RaftNode raft, ProposedCommand command) {
    return raft.propose(command).thenApply(outcome -> {
      if (outcome instanceof Outcome.Committed committed) {
        return committed;
      }
      throw new RejectedException(((Outcome.Rejected) outcome).rejection());
    });
  }
}
