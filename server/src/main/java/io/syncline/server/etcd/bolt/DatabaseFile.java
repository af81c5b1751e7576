package io.syncline.server.etcd.bolt;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.syncline.model.Lease;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.kv.KeyValue;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A keyspace as etcd's database, which {@code etcdctl snapshot restore} makes a new etcd of: what is
 * kept of the history, the leases, and since when the history is complete. Members, users and roles it
 * has none; a restored etcd has its own.
 *
 * <p>Memory: a page for each level of the trees, the value at hand, and the leases. The file takes about as much
 * space as the keys and values, and is none of etcd's until {@link #finish}. Not thread-safe.
 */
public final class DatabaseFile implements Closeable {
  private static final byte TOMBSTONE = 't';
  private static final int REVISION_BYTES = 2 * Long.BYTES + 1;

  private final PageFile file;
  private final Tree changes;
  private final Tree leases;

  private DatabaseFile(PageFile file) {
    this.file = file;
    this.changes = new Tree(file);
    this.leases = new Tree(file);
  }

  /**
   * @param path of a file that is not there yet; it is the caller's to delete
   */
  public static DatabaseFile create(Path path) throws IOException {
    return new DatabaseFile(PageFile.create(path));
  }

  /**
   * A put, in order with the deletions: by revision, then sub-index.
   *
   * @param subIndex its place among the changes of the key's mod revision, 0 or more
   * @throws IllegalArgumentException if it is not after the change before
   */
  public void put(int subIndex, KeyValue keyValue) throws IOException {
    changes.put(place(keyValue.getModRevision(), subIndex), keyValue.toByteString());
  }

  /**
   * A deletion, in order with the puts.
   *
   * @throws IllegalArgumentException if it is not after the change before
   */
  public void delete(Revision revision, int subIndex, ByteString key) throws IOException {
    ByteString marked =
        place(revision.value(), subIndex).concat(ByteString.copyFrom(new byte[] {TOMBSTONE}));
    changes.put(marked, KeyValue.newBuilder().setKey(key).build().toByteString());
  }

  /**
   * All leases there are, at most once. A restored etcd gives them their whole time again.
   *
   * @param all in any order, each id once
   */
  public void leases(Collection<Lease> all) throws IOException {
    List<Lease> inOrder = new ArrayList<>(all);
    inOrder.sort((one, other) -> Long.compareUnsigned(one.id(), other.id()));
    for (Lease lease : inOrder) {
      leases.put(bigEndian(lease.id()), encoded(lease));
    }
  }

  /**
   * Makes it a database. Nothing may be added after this.
   *
   * @param compacted the revision from which on the history is complete; zero, if all of it is there
   * @return how long the file is, in bytes: a multiple of 4,096
   */
  public long finish(Revision compacted) throws IOException {
    var root = new Tree(file);
    // In this order, as every tree.
    putEmpty(root, "alarm");
    putEmpty(root, "auth");
    putEmpty(root, "authRoles");
    putEmpty(root, "authUsers");
    putEmpty(root, "cluster");
    root.putBucket(name("key"), changes);
    root.putBucket(name("lease"), leases);
    putEmpty(root, "members");
    putEmpty(root, "members_removed");
    root.putBucket(name("meta"), meta(compacted));
    return file.finish(root.finish());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void putEmpty(Tree root, String name) throws IOException {
    root.putBucket(name(name), new Tree(file));
  }

  private Tree meta(Revision compacted) throws IOException {
    var meta = new Tree(file);
    long nothingOfAnyLogIsApplied = 0;
    meta.put(name("consistent_index"), bigEndian(nothingOfAnyLogIsApplied));
    if (compacted.isAfter(Revision.ZERO)) {
      ByteString since = place(compacted.value(), 0);
      meta.put(name("finishedCompactRev"), since);
      meta.put(name("scheduledCompactRev"), since);
    }
    return meta;
  }

  private static ByteString name(String name) {
    return ByteString.copyFromUtf8(name);
  }

  /** A revision as etcd's keys have it. */
  private static ByteString place(long revision, int subIndex) {
    ByteBuffer place = ByteBuffer.allocate(REVISION_BYTES);
    place.putLong(revision).put((byte) '_').putLong(subIndex).flip();
    return ByteString.copyFrom(place);
  }

  private static ByteString bigEndian(long value) {
    return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }

  /** etcd's record of a lease: the numbers of its two fields, and that it counts in seconds, are etcd's. */
  private static ByteString encoded(Lease lease) throws IOException {
    var bytes = ByteString.newOutput();
    var to = CodedOutputStream.newInstance(bytes);
    to.writeInt64(1, lease.id());
    to.writeInt64(2, lease.ttl().toSeconds());
    to.flush();
    return bytes.toByteString();
  }
}
