package io.syncline.server.rpc;

import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.server.conflict.Conflicts;
import io.syncline.server.draft.Drafts;
import io.syncline.server.feed.Watches;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.read.Freshness;
import io.syncline.server.read.ReadMeters;
import io.syncline.server.read.Reads;
import io.syncline.server.sync.SyncServer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The parts a request needs, once the node serves: a voter's or a follower's. */
public interface Serving {
  Reads reads();

  Freshness freshness();

  /** Counts what is read. */
  ReadMeters readMeters();

  Watches watches();

  /** Serves those that follow this node. */
  SyncServer sync();

  /**
   * @throws io.syncline.model.RejectedException at a voter
   */
  Drafts drafts();

  /**
   * @throws io.syncline.model.RejectedException at a follower
   */
  Conflicts conflicts();

  /**
   * Compares the copy with what it is a copy of; refused at a voter.
   *
   * @param namespaces empty: all
   * @param repair whether what differs is repaired
   */
  CompletableFuture<List<NamespaceComparison>> verify(
      Set<NamespaceName> namespaces, boolean repair);

  /**
   * @throws io.syncline.model.RejectedException at a follower
   */
  RaftNode raft();

  /** What stands at the head of an answer that reflects a revision. */
  ResponseHeader header(Revision revision);

  /** Proposes; a refusal becomes a {@link io.syncline.model.RejectedException}. */
  CompletableFuture<Outcome.Committed> write(ProposedCommand command);

  /** Runs the task when everybody is told who waits for an outcome that is known now. */
  void afterOutcomes(Runnable task);
}
