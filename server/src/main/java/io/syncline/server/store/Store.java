package io.syncline.server.store;

import io.syncline.codec.AuthCodec;
import io.syncline.codec.StorageCodec;
import io.syncline.model.AuthState;
import io.syncline.model.Fault;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.StorePosition;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * A voter's state in RocksDB: typed column families, written in atomic batches that carry the
 * position they lead to.
 *
 * <p>RocksDB's own write-ahead log is off: after a crash the store stands at an earlier batch, whole,
 * and the Raft log brings it forward from there.
 *
 * <p>Threads: one applies and one sweeps what nobody reads any more, any number read. Reads and writes share a lock that only {@link
 * #replaceWith} and {@link #close} take for themselves, so that nothing touches RocksDB after it was
 * closed.
 */
public final class Store implements AutoCloseable {
  private final Path folder;
  private final boolean log;
  private final StampedLock openness = new StampedLock();
  private final ConcurrentMap<NamespaceName, NamespaceRecord> byName = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, NamespaceRecord> byId = new ConcurrentHashMap<>();

  private volatile StorePosition position = StorePosition.INITIAL;
  private final CurrentAuth auth = new CurrentAuth();
  private @Nullable OpenRocks rocks;

  private Store(Path folder, boolean log) {
    this.folder = folder;
    this.log = log;
  }

  /**
   * Opens the store in the folder, or makes an empty one. After a crash it stands where it stood when
   * it was last flushed: for a store that is brought forward again by a log elsewhere, such as Raft's.
   *
   * @throws Fault if it cannot be read
   */
  public static Store open(Path folder) {
    return open(folder, false);
  }

  /**
   * Like {@link #open}, but after a crash of the process the store stands where it stood then; after
   * one of the machine a little earlier, whole. For a store that must serve without anybody's help.
   */
  public static Store openWithLog(Path folder) {
    return open(folder, true);
  }

  private static Store open(Path folder, boolean log) {
    var store = new Store(folder, log);
    store.openRocks();
    return store;
  }

  /** Where the store stands: everything up to it can be read. */
  public StorePosition position() {
    return position;
  }

  /** Users, roles, and whether they matter; kept decoded, for every request asks. */
  public AuthState auth() {
    return auth.get();
  }

  /**
   * Completes when users and roles are of a revision at least, or that has taken too long. On the thread
   * that applies: what follows must be short.
   */
  public CompletableFuture<Void> awaitAuth(long revision) {
    return auth.await(revision);
  }

  public Optional<NamespaceRecord> namespace(NamespaceName name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<NamespaceRecord> namespaces() {
    return List.copyOf(byName.values());
  }

  /** Reads what is newest while it reads. One lookup is consistent; several need not be. */
  public <T> T read(Function<StoreReader, T> reading) {
    long stamp = openness.readLock();
    try {
      return reading.apply(new StoreReader(open(), null, this::nameOf));
    } finally {
      openness.unlockRead(stamp);
    }
  }

  /** Reads one consistent state. It is pinned while the function runs: keep that short. */
  public <T> T readSnapshot(Function<StoreReader, T> reading) {
    long stamp = openness.readLock();
    try {
      OpenRocks open = open();
      Snapshot snapshot = open.db().getSnapshot();
      try {
        return reading.apply(new StoreReader(open, snapshot, this::nameOf));
      } finally {
        open.db().releaseSnapshot(snapshot);
      }
    } finally {
      openness.unlockRead(stamp);
    }
  }

  /**
   * Writes a batch, all of it or nothing, and makes its position the store's.
   *
   * @throws Fault if it cannot be written; the node must stop
   */
  public void write(StoreBatch batch) {
    // names first: a reader must be able to name whatever it finds
    batch.namespaces().forEach(record -> byId.put(record.id(), record));
    AuthState changed = batch.auth();
    if (changed != null) {
      // first as well: who was to lose a permission must not read what was written after
      auth.set(changed);
    }
    long stamp = openness.readLock();
    try {
      batch.writeTo(open());
    } catch (RocksDBException e) {
      throw new Fault("store: cannot write to " + folder + ": " + e.getMessage(), e);
    } finally {
      openness.unlockRead(stamp);
    }
    batch.namespaces().forEach(record -> byName.put(record.name(), record));
    StorePosition reached = batch.position();
    if (reached != null) {
      position = reached;
    }
  }

  /**
   * Writes out what is only in memory, so that a {@link #checkpoint} soon after is short.
   *
   * @throws Fault if it cannot be written
   */
  public void flush() {
    long stamp = openness.readLock();
    try {
      flush(open());
    } catch (RocksDBException e) {
      throw new Fault("store: cannot write to " + folder + ": " + e.getMessage(), e);
    } finally {
      openness.unlockRead(stamp);
    }
  }

  private static void flush(OpenRocks open) throws RocksDBException {
    try (var options = new FlushOptions().setWaitForFlush(true)) {
      open.db().flush(options, open.handles());
    }
  }

  /**
   * Makes a consistent copy, by hard links where the file system has them.
   *
   * @param target must not exist, on the same file system
   * @return where the copy stands
   * @throws Fault if it cannot be written
   */
  public StorePosition checkpoint(Path target) {
    long stamp = openness.readLock();
    try {
      OpenRocks open = open();
      StorePosition reached = position;
      flush(open);
      try (Checkpoint checkpoint = Checkpoint.create(open.db())) {
        checkpoint.createCheckpoint(target.toString());
      }
      return reached;
    } catch (RocksDBException e) {
      throw new Fault("store: cannot write a checkpoint to " + target + ": " + e.getMessage(), e);
    } finally {
      openness.unlockRead(stamp);
    }
  }

  /** Where a checkpoint stands, without opening it for writing. */
  public static StorePosition positionOf(Path checkpoint) {
    try (OpenRocks open = OpenRocks.readOnly(checkpoint)) {
      return readPosition(open);
    }
  }

  /**
   * Closes the store, lets its files be replaced, and opens it again. Waits for reads under way.
   *
   * @param replacing brings the new files into the store's folder
   */
  public void replaceWith(Runnable replacing) {
    long stamp = openness.writeLock();
    try {
      closeRocks();
      replacing.run();
      openRocks();
    } finally {
      openness.unlockWrite(stamp);
    }
  }

  public Path folder() {
    return folder;
  }

  /** Size of all files of the store, in bytes. */
  public long sizeBytes() {
    return read(reader -> {
      long total = 0;
      for (Family family : Family.values()) {
        total += reader.property(family, "rocksdb.total-sst-files-size");
        total += reader.property(family, "rocksdb.cur-size-all-mem-tables");
      }
      return total;
    });
  }

  @Override
  public void close() {
    long stamp = openness.writeLock();
    try {
      closeRocks();
    } finally {
      openness.unlockWrite(stamp);
    }
  }

  private void openRocks() {
    OpenRocks opened = OpenRocks.writable(folder, log);
    rocks = opened;
    byName.clear();
    byId.clear();
    var reader = new StoreReader(opened, null, this::nameOf);
    for (NamespaceRecord record : reader.namespaceRecords()) {
      byId.put(record.id(), record);
      byName.put(record.name(), record);
    }
    auth.set(readAuth(opened));
    position = readPosition(opened);
  }

  private static AuthState readAuth(OpenRocks open) {
    byte[] bytes = open.get(Family.META, StoreKeys.AUTH, null);
    return bytes == null ? AuthState.INITIAL : AuthCodec.decodeState(bytes);
  }

  private static StorePosition readPosition(OpenRocks open) {
    byte[] bytes = open.get(Family.META, StoreKeys.POSITION, null);
    return bytes == null ? StorePosition.INITIAL : StorageCodec.decodePosition(bytes);
  }

  private void closeRocks() {
    OpenRocks open = rocks;
    if (open != null) {
      rocks = null;
      open.close();
    }
  }

  private OpenRocks open() {
    OpenRocks open = rocks;
    if (open == null) {
      throw new StoreClosed();
    }
    return open;
  }

  private NamespaceName nameOf(int namespaceId) {
    NamespaceRecord record = byId.get(namespaceId);
    if (record == null) {
      throw new Fault("store: a version names namespace number " + namespaceId + ", which is not");
    }
    return record.name();
  }
}
