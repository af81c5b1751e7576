package io.syncline.server.store;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of RocksDB keys. Numbers are big-endian, so that bytewise order is their order. */
final class StoreKeys {
  static final byte[] POSITION = "position".getBytes(StandardCharsets.UTF_8);

  static final byte[] COPY = "copy".getBytes(StandardCharsets.UTF_8);

  static final byte[] AUTH = "auth".getBytes(StandardCharsets.UTF_8);

  private static final byte DIGEST = 'd';
  private static final byte CONFLICT_RECORD = 'r';
  private static final byte CONFLICT_CONTENTS = 'c';
  private static final byte CONFLICT_OPEN = 'o';
  private static final byte LEASE = 'l';
  private static final byte LEASE_KEY = 'k';
  private static final int NAMESPACE_SIZE_BYTES = Integer.BYTES;

  private StoreKeys() {}

  static byte[] head(int namespaceId, ByteString key) {
    return ByteBuffer.allocate(NAMESPACE_SIZE_BYTES + key.size())
        .putInt(namespaceId)
        .put(key.asReadOnlyByteBuffer())
        .array();
  }

  /** The first possible head key after all of the namespace. */
  static byte[] headEnd(int namespaceId) {
    return ByteBuffer.allocate(NAMESPACE_SIZE_BYTES).putInt(namespaceId + 1).array();
  }

  static byte[] change(Revision revision, int subIndex) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
        .putLong(revision.value())
        .putInt(subIndex)
        .array();
  }

  /** The key's length stands before it, so that no other key's versions lie between two of its. */
  static byte[] history(int namespaceId, Key key, Version version) {
    return ByteBuffer.allocate(NAMESPACE_SIZE_BYTES + Short.BYTES + key.bytes().size() + Long.BYTES)
        .putInt(namespaceId)
        .putShort((short) key.bytes().size())
        .put(key.bytes().asReadOnlyByteBuffer())
        .putLong(version.value())
        .array();
  }

  static Version versionOfHistory(byte[] historyKey) {
    return new Version(ByteBuffer.wrap(historyKey).getLong(historyKey.length - Long.BYTES));
  }

  static byte[] namespace(int namespaceId) {
    return ByteBuffer.allocate(NAMESPACE_SIZE_BYTES).putInt(namespaceId).array();
  }

  static byte[] command(int slot) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(slot).array();
  }

  static int slotOfCommand(byte[] commandKey) {
    return ByteBuffer.wrap(commandKey).getInt();
  }

  static byte[] follower(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] conflict(long id) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(CONFLICT_RECORD).putLong(id).array();
  }

  static boolean isConflict(byte[] key) {
    return key[0] == CONFLICT_RECORD;
  }

  static byte[] conflictContents(long id) {
    return ByteBuffer.allocate(1 + Long.BYTES)
        .put(CONFLICT_CONTENTS)
        .putLong(id)
        .array();
  }

  /**
   * @param theirs of the incoming content; of nothing if it is a deletion
   */
  static byte[] openConflict(int namespaceId, Key key, Checksum theirs) {
    return ByteBuffer.allocate(1
            + NAMESPACE_SIZE_BYTES
            + Short.BYTES
            + key.bytes().size()
            + theirs.bytes().size())
        .put(CONFLICT_OPEN)
        .putInt(namespaceId)
        .putShort((short) key.bytes().size())
        .put(key.bytes().asReadOnlyByteBuffer())
        .put(theirs.bytes().asReadOnlyByteBuffer())
        .array();
  }

  static byte[] lease(long id) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(LEASE).putLong(id).array();
  }

  static boolean isLease(byte[] leaseKey) {
    return leaseKey[0] == LEASE;
  }

  /** What all keys on a lease begin with. */
  static byte[] keysOfLease(long id) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(LEASE_KEY).putLong(id).array();
  }

  static byte[] keyOfLease(long id, int namespaceId, Key key) {
    return ByteBuffer.allocate(
            1 + Long.BYTES + NAMESPACE_SIZE_BYTES + key.bytes().size())
        .put(LEASE_KEY)
        .putLong(id)
        .putInt(namespaceId)
        .put(key.bytes().asReadOnlyByteBuffer())
        .array();
  }

  static LeasedKey leasedKey(byte[] keyOfLease) {
    var bytes = ByteBuffer.wrap(keyOfLease).position(1 + Long.BYTES);
    int namespaceId = bytes.getInt();
    return new LeasedKey(namespaceId, new Key(ByteString.copyFrom(bytes)));
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }

  static byte[] digestBucket(int namespaceId, int bucket) {
    return ByteBuffer.allocate(1 + NAMESPACE_SIZE_BYTES + 1)
        .put(DIGEST)
        .putInt(namespaceId)
        .put((byte) bucket)
        .array();
  }
}
