package io.syncline.server.store;

import io.syncline.codec.AuthCodec;
import io.syncline.codec.ConflictCodec;
import io.syncline.codec.StorageCodec;
import io.syncline.model.AuthState;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.CopyState;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RememberedOutcome;
import io.syncline.model.StorePosition;
import io.syncline.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What is written together. Collects plain bytes, so that it can be made without an open store; used
 * by one thread.
 */
public final class StoreBatch {
  /** What happens to one RocksDB key; no value: it goes. */
  private static final class Edit {
    private final Family family;
    private final byte[] key;
    private final byte @Nullable [] value;

    Edit(Family family, byte[] key, byte @Nullable [] value) {
      this.family = family;
      this.key = key;
      this.value = value;
    }
  }

  private final List<Edit> edits = new ArrayList<>();
  private final List<NamespaceRecord> namespaces = new ArrayList<>();
  private @Nullable StorePosition position;
  private @Nullable AuthState auth;

  /**
   * Makes the version its key's newest, and adds it to the change log and the history.
   *
   * @param before the newest so far; null: there is none, or it is not known
   */
  public void addVersion(
      ConfigVersion version, int namespaceId, int subIndex, @Nullable ConfigVersion before) {
    byte[] value = StorageCodec.encode(version, namespaceId, subIndex);
    HistoryEntry entry = HistoryEntry.of(version, subIndex, before);
    put(Family.HEAD, StoreKeys.head(namespaceId, version.key().bytes()), value);
    put(Family.CHANGE, entry.place().encode(), value);
    put(
        Family.HISTORY,
        StoreKeys.history(namespaceId, version.key(), version.version()),
        entry.encode());
  }

  /** Drops a version from the change log and the history; the head is another one. */
  public void dropVersion(int namespaceId, Key key, Version version, ChangePlace place) {
    edits.add(new Edit(Family.CHANGE, place.encode(), null));
    edits.add(new Edit(Family.HISTORY, StoreKeys.history(namespaceId, key, version), null));
  }

  /** Replaces a key's newest version as it is stored; log and history stay. */
  public void replaceHead(ConfigVersion version, int namespaceId) {
    put(
        Family.HEAD,
        StoreKeys.head(namespaceId, version.key().bytes()),
        StorageCodec.encode(version, namespaceId, 0));
  }

  /** Forgets a key that never was. */
  public void dropHead(int namespaceId, Key key) {
    edits.add(new Edit(Family.HEAD, StoreKeys.head(namespaceId, key.bytes()), null));
  }

  /** Of whom the store is a copy. */
  public void setCopy(CopyState copy) {
    put(Family.META, StoreKeys.COPY, StorageCodec.encode(copy));
  }

  public void putNamespace(NamespaceRecord record) {
    namespaces.add(record);
    put(Family.NAMESPACE, StoreKeys.namespace(record.id()), StorageCodec.encode(record));
  }

  /**
   * @param sum 32 bytes, big-endian
   */
  public void putDigestBucket(int namespaceId, int bucket, byte[] sum) {
    put(Family.META, StoreKeys.digestBucket(namespaceId, bucket), sum);
  }

  public void putOutcome(int slot, RememberedOutcome outcome) {
    put(Family.COMMAND, StoreKeys.command(slot), StorageCodec.encode(outcome));
  }

  /** Notes a conflict; an open one can be found by its key and content from then on. */
  public void putConflict(Conflict conflict, int namespaceId) {
    put(
        Family.CONFLICT,
        StoreKeys.conflict(conflict.id()),
        ConflictCodec.encode(conflict, namespaceId));
    byte[] place = placeOfOpen(conflict, namespaceId);
    edits.add(new Edit(
        Family.CONFLICT, place, conflict.isOpen() ? StoreKeys.number(conflict.id()) : null));
  }

  public void putConflictContents(long id, ConflictContents contents) {
    put(Family.CONFLICT, StoreKeys.conflictContents(id), ConflictCodec.encode(contents));
  }

  /** Forgets a closed conflict. */
  public void dropConflict(long id) {
    edits.add(new Edit(Family.CONFLICT, StoreKeys.conflict(id), null));
    edits.add(new Edit(Family.CONFLICT, StoreKeys.conflictContents(id), null));
  }

  private static byte[] placeOfOpen(Conflict conflict, int namespaceId) {
    Checksum theirs = conflict.theirs();
    return StoreKeys.openConflict(
        namespaceId, conflict.key(), theirs == null ? Checksum.OF_NOTHING : theirs);
  }

  public void putLease(Lease lease) {
    put(Family.LEASE, StoreKeys.lease(lease.id()), StorageCodec.encode(lease));
  }

  public void dropLease(long id) {
    edits.add(new Edit(Family.LEASE, StoreKeys.lease(id), null));
  }

  /** The key hangs on the lease from then on. */
  public void attach(long leaseId, LeasedKey key) {
    put(Family.LEASE, StoreKeys.keyOfLease(leaseId, key.namespaceId(), key.key()), new byte[0]);
  }

  public void detach(long leaseId, LeasedKey key) {
    edits.add(
        new Edit(Family.LEASE, StoreKeys.keyOfLease(leaseId, key.namespaceId(), key.key()), null));
  }

  /** Users, roles, and whether they matter. */
  public void putAuth(AuthState state) {
    auth = state;
    put(Family.META, StoreKeys.AUTH, AuthCodec.encode(state));
  }

  public void putFollower(FollowerRegistration follower) {
    put(Family.FOLLOWER, StoreKeys.follower(follower.id()), StorageCodec.encode(follower));
  }

  public void dropFollower(String id) {
    edits.add(new Edit(Family.FOLLOWER, StoreKeys.follower(id), null));
  }

  /** Where the store stands once the batch is written. */
  public void setPosition(StorePosition reached) {
    position = reached;
    put(Family.META, StoreKeys.POSITION, StorageCodec.encode(reached));
  }

  public boolean isEmpty() {
    return edits.isEmpty();
  }

  public int size() {
    return edits.size();
  }

  List<NamespaceRecord> namespaces() {
    return namespaces;
  }

  @Nullable
  StorePosition position() {
    return position;
  }

  /** Null: they stay as they are. */
  @Nullable
  AuthState auth() {
    return auth;
  }

  void writeTo(OpenRocks rocks) throws RocksDBException {
    try (var batch = new WriteBatch()) {
      for (Edit edit : edits) {
        if (edit.value != null) {
          batch.put(rocks.handle(edit.family), edit.key, edit.value);
        } else {
          batch.delete(rocks.handle(edit.family), edit.key);
        }
      }
      rocks.db().write(rocks.writeOptions(), batch);
    }
  }

  private void put(Family family, byte[] key, byte[] value) {
    edits.add(new Edit(family, key, value));
  }
}
