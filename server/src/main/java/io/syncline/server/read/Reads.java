package io.syncline.server.read;

import com.google.protobuf.ByteString;
import io.syncline.conflict.TextDiff;
import io.syncline.model.AuthState;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Lease;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RangeQuery;
import io.syncline.model.RangeResult;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.store.KeptHistory;
import io.syncline.server.store.LeasedKey;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the store, whose freshness {@link Freshness} has seen to. Refusals are {@link
 * RejectedException}. Any thread.
 */
public final class Reads {
  /** A page ends here, whatever its size was asked to be. */
  static final long MAX_PAGE_BYTES = 4L << 20;

  private final Store store;

  public Reads(Store store) {
    this.store = store;
  }

  /**
   * One key's version.
   *
   * @param version found at
   * @param revision the revision the answer reflects
   */
  public record Found(ConfigVersion version, Revision revision) {}

  /**
   * A page of versions.
   *
   * @param revision at which the whole list is read
   * @param next where the next page begins; null at the last
   */
  public record Page(
      List<ConfigVersion> versions,
      Revision revision,
      @Nullable ByteString next) {}

  /**
   * A page of a key's history.
   *
   * @param next the version the next page begins with; null at the last
   * @param truncated whether older versions existed
   */
  public record History(
      List<ConfigVersion> versions,
      Revision revision,
      @Nullable Version next,
      boolean truncated) {}

  /** Two versions and how their contents differ. */
  public record Difference(
      ConfigVersion from, ConfigVersion to, TextDiff.Result diff, Revision revision) {}

  /** What a list asks for. */
  public record Range(
      NamespaceName namespace,
      KeyRange keys,
      ReadAt at,
      int pageSize,
      boolean withContent,
      boolean withDeleted) {}

  public Found get(NamespaceName namespace, Key key, ReadAt at) {
    if (at instanceof ReadAt.Now) {
      return getNewest(namespace, key);
    }
    return inSnapshot(namespace, (reader, record) -> getAt(reader, record, key, at));
  }

  /**
   * Needs no snapshot. The revision is read from the store, and first: {@link Store#position} follows
   * the write of a batch, so by it an answer could state an older revision than one given before.
   */
  private Found getNewest(NamespaceName namespace, Key key) {
    NamespaceRecord record = record(namespace);
    return store.read(reader -> {
      Revision revision = reader.position().revision();
      ConfigVersion live = requireLive(namespace, key, reader.head(record.id(), key));
      return new Found(live, Revision.max(revision, live.revision()));
    });
  }

  /** Size of all files of the store, in bytes. */
  public long storeBytes() {
    return store.sizeBytes();
  }

  /** The last entry of the log that this state reflects. */
  public long appliedIndex() {
    return store.position().applied().index();
  }

  /** What is read at a revision before it is refused; zero if there is no such namespace. */
  public Revision horizon(NamespaceName namespace) {
    return store.namespace(namespace).map(NamespaceRecord::horizon).orElse(Revision.ZERO);
  }

  /** Users, roles, and whether they matter, as they are now. */
  public AuthState auth() {
    return store.auth();
  }

  /** As {@link Store#awaitAuth}. */
  public CompletableFuture<Void> awaitAuth(long revision) {
    return store.awaitAuth(revision);
  }

  /** Whether there is such a namespace. */
  public boolean exists(NamespaceName namespace) {
    return store.namespace(namespace).isPresent();
  }

  /** Keys of a range, filtered, sorted and cut as asked for. */
  public RangeResult range(NamespaceName namespace, RangeQuery query) {
    Optional<Key> single = query.keys().singleKey();
    return single.isPresent() && !query.isOfThePast()
        ? rangeOfOne(namespace, query, single.get())
        : inSnapshot(namespace, (reader, record) -> rangeAt(reader, record, query));
  }

  /** As {@link #getNewest} does. */
  private RangeResult rangeOfOne(NamespaceName namespace, RangeQuery query, Key key) {
    NamespaceRecord record = record(namespace);
    return store.read(reader -> {
      Revision revision = reader.position().revision();
      ConfigVersion head = reader.head(record.id(), key);
      Revision reached = head == null ? revision : Revision.max(revision, head.revision());
      return query.select(reached, shown -> {
        if (head != null && head.live()) {
          shown.accept(head);
        }
      });
    });
  }

  private static RangeResult rangeAt(
      StoreReader reader, NamespaceRecord namespace, RangeQuery query) {
    var timeline = new Timeline(reader, namespace);
    Revision newest = reader.position().revision();
    Revision at = query.isOfThePast() ? query.at() : newest;
    timeline.requireReadable(at);
    return query.select(
        newest,
        shown -> reader.heads(namespace.id(), query.keys(), head -> {
          ConfigVersion version = timeline.at(head, at);
          if (version != null && version.live()) {
            shown.accept(version);
          }
          return true;
        }));
  }

  private static Found getAt(StoreReader reader, NamespaceRecord namespace, Key key, ReadAt at) {
    ConfigVersion head = reader.head(namespace.id(), key);
    var timeline = new Timeline(reader, namespace);
    if (at instanceof ReadAt.AtVersion atVersion) {
      return new Found(
          versionOf(reader, namespace, key, head, atVersion.version()),
          reader.position().revision());
    }
    Revision revision = revisionFor(at, reader, timeline);
    ConfigVersion found = head == null ? null : timeline.at(head, revision);
    return new Found(requireLive(namespace.name(), key, found), revision);
  }

  private static Revision revisionFor(ReadAt at, StoreReader reader, Timeline timeline) {
    Revision revision = reader.position().revision();
    if (at instanceof ReadAt.AtRevision atRevision) {
      revision = atRevision.revision();
    } else if (at instanceof ReadAt.AtTime atTime) {
      revision = reader.revisionAt(atTime.time());
    }
    if (!(at instanceof ReadAt.Now)) {
      timeline.requireReadable(revision);
    }
    return revision;
  }

  private static ConfigVersion versionOf(
      StoreReader reader,
      NamespaceRecord namespace,
      Key key,
      @Nullable ConfigVersion head,
      Version wanted) {
    if (head == null) {
      throw new RejectedException(Rejection.keyNotFound(namespace.name(), key));
    }
    if (!wanted.exists() || head.version().isBefore(wanted)) {
      throw new RejectedException(Rejection.versionNotFound(key, wanted, head.version()));
    }
    if (wanted.equals(head.version())) {
      return head;
    }
    ConfigVersion found = new KeptHistory(reader, namespace).isKept(key, wanted)
        ? reader.version(namespace.id(), key, wanted)
        : null;
    if (found == null) {
      throw new RejectedException(Rejection.compacted(
          "version " + wanted + " of key \"" + key + "\"", namespace.horizon()));
    }
    return found;
  }

  /**
   * Keys in order, as they were at one revision.
   *
   * @param from where to begin: the start of the range, or {@link Page#next}
   */
  public Page list(Range range, ByteString from) {
    return inSnapshot(range.namespace(), (reader, namespace) -> {
      var timeline = new Timeline(reader, namespace);
      Revision revision = revisionFor(range.at(), reader, timeline);
      return page(reader, namespace, range, from, timeline, revision);
    });
  }

  private static Page page(
      StoreReader reader,
      NamespaceRecord namespace,
      Range range,
      ByteString from,
      Timeline timeline,
      Revision revision) {
    var collected = new PageBuilder(range.pageSize(), range.withContent());
    reader.heads(namespace.id(), new KeyRange(from, range.keys().to()), head -> {
      ConfigVersion version = timeline.at(head, revision);
      return version == null
          || (version.tombstone() && !range.withDeleted())
          || collected.add(version);
    });
    ConfigVersion first = collected.firstLeftOut();
    return new Page(
        collected.versions(), revision, first == null ? null : first.key().bytes());
  }

  /**
   * The kept versions of a key.
   *
   * @param from the version to begin with; null for the first page
   */
  public History history(
      NamespaceName namespace,
      Key key,
      @Nullable Version from,
      boolean newestFirst,
      int pageSize,
      boolean withContent) {
    return inSnapshot(namespace, (reader, record) -> {
      ConfigVersion head = reader.head(record.id(), key);
      if (head == null) {
        throw new RejectedException(Rejection.keyNotFound(namespace, key));
      }
      Version oldest = new KeptHistory(reader, record).oldest(head);
      long step = newestFirst ? -1 : 1;
      long first = newestFirst ? head.version().value() : oldest.value();
      var collected = new PageBuilder(pageSize, withContent);
      for (long number = from == null ? first : Math.max(oldest.value(), from.value());
          number >= oldest.value() && number <= head.version().value();
          number += step) {
        ConfigVersion version = number == head.version().value()
            ? head
            : reader.version(record.id(), key, new Version(number));
        if (version != null && !collected.add(version)) {
          break;
        }
      }
      ConfigVersion next = collected.firstLeftOut();
      return new History(
          collected.versions(),
          reader.position().revision(),
          next == null ? null : next.version(),
          oldest.value() > 1);
    });
  }

  /**
   * @param to {@link Version#NONE}: the newest
   */
  public Difference diff(
      NamespaceName namespace, Key key, Version from, Version to, int contextLines) {
    return inSnapshot(namespace, (reader, record) -> {
      ConfigVersion head = reader.head(record.id(), key);
      ConfigVersion older = versionOf(reader, record, key, head, from);
      ConfigVersion newer =
          to.exists() || head == null ? versionOf(reader, record, key, head, to) : head;
      TextDiff.Result diff = TextDiff.between(
          older.content(),
          newer.content(),
          key + " version " + older.version(),
          key + " version " + newer.version(),
          contextLines);
      return new Difference(older, newer, diff, reader.position().revision());
    });
  }

  public Namespace namespace(NamespaceName name) {
    return inSnapshot(name, (reader, record) -> describe(reader, record));
  }

  /** All namespaces, by name. */
  public List<Namespace> namespaces() {
    return store.readSnapshot(reader -> reader.namespaceRecords().stream()
        .sorted(Comparator.comparing(NamespaceRecord::name))
        .map(record -> describe(reader, record))
        .toList());
  }

  /** A namespace's digest with its buckets, and the revision at which all were taken. */
  public record Digests(Revision revision, List<NamespaceDigest> namespaces) {
    public Digests {
      namespaces = List.copyOf(namespaces);
    }
  }

  public record NamespaceDigest(NamespaceName name, DigestBuckets buckets) {}

  /**
   * @param only empty: all namespaces
   */
  public Digests digests(Optional<NamespaceName> only) {
    return store.readSnapshot(reader -> {
      var digests = new ArrayList<NamespaceDigest>();
      reader.namespaceRecords().stream()
          .filter(record -> only.isEmpty() || record.name().equals(only.get()))
          .sorted(Comparator.comparing(NamespaceRecord::name))
          .forEach(record ->
              digests.add(new NamespaceDigest(record.name(), reader.digestBuckets(record.id()))));
      if (digests.isEmpty() && only.isPresent()) {
        throw new RejectedException(Rejection.namespaceNotFound(only.get().value()));
      }
      return new Digests(reader.position().revision(), digests);
    });
  }

  /** All leases, in no order. */
  public List<Lease> leases() {
    return store.readSnapshot(StoreReader::leases);
  }

  /** The keys of a namespace that hang on a lease, in order. */
  public List<Key> keysOfLease(NamespaceName namespace, long leaseId) {
    Optional<NamespaceRecord> record = store.namespace(namespace);
    return record.isEmpty()
        ? List.of()
        : store.readSnapshot(reader -> reader.keysOfLease(leaseId)).stream()
            .filter(leased -> leased.namespaceId() == record.get().id())
            .map(LeasedKey::key)
            .toList();
  }

  public Revision revision() {
    return store.position().revision();
  }

  private static Namespace describe(StoreReader reader, NamespaceRecord record) {
    return new Namespace(
        record.name(),
        record.settings(),
        record.createdAt(),
        record.createdBy(),
        record.liveKeys(),
        record.liveBytes(),
        record.changes(),
        record.revision(),
        record.horizon(),
        reader.digestBuckets(record.id()).digest());
  }

  private interface InNamespace<T> {
    T read(StoreReader reader, NamespaceRecord namespace);
  }

  private <T> T inSnapshot(NamespaceName name, InNamespace<T> reading) {
    int id = record(name).id();
    return store.readSnapshot(reader -> {
      NamespaceRecord namespace = reader.namespaceRecord(id);
      if (namespace == null) {
        throw new RejectedException(Rejection.namespaceNotFound(name.value()));
      }
      return reading.read(reader, namespace);
    });
  }

  private NamespaceRecord record(NamespaceName name) {
    return store
        .namespace(name)
        .orElseThrow(() -> new RejectedException(Rejection.namespaceNotFound(name.value())));
  }

  private static ConfigVersion requireLive(
      NamespaceName namespace, Key key, @Nullable ConfigVersion version) {
    if (version == null || version.tombstone()) {
      throw new RejectedException(Rejection.keyNotFound(namespace, key));
    }
    return version;
  }
}
