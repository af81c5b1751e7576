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
import io.syncline.server.draft.Drafts;
import io.syncline.server.feed.Watches;
import io.syncline.server.follower.StoreReplica;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.read.Freshness;
import io.syncline.server.read.ReadMeters;
import io.syncline.server.read.Reads;
import io.syncline.server.rpc.Serving;
import io.syncline.server.sync.SyncServer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The parts of a follower. */
record FollowerServing(
    FollowerSettings settings,
    StoreReplica replica,
    Reads reads,
    Freshness freshness,
    Watches watches,
    SyncServer sync,
    Drafts drafts,
    ReadMeters readMeters,
    Verifying verifying)
    implements Serving {

  /** Compares the copy with what it is a copy of. */
  interface Verifying {
    CompletableFuture<List<NamespaceComparison>> verify(
        Set<NamespaceName> namespaces, boolean repair);
  }

  @Override
  public CompletableFuture<List<NamespaceComparison>> verify(
      Set<NamespaceName> namespaces, boolean repair) {
    return verifying.verify(namespaces, repair);
  }

  @Override
  public Conflicts conflicts() {
    throw new RejectedException(Rejection.of(
        Reason.WRONG_STATE,
        "this is follower \""
            + settings.id()
            + "\": it keeps no conflicts and takes no writes; ask a voter (it follows "
            + settings.upstreams()
            + ")"));
  }

  @Override
  public RaftNode raft() {
    throw new RejectedException(takesNoWrites());
  }

  @Override
  public ResponseHeader header(Revision revision) {
    var header = ResponseHeader.newBuilder()
        .setVoter(settings.id())
        .setRevision(revision.value())
        .setTerm(replica.term());
    replica.cluster().ifPresent(cluster -> header.setClusterId(cluster.toString()));
    return header.build();
  }

  @Override
  public CompletableFuture<Outcome.Committed> write(ProposedCommand command) {
    return CompletableFuture.failedFuture(new RejectedException(takesNoWrites()));
  }

  @Override
  public void afterOutcomes(Runnable task) {
    task.run();
  }

  private Rejection takesNoWrites() {
    return Rejection.of(
        Reason.WRONG_STATE,
        "this is follower \""
            + settings.id()
            + "\": it takes no writes; send them to a voter (it follows "
            + settings.upstreams()
            + "), or keep a draft here (syncline draft)");
  }
}
