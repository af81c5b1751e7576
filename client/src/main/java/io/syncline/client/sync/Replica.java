package io.syncline.client.sync;

import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Version;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A copy of what is subscribed to. It always equals the centre's state at its {@link #cursor}: a batch
 * is applied as a whole or not at all, and a snapshot is staged aside until its last part is there.
 *
 * <p>Used on one loop. Readers of the copy have their own ways.
 */
public interface Replica {
  /** Of which cluster it is a copy; empty before the first batch. */
  Optional<UUID> cluster();

  /** Up to where everything is applied; zero: it is empty. */
  Revision cursor();

  /** The newest Raft term that anything applied was sent in. */
  long term();

  /**
   * Applies a batch that begins at the cursor.
   *
   * @throws io.syncline.model.Fault if it cannot be written
   */
  void apply(ChangeBatch batch);

  /** The namespaces it has anything of. */
  Set<NamespaceName> namespaces();

  /** The digest of a namespace as the copy has counted it along the way. */
  Checksum digest(NamespaceName namespace);

  /** How far a snapshot has come that is not complete. */
  Optional<Staged> staged();

  /**
   * Adds the next part of a snapshot, which continues {@link #staged} or begins a new one. With the
   * last part the copy becomes what was staged, in one step.
   */
  void stage(SnapshotPart part);

  void dropStaged();

  /**
   * Counts the digest anew, from what is really stored. A content that does not match its checksum is
   * counted as another one.
   */
  DigestBuckets recount(Selector selector);

  /** The live keys of a bucket, as they are really stored, in order. */
  List<Entry> entries(Selector selector, int bucket);

  /**
   * Replaces what is damaged; the cursor stays.
   *
   * @param heads as they must be, each at or before the cursor
   * @param gone keys that must not be
   */
  void repair(Selector selector, List<ConfigVersion> heads, List<Key> gone);

  /** One live key. */
  record Entry(Key key, Version version, Checksum checksum) {}

  /**
   * A snapshot under way.
   *
   * @param since only what changed after it
   * @param at the revision it leads to
   * @param after the last key that is there, with its selector
   * @param parts how many parts are there
   */
  record Staged(Revision since, Revision at, Optional<After> after, int parts, long keys) {
    /** A place in a snapshot. */
    public record After(Selector selector, Key key) {}
  }
}
