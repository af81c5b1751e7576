package io.syncline.server.store;

import io.syncline.model.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** One open RocksDB with its column families, and what must be closed with it, in order. */
final class OpenRocks implements AutoCloseable {
  private static final long BLOCK_CACHE_SIZE_BYTES = 64L << 20;
  private static final long WRITE_BUFFER_SIZE_BYTES = 32L << 20;
  private static final long ALL_WRITE_BUFFERS_SIZE_BYTES = 128L << 20;
  private static final int BLOOM_BITS_PER_KEY = 10;
  private static final int MAX_OPEN_FILES = 2048;
  private static final Duration LAST_LEVEL_UNTOUCHED = Duration.ofHours(1);
  private static final int INFO_LOGS_KEPT = 3;
  private static final long INFO_LOG_SIZE_BYTES = 4L << 20;

  static {
    RocksDB.loadLibrary();
  }

  private final RocksDB db;
  private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
  private final List<AutoCloseable> closedLast;
  private final ReadOptions newest = new ReadOptions();
  private final WriteOptions writeOptions = new WriteOptions();

  private OpenRocks(RocksDB db, List<ColumnFamilyHandle> handles, List<AutoCloseable> closedLast) {
    this.db = db;
    this.closedLast = closedLast;
    int next = 0;
    for (Family family : Family.values()) {
      families.put(family, handles.get(next++));
    }
  }

  /**
   * @param log whether RocksDB keeps a log of what is only in memory
   */
  static OpenRocks writable(Path folder, boolean log) {
    OpenRocks opened = open(folder, true);
    opened.writeOptions.setDisableWAL(!log);
    return opened;
  }

  static OpenRocks readOnly(Path folder) {
    return open(folder, false);
  }

  private static OpenRocks open(Path folder, boolean writable) {
    var closedLast = new ArrayList<AutoCloseable>();
    Cache cache = new LRUCache(BLOCK_CACHE_SIZE_BYTES);
    closedLast.add(cache);
    DBOptions options = databaseOptions();
    closedLast.add(options);
    var descriptors = new ArrayList<ColumnFamilyDescriptor>();
    for (Family family : Family.values()) {
      ColumnFamilyOptions familyOptions = familyOptions(cache, closedLast);
      closedLast.add(familyOptions);
      descriptors.add(new ColumnFamilyDescriptor(family.nameBytes(), familyOptions));
    }
    var handles = new ArrayList<ColumnFamilyHandle>();
    try {
      RocksDB db = writable
          ? RocksDB.open(options, folder.toString(), descriptors, handles)
          : RocksDB.openReadOnly(options, folder.toString(), descriptors, handles);
      return new OpenRocks(db, handles, closedLast);
    } catch (RocksDBException e) {
      closeAll(closedLast);
      throw new Fault("store: cannot open " + folder + ": " + e.getMessage(), e);
    }
  }

  private static DBOptions databaseOptions() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // without a write-ahead log only a flush of all families at once keeps them consistent
        .setAtomicFlush(true)
        .setParanoidChecks(true)
        .setAllowConcurrentMemtableWrite(false)
        .setDbWriteBufferSize(ALL_WRITE_BUFFERS_SIZE_BYTES)
        .setMaxOpenFiles(MAX_OPEN_FILES)
        .setKeepLogFileNum(INFO_LOGS_KEPT)
        .setMaxLogFileSize(INFO_LOG_SIZE_BYTES)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
  }

  private static ColumnFamilyOptions familyOptions(Cache cache, List<AutoCloseable> closedLast) {
    var bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
    closedLast.add(bloom);
    return unhurriedOptions()
        .setWriteBufferSize(WRITE_BUFFER_SIZE_BYTES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(bloom)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true));
  }

  /**
   * Options with what Java has no setter for. Each consistent read holds a snapshot; when it lets go,
   * files of the last level that hold what only the snapshot could see are compacted, at once if nothing
   * is said. That is up to half a second of a processor, just while a follower is served.
   */
  private static ColumnFamilyOptions unhurriedOptions() {
    var named = new Properties();
    named.setProperty(
        "bottommost_file_compaction_delay", Long.toString(LAST_LEVEL_UNTOUCHED.toSeconds()));
    ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(named);
    if (options == null) {
      throw new Fault("store: RocksDB does not know the options " + named);
    }
    return options;
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle handle(Family family) {
    ColumnFamilyHandle handle = families.get(family);
    if (handle == null) {
      throw new IllegalStateException("no column family " + family);
    }
    return handle;
  }

  /** How to write: with or without a log of its own. */
  WriteOptions writeOptions() {
    return writeOptions;
  }

  List<ColumnFamilyHandle> handles() {
    return List.copyOf(families.values());
  }

  /**
   * @param options null: what is newest
   */
  byte @Nullable [] get(Family family, byte[] key, @Nullable ReadOptions options) {
    try {
      return db.get(handle(family), options == null ? newest : options, key);
    } catch (RocksDBException e) {
      throw new Fault("store: cannot read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    newest.close();
    writeOptions.close();
    families.values().forEach(ColumnFamilyHandle::close);
    db.close();
    closeAll(closedLast);
  }

  private static void closeAll(List<AutoCloseable> closeables) {
    for (int i = closeables.size() - 1; i >= 0; i--) {
      try {
        closeables.get(i).close();
      } catch (Exception e) {
        throw new Fault("store: cannot close", e);
      }
    }
  }
}
