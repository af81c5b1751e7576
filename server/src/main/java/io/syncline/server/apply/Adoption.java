package io.syncline.server.apply;

import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.CopyState;
import io.syncline.model.DigestBuckets;
import io.syncline.model.LogPosition;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.SnapshotPart;
import io.syncline.model.StorePosition;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a store that is a copy forward, by what was decided elsewhere: the counterpart of {@link
 * Applier}. One store batch holds the changes, the digests and the position they lead to. Used by one
 * thread.
 */
public final class Adoption {
  /**
   * Heads of a snapshot are numbered from here within their revisions: their real places are not
   * known, and no revision has as many changes.
   */
  private static final int SNAPSHOT_SUB_INDEX = 1 << 20;

  private final Store store;
  private final LiveDigests digests;

  public Adoption(Store store) {
    this.store = store;
    this.digests = new LiveDigests(store);
  }

  /**
   * Applies a batch that continues the store's revision.
   *
   * @param base of the copy
   * @return the digests after it, of the namespaces it changed
   */
  public Map<NamespaceName, Checksum> adopt(ChangeBatch batch, Revision base) {
    StorePosition before = store.position();
    var pending = new PendingState(store, before, batch.committedAt().toEpochMilli(), digests);
    Revision revision = Revision.ZERO;
    int subIndex = 0;
    for (ConfigVersion change : batch.changes()) {
      subIndex = change.revision().equals(revision) ? subIndex + 1 : 0;
      revision = change.revision();
      pending.adopt(change, subIndex);
    }
    pending.reach(batch.to());
    StoreBatch sealed = pending.seal(positionOf(batch.term()));
    sealed.setCopy(new CopyState(batch.cluster(), batch.term(), base, Optional.empty()));
    store.write(sealed);
    return pending.changedDigests();
  }

  /**
   * Adds a part of a snapshot to a store that is being filled.
   *
   * @param copy how far it has come with the part
   */
  public void adopt(SnapshotPart part, CopyState copy) {
    StorePosition before = store.position();
    var pending = new PendingState(store, before, part.time().toEpochMilli(), digests);
    int subIndex = SNAPSHOT_SUB_INDEX
        + Math.toIntExact(copy.staging().map(CopyState.Staging::keys).orElse(0L))
        - part.heads().size();
    for (ConfigVersion head : part.heads()) {
      pending.adopt(head, subIndex++);
    }
    pending.reach(before.revision());
    StoreBatch sealed = pending.seal(positionOf(part.term()));
    sealed.setCopy(copy);
    store.write(sealed);
  }

  /** Declares a store that was filled from a snapshot to be whole: it stands at the revision. */
  public void complete(Revision at, CopyState copy) {
    StorePosition before = store.position();
    var pending = new PendingState(store, before, before.timeMs(), digests);
    pending.reach(at);
    for (NamespaceRecord record : store.namespaces()) {
      // nothing is known of what was between
      pending.raiseHorizon(record.name(), at);
    }
    StoreBatch sealed = pending.seal(positionOf(copy.term()));
    sealed.setCopy(copy);
    store.write(sealed);
  }

  /**
   * Says that what was superseded at or before a revision is not kept any more.
   *
   * @return whether a horizon has moved
   */
  public boolean raiseHorizons(Revision least) {
    StorePosition before = store.position();
    var pending = new PendingState(store, before, before.timeMs(), digests);
    boolean moved = false;
    for (NamespaceRecord record : store.namespaces()) {
      if (least.isAfter(record.horizon()) && record.revision().isAfter(record.horizon())) {
        pending.raiseHorizon(record.name(), least);
        moved = true;
      }
    }
    if (moved) {
      store.write(pending.seal(before.applied()));
    }
    return moved;
  }

  /** Sets the digest of a namespace to what was counted anew. */
  public void recounted(NamespaceRecord namespace, DigestBuckets counted) {
    var batch = new StoreBatch();
    for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
      batch.putDigestBucket(namespace.id(), bucket, counted.get(bucket));
    }
    store.write(batch);
    digests.forget(namespace.id());
  }

  public Checksum digest(NamespaceName name) {
    return store
        .namespace(name)
        .map(record -> digests.of(record.id()).digest())
        .orElseGet(() -> new DigestBuckets().digest());
  }

  /** There is no log here: the term tells which leader's word it is. */
  private static LogPosition positionOf(long term) {
    return new LogPosition(term, 0);
  }
}
