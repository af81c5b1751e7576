package io.syncline.server.sync;

import com.google.protobuf.ByteString;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.model.StorePosition;
import io.syncline.model.Subscription;
import io.syncline.server.feed.Feed;
import io.syncline.server.read.Timeline;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Serves from a store and its feed: a voter's, or a relay's copy. */
public final class StoreSource implements ChangeSource {
  /** Looked at for one batch or part: a sparse subscription costs its steps, not its node. */
  private static final int MAX_LOOKED_AT = 20_000;

  /**
   * A key that has changed since the revision to be shown is looked up in its history, which costs as
   * much as to look at so many others.
   */
  private static final int LOOKED_AT_FOR_HISTORY = 20;

  private final Store store;
  private final Feed feed;
  private final Origin origin;
  private final ConcurrentMap<NamespaceName, Counted> counted = new ConcurrentHashMap<>();

  private record Counted(Revision revision, Checksum digest) {}

  /**
   * Who serves.
   *
   * @param cluster of which the store is; asked only when something is served
   * @param term the newest Raft term known
   * @param path relays between the store and a voter, itself last
   * @param base what was deleted before this revision is not known; zero at a voter
   * @param ageMs how long ago the store surely was equal to a voter's
   * @param scope what the store has a copy of; empty: everything
   */
  public record Origin(
      Supplier<UUID> cluster,
      LongSupplier term,
      Supplier<List<String>> path,
      Supplier<Revision> base,
      LongSupplier ageMs,
      Optional<Subscription> scope) {}

  public StoreSource(Store store, Feed feed, Origin origin) {
    this.store = store;
    this.feed = feed;
    this.origin = origin;
  }

  @Override
  public Revision revision() {
    return feed.head();
  }

  @Override
  public Set<NamespaceName> namespaces() {
    return store.namespaces().stream()
        .map(NamespaceRecord::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Optional<Subscription> scope() {
    return origin.scope();
  }

  @Override
  public List<FollowerRegistration> registered() {
    return store.read(reader -> reader.followers());
  }

  @Override
  public Position position(Set<NamespaceName> digestsOf) {
    if (digestsOf.isEmpty()) {
      return position(store.position(), Map.of());
    }
    return store.readSnapshot(reader -> {
      var digests = new HashMap<NamespaceName, Checksum>();
      digestsOf.forEach(name -> digests.put(name, digest(reader, name)));
      return position(reader.position(), digests);
    });
  }

  private Position position(StorePosition at, Map<NamespaceName, Checksum> digests) {
    return new Position(
        origin.cluster().get(),
        at.revision(),
        origin.term().getAsLong(),
        Instant.ofEpochMilli(at.timeMs()),
        digests,
        origin.path().get(),
        origin.ageMs().getAsLong());
  }

  /** Counted again only after a change of the namespace. */
  private Checksum digest(StoreReader reader, NamespaceName name) {
    NamespaceRecord record = recordOf(reader, name);
    if (record == null) {
      return new DigestBuckets().digest();
    }
    Counted known = counted.get(name);
    if (known != null && known.revision.equals(record.revision())) {
      return known.digest;
    }
    var fresh = new Counted(record.revision(), reader.digestBuckets(record.id()).digest());
    counted.put(name, fresh);
    return fresh.digest;
  }

  /** The store was repaired: what was counted before is not to be trusted. */
  public void recount() {
    counted.clear();
  }

  private @Nullable NamespaceRecord recordOf(StoreReader reader, NamespaceName name) {
    return store
        .namespace(name)
        .map(record -> reader.namespaceRecord(record.id()))
        .orElse(null);
  }

  @Override
  public Optional<ChangeBatch> after(
      Revision from, Subscription subscription, int maxChanges, long maxBytes) {
    var collected = new Collected(subscription, maxChanges, maxBytes);
    Revision to = from;
    int lookedAt = 0;
    Map<NamespaceName, Checksum> digests = new HashMap<>();
    Revision head = feed.head();
    while (to.isBefore(head) && !collected.full() && lookedAt < MAX_LOOKED_AT) {
      Feed.Slice slice = feed.read(to, maxChanges);
      if (!slice.fromMemory() && isHistoryGone(to, subscription)) {
        return Optional.empty();
      }
      lookedAt += slice.changes().size() + 1;
      Revision reached = collected.add(slice);
      slice.changes().forEach(change -> digests.remove(change.namespace()));
      if (reached.equals(slice.to())) {
        digests.putAll(slice.digests());
      }
      to = reached;
    }
    digests.keySet().removeIf(name -> !subscription.hasWhole(name));
    return Optional.of(new ChangeBatch(
        origin.cluster().get(),
        origin.term().getAsLong(),
        from,
        to,
        collected.changes,
        complete(digests, collected.changes, subscription) ? digests : Map.of(),
        collected.committedAt()));
  }

  /** Digests are worth something only if none of a namespace that was changed is missing. */
  private static boolean complete(
      Map<NamespaceName, Checksum> digests,
      List<ConfigVersion> changes,
      Subscription subscription) {
    return changes.stream()
        .map(ConfigVersion::namespace)
        .filter(subscription::hasWhole)
        .allMatch(digests::containsKey);
  }

  /** What fits into one batch, in whole revisions. */
  private static final class Collected {
    private final Subscription subscription;
    private final int maxChanges;
    private final long maxBytes;
    private final List<ConfigVersion> changes = new ArrayList<>();
    private long bytes;
    private boolean full;

    Collected(Subscription subscription, int maxChanges, long maxBytes) {
      this.subscription = subscription;
      this.maxChanges = maxChanges;
      this.maxBytes = maxBytes;
    }

    boolean full() {
      return full || changes.size() >= maxChanges || bytes >= maxBytes;
    }

    /** Returns up to where everything was taken. */
    Revision add(Feed.Slice slice) {
      Revision whole = slice.from();
      int begun = changes.size();
      long bytesBegun = bytes;
      Revision current = Revision.ZERO;
      for (ConfigVersion change : slice.changes()) {
        if (!change.revision().equals(current)) {
          if (full()) {
            full = true;
            return change.revision().previous();
          }
          current = change.revision();
          begun = changes.size();
          bytesBegun = bytes;
        }
        if (subscription.covers(change)) {
          changes.add(change);
          bytes += change.key().bytes().size() + change.sizeBytes();
          if (bytes > maxBytes && begun > 0) {
            // the revision does not fit: the next batch begins with it
            changes.subList(begun, changes.size()).clear();
            bytes = bytesBegun;
            full = true;
            return current.previous();
          }
        }
        whole = current;
      }
      return Revision.max(whole, slice.to());
    }

    Instant committedAt() {
      return changes.isEmpty() ? Instant.EPOCH : changes.get(changes.size() - 1).createdAt();
    }
  }

  private boolean isHistoryGone(Revision from, Subscription subscription) {
    return store.namespaces().stream()
        .filter(record -> !subscription.within(record.name()).isEmpty())
        .anyMatch(record -> from.next().isBefore(record.completeFrom()));
  }

  @Override
  public long keys(Subscription subscription) {
    return store.namespaces().stream()
        .filter(record -> !subscription.within(record.name()).isEmpty())
        .mapToLong(NamespaceRecord::liveKeys)
        .sum();
  }

  @Override
  public Optional<Instant> committedAfter(Revision revision) {
    return store.read(reader -> {
      var found = new ArrayList<Instant>(1);
      reader.changes(revision.next(), placed -> {
        found.add(placed.version().createdAt());
        return false;
      });
      return found.stream().findFirst();
    });
  }

  @Override
  public Part snapshot(
      Subscription subscription,
      Revision since,
      Revision at,
      @Nullable Selector after,
      int index,
      long maxBytes) {
    return store.readSnapshot(reader -> {
      Revision shown = at.equals(Revision.ZERO) ? reader.position().revision() : at;
      // a difference that lacks deletions would be wrong: then everything is sent
      boolean known = !since.isBefore(origin.base().get());
      var part = new Reading(known ? since : Revision.ZERO, shown, maxBytes);
      boolean whole = true;
      for (Selector selector : selectors(subscription)) {
        if (whole && (after == null || !isPast(selector, after))) {
          whole = read(reader, selector, after, part);
        }
      }
      return new Part(describe(reader, subscription, part, whole, index), part.next);
    });
  }

  private List<Selector> selectors(Subscription subscription) {
    return subscription.among(namespaces()).stream()
        .flatMap(name -> subscription.within(name).stream())
        .toList();
  }

  private static boolean isPast(Selector selector, Selector after) {
    int byNamespace = selector.namespace().compareTo(after.namespace());
    KeyRange range = selector.range();
    boolean ended = !range.to().isEmpty()
        && ByteString.unsignedLexicographicalComparator().compare(range.to(), after.prefix()) <= 0;
    return byNamespace < 0 || (byNamespace == 0 && ended);
  }

  /** One part as it is read. */
  private static final class Reading {
    private final Revision since;
    private final Revision at;
    private final long maxBytes;
    private final List<ConfigVersion> heads = new ArrayList<>();
    private long bytes;
    private int lookedAt;
    private @Nullable Selector next;

    Reading(Revision since, Revision at, long maxBytes) {
      this.since = since;
      this.at = at;
      this.maxBytes = maxBytes;
    }

    /** Returns whether there is room for more. */
    boolean add(ConfigVersion head, @Nullable ConfigVersion shown) {
      boolean wanted = shown != null
          && shown.revision().isAfter(since)
          && (shown.live() || !since.equals(Revision.ZERO));
      if (wanted && shown != null) {
        heads.add(shown);
        bytes += shown.key().bytes().size() + shown.sizeBytes();
      }
      next = new Selector(head.namespace(), head.key().bytes());
      lookedAt += head.revision().isAfter(at) ? LOOKED_AT_FOR_HISTORY : 1;
      return bytes < maxBytes && lookedAt < MAX_LOOKED_AT;
    }
  }

  /** Returns whether the selector was read to its end. */
  private boolean read(
      StoreReader reader, Selector selector, @Nullable Selector after, Reading part) {
    NamespaceRecord record = recordOf(reader, selector.namespace());
    if (record == null) {
      return true;
    }
    var timeline = new Timeline(reader, record);
    timeline.requireReadable(part.at);
    var room = new boolean[] {true};
    reader.heads(record.id(), rangeAfter(selector, after), head -> {
      if (!room[0]) {
        return false;
      }
      room[0] = part.add(head, timeline.at(head, part.at));
      return true;
    });
    return room[0];
  }

  private static KeyRange rangeAfter(Selector selector, @Nullable Selector after) {
    KeyRange range = selector.range();
    if (after == null || !after.namespace().equals(selector.namespace())) {
      return range;
    }
    var next = KeyRange.single(new Key(after.prefix())).to();
    boolean further =
        ByteString.unsignedLexicographicalComparator().compare(next, range.from()) > 0;
    return further ? new KeyRange(next, range.to()) : range;
  }

  private SnapshotPart describe(
      StoreReader reader, Subscription subscription, Reading read, boolean last, int index) {
    long keys = 0;
    long bytes = 0;
    var digests = new HashMap<NamespaceName, Checksum>();
    for (NamespaceName name : subscription.among(namespaces())) {
      NamespaceRecord record = recordOf(reader, name);
      keys += record == null ? 0 : record.liveKeys();
      bytes += record == null ? 0 : record.liveBytes();
      boolean unchanged = record == null || !record.revision().isAfter(read.at);
      if (last && unchanged && subscription.hasWhole(name)) {
        digests.put(name, digest(reader, name));
      }
    }
    return new SnapshotPart(
        origin.cluster().get(),
        read.since,
        read.at,
        origin.term().getAsLong(),
        read.heads,
        last,
        digests,
        index,
        keys,
        bytes,
        Instant.ofEpochMilli(reader.position().timeMs()));
  }

  @Override
  public DigestBuckets buckets(Selector selector, Revision at) {
    var buckets = new DigestBuckets();
    eachLive(selector, at, live -> buckets.add(buckets.bucketOf(live.key()), live));
    return buckets;
  }

  @Override
  public List<ConfigVersion> bucket(Selector selector, Revision at, int bucket) {
    var buckets = new DigestBuckets();
    var found = new ArrayList<ConfigVersion>();
    eachLive(selector, at, live -> {
      if (buckets.bucketOf(live.key()) == bucket) {
        found.add(live.withoutContent());
      }
    });
    return found;
  }

  private void eachLive(Selector selector, Revision at, Consumer<ConfigVersion> visiting) {
    store.readSnapshot(reader -> {
      NamespaceRecord record = recordOf(reader, selector.namespace());
      if (record != null) {
        var timeline = new Timeline(reader, record);
        timeline.requireReadable(at);
        reader.heads(record.id(), selector.range(), head -> {
          ConfigVersion shown = timeline.at(head, at);
          if (shown != null && shown.live()) {
            visiting.accept(shown);
          }
          return true;
        });
      } else if (at.isAfter(reader.position().revision())) {
        throw new RejectedException(
            Rejection.futureRevision(at, reader.position().revision()));
      }
      return true;
    });
  }

  @Override
  public List<ConfigVersion> heads(NamespaceName namespace, List<Key> keys, Revision at) {
    return store.readSnapshot(reader -> {
      NamespaceRecord record = recordOf(reader, namespace);
      if (record == null) {
        return List.of();
      }
      var timeline = new Timeline(reader, record);
      timeline.requireReadable(at);
      var found = new ArrayList<ConfigVersion>();
      for (Key key : keys) {
        ConfigVersion head = reader.head(record.id(), key);
        ConfigVersion shown = head == null ? null : timeline.at(head, at);
        if (shown != null) {
          found.add(shown);
        }
      }
      return found;
    });
  }
}
