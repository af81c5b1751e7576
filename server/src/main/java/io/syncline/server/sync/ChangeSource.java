package io.syncline.server.sync;

import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is served downstream: a voter's state, or a relay's copy of it. Any thread. Refusals are {@link
 * io.syncline.model.RejectedException}.
 */
public interface ChangeSource {
  /** The namespaces there are. */
  Set<NamespaceName> namespaces();

  /** Where it stands. Cheap: asked on every turn. */
  Revision revision();

  /**
   * Where it stands, all of one moment.
   *
   * @param digestsOf whose digests are wanted
   */
  Position position(Set<NamespaceName> digestsOf);

  /**
   * What comes after a revision, within a subscription.
   *
   * @param from before {@link #revision}
   * @param maxChanges the most changes; a single larger revision comes whole
   * @return empty if the history since then is gone
   */
  Optional<ChangeBatch> after(
      Revision from, Subscription subscription, int maxChanges, long maxBytes);

  /** How many live keys the namespaces of a subscription have, about. */
  long keys(Subscription subscription);

  /** When the oldest change after a revision was committed; empty if there is none, or no more. */
  Optional<Instant> committedAfter(Revision revision);

  /**
   * The next part of a snapshot.
   *
   * @param since only heads that changed after it; zero: everything live. A source that does not know
   *     what was deleted since then gives everything instead, and says so in the part
   * @param at the revision to show; zero: the newest
   * @param after the last key that is there already; null: from the start
   */
  Part snapshot(
      Subscription subscription,
      Revision since,
      Revision at,
      @Nullable Selector after,
      int index,
      long maxBytes);

  /**
   * A part, and where to go on.
   *
   * @param after the last key looked at; null: none was
   */
  record Part(SnapshotPart part, @Nullable Selector after) {}

  /** The digest buckets of what a selector covers, as it was at a revision. */
  DigestBuckets buckets(Selector selector, Revision at);

  /** The live keys of one bucket, as they were at a revision, without contents. */
  List<ConfigVersion> bucket(Selector selector, Revision at, int bucket);

  /** The heads of some keys, as they were at a revision; those that did not exist are left out. */
  List<ConfigVersion> heads(NamespaceName namespace, List<Key> keys, Revision at);

  /** The followers that the log remembers. */
  List<FollowerRegistration> registered();

  /** What it has a copy of; empty: everything. */
  Optional<Subscription> scope();

  /**
   * Where a source stands.
   *
   * @param time of the last change, by the store's clock
   * @param path the relays between it and a voter, farthest first, itself last; empty at a voter
   * @param ageMs how long ago it surely was equal to a voter; 0 at a voter that hears a leader
   */
  record Position(
      UUID cluster,
      Revision revision,
      long term,
      Instant time,
      Map<NamespaceName, Checksum> digests,
      List<String> path,
      long ageMs) {
    public Position {
      digests = Map.copyOf(digests);
      path = List.copyOf(path);
    }
  }
}
