package io.syncline.bench.fanout;

import io.syncline.bench.store.Target.WriteListener;
import io.syncline.client.sync.Replica;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A copy that keeps its cursor and nothing else, so that thousands fit into one program. The code that
 * feeds it verifies every batch as for any copy; having no contents, it cannot be compared with the
 * centre, so it must be of a part of a namespace, not of a whole one. Used on one loop.
 */
final class LightReplica implements Replica {
  private final WriteListener listener;
  private Revision cursor;
  private @Nullable UUID cluster;
  private long term;

  /**
   * @param from where it stands at the beginning
   * @param listener told of each change
   */
  LightReplica(Revision from, WriteListener listener) {
    this.cursor = from;
    this.listener = listener;
  }

  @Override
  public Optional<UUID> cluster() {
    return Optional.ofNullable(cluster);
  }

  @Override
  public Revision cursor() {
    return cursor;
  }

  @Override
  public long term() {
    return term;
  }

  @Override
  public void apply(ChangeBatch batch) {
    if (!batch.from().equals(cursor)) {
      throw new IllegalStateException(batch + " (expected: one that begins at " + cursor + ")");
    }
    for (ConfigVersion change : batch.changes()) {
      listener.written(change.key(), change.content(), change.revision());
    }
    reach(batch.cluster(), batch.term(), batch.to());
  }

  /** A snapshot leaves out steps: what was to be seen one by one never will be. */
  @Override
  public void stage(SnapshotPart part) {
    if (part.last()) {
      listener.ended(new IllegalStateException("sent a snapshot at revision " + part.at()
          + " (expected: each change since " + cursor + "); it had fallen behind the history"));
      reach(part.cluster(), part.term(), part.at());
    }
  }

  private void reach(UUID ofCluster, long inTerm, Revision revision) {
    cluster = ofCluster;
    term = inTerm;
    cursor = revision;
  }

  @Override
  public Optional<Staged> staged() {
    return Optional.empty();
  }

  @Override
  public void dropStaged() {
    // nothing is kept
  }

  @Override
  public Set<NamespaceName> namespaces() {
    return Set.of();
  }

  @Override
  public Checksum digest(NamespaceName namespace) {
    return new DigestBuckets().digest();
  }

  @Override
  public DigestBuckets recount(Selector selector) {
    throw noContents();
  }

  @Override
  public List<Entry> entries(Selector selector, int bucket) {
    throw noContents();
  }

  @Override
  public void repair(Selector selector, List<ConfigVersion> heads, List<Key> gone) {
    throw noContents();
  }

  private static UnsupportedOperationException noContents() {
    return new UnsupportedOperationException("a light copy has no contents to compare");
  }
}
