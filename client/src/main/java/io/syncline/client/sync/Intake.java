package io.syncline.client.sync;

import io.syncline.codec.SyncCodec;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.CorruptBatch;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.BatchFrame;
import io.syncline.proto.sync.v1.Head;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where batches come in: verifies each before it is applied, and compares what comes out with the
 * digests of the centre. Used on one loop.
 */
final class Intake {
  private final Replica replica;
  private final Self self;
  private final Suspects suspects;
  private final Standing standing;
  private final FollowListener listener;

  Intake(
      Replica replica, Self self, Suspects suspects, Standing standing, FollowListener listener) {
    this.replica = replica;
    this.self = self;
    this.suspects = suspects;
    this.standing = standing;
    this.listener = listener;
  }

  /** What became of a batch. But for the first two, {@link Standing#lastError} says why. */
  enum Received {
    APPLIED,
    DUPLICATE,
    GAP,
    CORRUPT,
    FOREIGN,
    STALE_TERM,
    /** Applied, and the copy is not equal to the centre. */
    MISMATCH
  }

  Received receive(BatchFrame frame) {
    Counters counters = standing.counters();
    ChangeBatch batch;
    try {
      batch = SyncCodec.open(frame);
    } catch (CorruptBatch e) {
      standing.noteCorrupt(e);
      return Received.CORRUPT;
    }
    counters.bytes += frame.getBatch().size();
    Optional<String> foreign = foreign(batch.cluster());
    if (foreign.isPresent()) {
      standing.noteError(foreign.get());
      return Received.FOREIGN;
    }
    if (batch.term() < replica.term()) {
      standing.noteError(batch
          + " was sent in term "
          + batch.term()
          + " (expected: "
          + replica.term()
          + " or later)");
      return Received.STALE_TERM;
    }
    Revision cursor = replica.cursor();
    if (!batch.to().isAfter(cursor)) {
      counters.duplicates++;
      return Received.DUPLICATE;
    }
    if (!batch.from().equals(cursor)) {
      standing.noteError(batch + " does not continue revision " + cursor);
      return Received.GAP;
    }
    return apply(batch);
  }

  private Received apply(ChangeBatch batch) {
    replica.apply(batch);
    standing.counters().batches++;
    standing.counters().changes += batch.changes().size();
    standing.noteCursor();
    // compared first: what differs is not to be handed on
    boolean equal = compare(batch.digests());
    listener.onApplied(batch);
    return equal ? Received.APPLIED : Received.MISMATCH;
  }

  /** Compares digests of the centre, of the copy's own revision, with the copy's. */
  boolean compare(Map<NamespaceName, Checksum> digests) {
    boolean equal = true;
    for (var digest : digests.entrySet()) {
      if (!replica.digest(digest.getKey()).equals(digest.getValue())) {
        standing.counters().mismatches++;
        standing.noteError("namespace \""
            + digest.getKey()
            + "\" differs from the centre's at revision "
            + replica.cursor());
        suspects.suspect(digest.getKey());
        equal = false;
      }
    }
    if (!equal) {
      standing.tell();
    }
    return equal;
  }

  /** Takes note of where an upstream stands that may be followed. */
  void hear(Head told) {
    standing.noteHead(told);
    Revision reached = new Revision(told.getRevision());
    if (reached.equals(replica.cursor()) && !reached.equals(Revision.ZERO)) {
      compare(SyncCodec.digests(told.getDigestsList()));
    }
    standing.tell();
  }

  /** Why an upstream may not be followed; empty: it may. */
  Optional<String> refusal(Head told) {
    Optional<String> foreign = foreign(UUID.fromString(told.getClusterId()));
    return foreign.isEmpty() && told.getPathList().contains(self.id())
        ? Optional.of("the upstream follows this follower: a loop")
        : foreign;
  }

  /** Why nothing of a cluster may be applied to this copy; empty: it may. */
  Optional<String> foreign(UUID cluster) {
    return replica
        .cluster()
        .filter(ours -> !ours.equals(cluster))
        .map(ours -> "the upstream belongs to cluster "
            + cluster
            + ", this copy to cluster "
            + ours
            + "; follow the right one, or empty the copy's folder");
  }
}
