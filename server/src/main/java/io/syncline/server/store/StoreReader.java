package io.syncline.server.store;

import io.syncline.codec.ConflictCodec;
import io.syncline.codec.StorageCodec;
import io.syncline.codec.StorageCodec.NamespaceNames;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.CopyState;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Fault;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RememberedOutcome;
import io.syncline.model.Revision;
import io.syncline.model.StorePosition;
import io.syncline.model.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * Reads one store, at a snapshot or at what is newest. Valid only inside the call it was handed to.
 * Every version read is verified against its checksum; a mismatch is a {@link Fault}.
 */
public final class StoreReader {
  private final OpenRocks rocks;
  private final @Nullable Snapshot snapshot;
  private final NamespaceNames names;

  StoreReader(OpenRocks rocks, @Nullable Snapshot snapshot, NamespaceNames names) {
    this.rocks = rocks;
    this.snapshot = snapshot;
    this.names = names;
  }

  /** Where the state that is read stands. */
  public StorePosition position() {
    byte[] bytes = get(Family.META, StoreKeys.POSITION);
    return bytes == null ? StorePosition.INITIAL : StorageCodec.decodePosition(bytes);
  }

  /** Of whom the store is a copy; null: of nobody. */
  public @Nullable CopyState copy() {
    byte[] bytes = get(Family.META, StoreKeys.COPY);
    return bytes == null ? null : StorageCodec.decodeCopy(bytes);
  }

  /** The newest version of the key, which may be a tombstone; null if it never existed. */
  public @Nullable ConfigVersion head(int namespaceId, Key key) {
    byte[] bytes = get(Family.HEAD, StoreKeys.head(namespaceId, key.bytes()));
    return bytes == null ? null : decode(bytes);
  }

  /** Where a version stands in the change log; null if there is none, or no more. */
  public @Nullable ChangePlace place(int namespaceId, Key key, Version version) {
    HistoryEntry entry = historyEntry(namespaceId, key, version);
    return entry == null ? null : entry.place();
  }

  /**
   * When the version before a version was made, whether that one is kept or not; null if there was none,
   * or nobody noted it.
   */
  @Nullable
  Revision previousRevision(int namespaceId, Key key, Version version) {
    HistoryEntry entry = historyEntry(namespaceId, key, version);
    return entry == null ? null : entry.previous();
  }

  private @Nullable HistoryEntry historyEntry(int namespaceId, Key key, Version version) {
    byte[] bytes = get(Family.HISTORY, StoreKeys.history(namespaceId, key, version));
    return bytes == null ? null : HistoryEntry.decode(bytes);
  }

  /** A version of the key; null if there is none, or no more. */
  public @Nullable ConfigVersion version(int namespaceId, Key key, Version version) {
    ChangePlace place = place(namespaceId, key, version);
    return place == null ? null : change(place);
  }

  public @Nullable ConfigVersion change(ChangePlace place) {
    byte[] bytes = get(Family.CHANGE, place.encode());
    return bytes == null ? null : decode(bytes);
  }

  /** The oldest version of the key that is kept; null if none is. */
  public @Nullable Version oldestVersion(int namespaceId, Key key) {
    byte[] from = StoreKeys.history(namespaceId, key, Version.NONE);
    try (var options = options();
        var iterator = iterator(Family.HISTORY, options)) {
      iterator.seek(from);
      byte[] found = iterator.isValid() ? iterator.key() : null;
      check(iterator);
      return found != null && isOfSameKey(from, found) ? StoreKeys.versionOfHistory(found) : null;
    }
  }

  /**
   * Visits newest versions in order of their keys, tombstones included.
   *
   * @param visiting returns whether to go on
   */
  public void heads(int namespaceId, KeyRange range, Predicate<ConfigVersion> visiting) {
    scanHeads(namespaceId, range, bytes -> visiting.test(decode(bytes)));
  }

  /**
   * Like {@link #heads}, but takes contents as they are: a version whose content does not match its
   * checksum comes with the checksum that the content has, and one that does not decode at all is
   * left out.
   */
  public void headsAsStored(int namespaceId, KeyRange range, Predicate<ConfigVersion> visiting) {
    scanHeads(namespaceId, range, bytes -> {
      Optional<ConfigVersion> stored = StorageCodec.decodeAsStored(bytes, names);
      return stored.isEmpty() || visiting.test(stored.get());
    });
  }

  /**
   * A key's newest version as it is stored.
   *
   * @param version with the checksum that its content really has
   * @param damaged whether that is another one than is stored beside it
   */
  public record AsStored(ConfigVersion version, boolean damaged) {}

  /** Empty if there is none, or it does not decode at all. */
  public Optional<AsStored> headAsStored(int namespaceId, Key key) {
    byte[] bytes = get(Family.HEAD, StoreKeys.head(namespaceId, key.bytes()));
    return bytes == null
        ? Optional.empty()
        : StorageCodec.decodeAsStored(bytes, names)
            .map(version -> new AsStored(
                version, !StorageCodec.storedChecksum(bytes).equals(version.checksum())));
  }

  private void scanHeads(int namespaceId, KeyRange range, Predicate<byte[]> visiting) {
    if (range.isEmpty()) {
      return;
    }
    byte[] end = range.to().isEmpty()
        ? StoreKeys.headEnd(namespaceId)
        : StoreKeys.head(namespaceId, range.to());
    try (var options = options();
        var upper = new Slice(end)) {
      options.setIterateUpperBound(upper);
      try (var iterator = iterator(Family.HEAD, options)) {
        iterator.seek(StoreKeys.head(namespaceId, range.from()));
        while (iterator.isValid() && visiting.test(iterator.value())) {
          iterator.next();
        }
        check(iterator);
      }
    }
  }

  /**
   * Visits the change log from a revision on, in order.
   *
   * @param visiting returns whether to go on
   */
  public void changes(Revision from, Predicate<StorageCodec.Placed> visiting) {
    try (var options = options();
        var iterator = iterator(Family.CHANGE, options)) {
      iterator.seek(StoreKeys.change(from, 0));
      while (iterator.isValid()
          && visiting.test(StorageCodec.decodeVersion(iterator.value(), names))) {
        iterator.next();
      }
      check(iterator);
    }
  }

  /** The last change at or before a revision; null if none is kept. */
  public @Nullable ConfigVersion lastChange(Revision upTo) {
    try (var options = options();
        var iterator = iterator(Family.CHANGE, options)) {
      iterator.seekForPrev(StoreKeys.change(upTo, Integer.MAX_VALUE));
      ConfigVersion found = iterator.isValid() ? decode(iterator.value()) : null;
      check(iterator);
      return found;
    }
  }

  /**
   * The last revision at or before a time, by the store's clock, which never runs backwards; zero if
   * the time was before the first.
   */
  public Revision revisionAt(Instant time) {
    long low = 0;
    long high = position().revision().value();
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      ConfigVersion change = lastChange(Revision.of(middle));
      if (change == null || !change.createdAt().isAfter(time)) {
        low = middle;
      } else {
        high = Math.max(0, change.revision().value() - 1);
      }
    }
    return Revision.of(low);
  }

  public @Nullable NamespaceRecord namespaceRecord(int namespaceId) {
    byte[] bytes = get(Family.NAMESPACE, StoreKeys.namespace(namespaceId));
    return bytes == null ? null : StorageCodec.decodeNamespace(bytes);
  }

  public List<NamespaceRecord> namespaceRecords() {
    var records = new ArrayList<NamespaceRecord>();
    each(Family.NAMESPACE, (key, value) -> records.add(StorageCodec.decodeNamespace(value)));
    return records;
  }

  public @Nullable RememberedOutcome outcome(int slot) {
    byte[] bytes = get(Family.COMMAND, StoreKeys.command(slot));
    return bytes == null ? null : StorageCodec.decodeOutcome(bytes);
  }

  /** Visits the remembered outcomes in order of their slots. */
  public void outcomes(OutcomeVisitor visiting) {
    each(
        Family.COMMAND,
        (key, value) ->
            visiting.visit(StoreKeys.slotOfCommand(key), StorageCodec.decodeOutcome(value)));
  }

  /** Takes a remembered outcome and its slot. */
  @FunctionalInterface
  public interface OutcomeVisitor {
    void visit(int slot, RememberedOutcome outcome);
  }

  /** Null if there is none, or no more. */
  public @Nullable Conflict conflict(long id) {
    byte[] bytes = get(Family.CONFLICT, StoreKeys.conflict(id));
    return bytes == null ? null : ConflictCodec.decodeConflict(bytes, names);
  }

  /** The contents of a conflict that is there. */
  public ConflictContents conflictContents(long id) {
    byte[] bytes = get(Family.CONFLICT, StoreKeys.conflictContents(id));
    if (bytes == null) {
      throw new Fault("store: conflict " + id + " has no contents");
    }
    return ConflictCodec.decodeContents(bytes);
  }

  /**
   * The open conflict about a content that was to become a key's.
   *
   * @param theirs of nothing if the key was to be deleted
   * @return its id; 0: there is none
   */
  public long openConflict(int namespaceId, Key key, Checksum theirs) {
    byte[] bytes = get(Family.CONFLICT, StoreKeys.openConflict(namespaceId, key, theirs));
    return bytes == null ? 0 : StoreKeys.number(bytes);
  }

  /**
   * Visits conflicts from an id on, down to the oldest.
   *
   * @param visiting returns whether to go on
   */
  public void conflictsDownFrom(long id, Predicate<Conflict> visiting) {
    try (var options = options();
        var iterator = iterator(Family.CONFLICT, options)) {
      iterator.seekForPrev(StoreKeys.conflict(id));
      while (iterator.isValid()
          && StoreKeys.isConflict(iterator.key())
          && visiting.test(ConflictCodec.decodeConflict(iterator.value(), names))) {
        iterator.prev();
      }
      check(iterator);
    }
  }

  /** Like {@link #conflictsDownFrom}, up to the newest. */
  public void conflictsUpFrom(long id, Predicate<Conflict> visiting) {
    try (var options = options();
        var iterator = iterator(Family.CONFLICT, options)) {
      iterator.seek(StoreKeys.conflict(id));
      while (iterator.isValid()
          && StoreKeys.isConflict(iterator.key())
          && visiting.test(ConflictCodec.decodeConflict(iterator.value(), names))) {
        iterator.next();
      }
      check(iterator);
    }
  }

  /** Null if there is none, or no more. */
  public @Nullable Lease lease(long id) {
    byte[] bytes = get(Family.LEASE, StoreKeys.lease(id));
    return bytes == null ? null : StorageCodec.decodeLease(bytes);
  }

  /** All leases, in no order. */
  public List<Lease> leases() {
    var leases = new ArrayList<Lease>();
    each(Family.LEASE, (key, value) -> {
      if (StoreKeys.isLease(key)) {
        leases.add(StorageCodec.decodeLease(value));
      }
    });
    return leases;
  }

  /** The keys that hang on a lease, in order. */
  public List<LeasedKey> keysOfLease(long id) {
    var keys = new ArrayList<LeasedKey>();
    byte[] prefix = StoreKeys.keysOfLease(id);
    try (var options = options();
        var iterator = iterator(Family.LEASE, options)) {
      for (iterator.seek(prefix);
          iterator.isValid() && beginsWith(iterator.key(), prefix);
          iterator.next()) {
        keys.add(StoreKeys.leasedKey(iterator.key()));
      }
      check(iterator);
    }
    return keys;
  }

  private static boolean beginsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** The followers that were noted, by id. */
  public List<FollowerRegistration> followers() {
    var followers = new ArrayList<FollowerRegistration>();
    each(Family.FOLLOWER, (key, value) -> followers.add(StorageCodec.decodeFollower(value)));
    return followers;
  }

  /** About how many bytes of files and memory the change log takes after a revision. */
  public long changeBytesAfter(Revision revision) {
    try (var from = new Slice(StoreKeys.change(revision.next(), 0));
        var to = new Slice(StoreKeys.change(new Revision(Long.MAX_VALUE), 0))) {
      long[] sizes = rocks
          .db()
          .getApproximateSizes(
              rocks.handle(Family.CHANGE),
              List.of(new Range(from, to)),
              SizeApproximationFlag.INCLUDE_FILES,
              SizeApproximationFlag.INCLUDE_MEMTABLES);
      return sizes[0];
    }
  }

  /** The digest of a namespace's live state. */
  public DigestBuckets digestBuckets(int namespaceId) {
    var buckets = new DigestBuckets();
    for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
      byte[] sum = get(Family.META, StoreKeys.digestBucket(namespaceId, bucket));
      if (sum != null) {
        buckets.set(bucket, sum);
      }
    }
    return buckets;
  }

  long property(Family family, String name) {
    try {
      return rocks.db().getLongProperty(rocks.handle(family), name);
    } catch (RocksDBException e) {
      throw new Fault("store: cannot read property " + name, e);
    }
  }

  private void each(Family family, BiConsumer<byte[], byte[]> visiting) {
    try (var options = options();
        var iterator = iterator(family, options)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        visiting.accept(iterator.key(), iterator.value());
      }
      check(iterator);
    }
  }

  private static boolean isOfSameKey(byte[] historyKey, byte[] other) {
    int prefix = historyKey.length - Long.BYTES;
    return other.length == historyKey.length
        && Arrays.equals(historyKey, 0, prefix, other, 0, prefix);
  }

  private byte @Nullable [] get(Family family, byte[] key) {
    if (snapshot == null) {
      return rocks.get(family, key, null);
    }
    try (var options = options()) {
      return rocks.get(family, key, options);
    }
  }

  private ConfigVersion decode(byte[] bytes) {
    return StorageCodec.decodeVersion(bytes, names).version();
  }

  private ReadOptions options() {
    var options = new ReadOptions();
    if (snapshot != null) {
      options.setSnapshot(snapshot);
    }
    return options;
  }

  private RocksIterator iterator(Family family, ReadOptions options) {
    return rocks.db().newIterator(rocks.handle(family), options);
  }

  private static void check(RocksIterator iterator) {
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw new Fault("store: cannot read: " + e.getMessage(), e);
    }
  }
}
