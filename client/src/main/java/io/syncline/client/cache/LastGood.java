package io.syncline.client.cache;

import io.syncline.codec.SyncCodec;
import io.syncline.model.ChangeBatch;
import io.syncline.model.ConfigVersion;
import io.syncline.model.CorruptBatch;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.proto.sync.v1.BatchFrame;
import io.syncline.proto.sync.v1.SnapshotResponse;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good state on disk, for a start without the centre: a snapshot, and the batches since, each
 * with its checksum. Reading ends at the first damage; everything before it is whole. Used on one loop.
 */
final class LastGood {
  private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
  private static final String SNAPSHOT = "snapshot";
  private static final String BATCHES = "batches";
  private static final int PART_KEYS = 1000;
  private static final long LEAST_REWRITE_BYTES = 4L << 20;

  private final Path folder;
  private long snapshotBytes;
  private long batchBytes;

  LastGood(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cache: cannot use " + folder, e);
    }
  }

  /** Brings an empty copy to the last good state. */
  void load(ImageReplica replica) {
    try {
      if (Files.exists(snapshot())) {
        loadSnapshot(replica);
      }
      if (Files.exists(batches())) {
        loadBatches(replica);
      }
    } catch (IOException | CorruptBatch e) {
      LOG.warn("the last good state is damaged; what is before the damage is used: reason={}", e);
      replica.dropStaged();
    }
    // what lies behind a damage must not be continued
    rewrite(replica);
  }

  private void loadSnapshot(ImageReplica replica) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(snapshot()))) {
      for (SnapshotResponse frame = SnapshotResponse.parseDelimitedFrom(in);
          frame != null;
          frame = SnapshotResponse.parseDelimitedFrom(in)) {
        replica.stage(SyncCodec.open(frame));
      }
    }
  }

  private void loadBatches(ImageReplica replica) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(batches()))) {
      for (BatchFrame frame = BatchFrame.parseDelimitedFrom(in);
          frame != null;
          frame = BatchFrame.parseDelimitedFrom(in)) {
        ChangeBatch batch = SyncCodec.open(frame);
        if (batch.from().equals(replica.cursor())) {
          replica.apply(batch);
        }
      }
    }
  }

  /** Adds a batch that was applied. */
  void append(ChangeBatch batch, ImageReplica replica) {
    BatchFrame frame = SyncCodec.frame(batch);
    try (OutputStream out = new BufferedOutputStream(
        Files.newOutputStream(batches(), StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      frame.writeDelimitedTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("cache: cannot write to " + folder, e);
    }
    batchBytes += frame.getBatch().size();
    if (batchBytes > Math.max(LEAST_REWRITE_BYTES, snapshotBytes)) {
      rewrite(replica);
    }
  }

  /** Writes the whole state anew, in the place of the old one. */
  void rewrite(ImageReplica replica) {
    if (replica.cluster().isEmpty()) {
      return;
    }
    Path unfinished = folder.resolve(SNAPSHOT + ".new");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
        writeParts(replica, out);
      }
      Files.move(
          unfinished,
          snapshot(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(batches());
      snapshotBytes = Files.size(snapshot());
      batchBytes = 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cache: cannot write to " + folder, e);
    }
  }

  private static void writeParts(ImageReplica replica, OutputStream out) throws IOException {
    Image image = replica.image();
    var heads = new ArrayList<ConfigVersion>();
    int index = 0;
    for (NamespaceName namespace : new TreeSet<>(image.namespaces())) {
      for (ConfigVersion live : image.list(Selector.all(namespace)).toList()) {
        heads.add(live);
        if (heads.size() == PART_KEYS) {
          SyncCodec.frame(part(replica, heads, index++, false)).writeDelimitedTo(out);
          heads.clear();
        }
      }
    }
    SyncCodec.frame(part(replica, heads, index, true)).writeDelimitedTo(out);
  }

  private static SnapshotPart part(
      ImageReplica replica, List<ConfigVersion> heads, int index, boolean last) {
    return new SnapshotPart(
        replica.cluster().orElseThrow(),
        Revision.ZERO,
        replica.cursor(),
        replica.term(),
        heads,
        last,
        Map.of(),
        index,
        0,
        0,
        Instant.EPOCH);
  }

  private Path snapshot() {
    return folder.resolve(SNAPSHOT);
  }

  private Path batches() {
    return folder.resolve(BATCHES);
  }

  /** Nothing is kept. */
  static @Nullable LastGood in(@Nullable Path folder) {
    return folder == null ? null : new LastGood(folder);
  }
}
