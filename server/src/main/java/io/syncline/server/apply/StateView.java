package io.syncline.server.apply;

import io.syncline.model.AuthState;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.store.LeasedKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The state a command is decided on: everything before it in the log, its own batch included. */
interface StateView {
  Revision revision();

  /** The time of the batch; never before that of an earlier one. */
  Instant time();

  /** Users, roles, and whether they matter. */
  AuthState auth();

  int nextNamespaceId();

  @Nullable
  NamespaceRecord namespace(NamespaceName name);

  List<NamespaceRecord> namespaces();

  /** The key's newest version, which may be a tombstone; null if it never existed. */
  @Nullable
  ConfigVersion head(NamespaceRecord namespace, Key key);

  /** A version of the key; null if there is none or no more. */
  @Nullable
  ConfigVersion version(NamespaceRecord namespace, Key key, Version version);

  /** The revision of a version; null if there is none or no more. */
  @Nullable
  Revision revisionOf(NamespaceRecord namespace, Key key, Version version);

  /**
   * A version that the history still answers for, or null. Whether it does follows from the log alone,
   * not from whether the sweep has come by: all voters must decide alike.
   *
   * @param head the newest version of the key
   */
  default @Nullable ConfigVersion keptVersion(
      NamespaceRecord namespace, ConfigVersion head, Version wanted) {
    if (wanted.equals(head.version())) {
      return head;
    }
    Revision supersededAt = revisionOf(namespace, head.key(), wanted.next());
    return supersededAt == null || !supersededAt.isAfter(namespace.horizon())
        ? null
        : version(namespace, head.key(), wanted);
  }

  /** The id that the next conflict gets. */
  long nextConflictId();

  /** How many conflicts are kept. */
  long conflictsKept();

  /** Null if there is none, or no more. */
  @Nullable
  Conflict conflict(long id);

  /**
   * The open conflict about a content that was to become a key's.
   *
   * @param theirs null: the key was to be deleted
   * @return its id; 0: there is none
   */
  long openConflict(NamespaceRecord namespace, Key key, @Nullable Checksum theirs);

  /** Live newest versions in key order, at most {@code limit}. */
  default List<ConfigVersion> liveHeads(NamespaceRecord namespace, KeyRange range, int limit) {
    var live = new ArrayList<ConfigVersion>();
    eachHead(namespace, range, head -> {
      if (head.live()) {
        live.add(head);
      }
      return live.size() < limit;
    });
    return live;
  }

  /**
   * Shows newest versions in key order, tombstones included.
   *
   * @param shown returns whether to go on
   */
  void eachHead(NamespaceRecord namespace, KeyRange range, Predicate<ConfigVersion> shown);

  /** Null if there is none, or no more. */
  @Nullable
  Lease lease(long id);

  /** The keys that hang on a lease, in order. */
  SortedSet<LeasedKey> keysOfLease(long id);
}
