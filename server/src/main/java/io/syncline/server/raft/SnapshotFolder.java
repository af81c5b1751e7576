package io.syncline.server.raft;

import io.syncline.model.Fault;
import io.syncline.model.LogPosition;
import io.syncline.server.store.DurableFiles;
import io.syncline.server.store.Store;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of one voter: {@code sm/snapshot.<term>_<index>/}, each a RocksDB checkpoint with a
 * list of its files' SHA-256, in the format of {@code sha256sum}.
 *
 * <p>A snapshot appears under its name only when it is complete and synced. Old ones go as part of
 * {@link #finish}, and of opening if that was cut short: left to Ratis, which asks for it later, a
 * voter stopped in between would keep one more each time. Used by Ratis' updater thread; {@link
 * #finish} and {@link #getLatestSnapshot} by any.
 */
final class SnapshotFolder implements StateMachineStorage {
  private static final Pattern NAME = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");

  private final ChecksumList checksums = new ChecksumList();
  private final int kept;
  private volatile @Nullable Path folder;
  private volatile @Nullable SnapshotInfo latest;

  /**
   * @param kept how many of the newest snapshots stay, at least 1
   */
  SnapshotFolder(int kept) {
    this.kept = kept;
  }

  @Override
  public void init(RaftStorage raftStorage) throws IOException {
    open(raftStorage.getStorageDir().getStateMachineDir().toPath());
  }

  void open(Path stateMachineFolder) throws IOException {
    folder = stateMachineFolder;
    Files.createDirectories(stateMachineFolder);
    DurableFiles.deleteTree(unfinished());
    deleteOld();
    refresh();
  }

  /** Looks again at what there is: after an installation Ratis has replaced the folder. */
  void refresh() {
    List<Path> snapshots = list();
    latest = snapshots.isEmpty() ? null : describe(snapshots.get(snapshots.size() - 1));
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    return latest;
  }

  /** The newest snapshot's folder; null if there is none. */
  @Nullable
  Path newest() {
    List<Path> snapshots = list();
    return snapshots.isEmpty() ? null : snapshots.get(snapshots.size() - 1);
  }

  /** How old the newest snapshot is; empty if there is none. */
  Optional<Duration> age(Instant now) {
    Path newest = newest();
    try {
      return newest == null
          ? Optional.empty()
          : Optional.of(Duration.between(Files.getLastModifiedTime(newest).toInstant(), now));
    } catch (IOException e) {
      // it was just replaced by a newer one
      return Optional.empty();
    }
  }

  /** Sets the store's files aside as they are now. Short, however large the store is. */
  LogPosition begin(Store store) {
    Path building = unfinished();
    try {
      DurableFiles.deleteTree(building);
      return store.checkpoint(building).applied();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Makes a snapshot of what was set aside, unless there is one of the same position. Reads all of it:
   * not for the thread that applies.
   */
  void finish(LogPosition begun) {
    Path building = unfinished();
    try {
      Path target = folder().resolve(nameOf(begun));
      if (!Files.exists(target)) {
        checksums.write(building);
        DurableFiles.syncTree(building);
        DurableFiles.moveInto(building, target);
      }
      DurableFiles.deleteTree(building);
      deleteOld();
      refresh();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private Fault cannotWrite(IOException e) {
    return new Fault("raft: cannot write a snapshot in " + folder() + ": " + e.getMessage(), e);
  }

  /** Brings the files of a snapshot into a store's folder, after verifying each. */
  void restore(Path snapshot, Path storeFolder) {
    try {
      List<Path> files = checksums.verify(snapshot);
      DurableFiles.deleteTree(storeFolder);
      Files.createDirectories(storeFolder);
      for (Path file : files) {
        DurableFiles.linkOrCopy(file, storeFolder.resolve(file.getFileName()));
      }
      DurableFiles.syncTree(storeFolder);
    } catch (IOException e) {
      throw new Fault("raft: cannot restore snapshot " + snapshot + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void format() {
    // nothing is kept beside the snapshots themselves
  }

  @Override
  public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {
    // done when a snapshot is finished
  }

  private void deleteOld() throws IOException {
    List<Path> snapshots = list();
    for (Path old : snapshots.subList(0, Math.max(0, snapshots.size() - kept))) {
      DurableFiles.deleteTree(old);
    }
  }

  /** Ratis' file list, whose MD5 sums are computed only if the snapshot is really sent. */
  private static SnapshotInfo describe(Path snapshot) {
    var files = new ArrayList<FileInfo>();
    for (Path file : ChecksumList.filesOf(snapshot)) {
      files.add(new LazyFileInfo(file));
    }
    LogPosition position = positionOf(snapshot);
    return new FileListSnapshotInfo(files, TermIndex.valueOf(position.term(), position.index()));
  }

  private static final class LazyFileInfo extends FileInfo {
    private @Nullable MD5Hash digest;

    LazyFileInfo(Path path) {
      super(path, null);
    }

    @Override
    public synchronized MD5Hash getFileDigest() {
      MD5Hash known = digest;
      if (known == null) {
        File file = getPath().toFile();
        try {
          known = MD5FileUtil.computeMd5ForFile(file);
        } catch (IOException e) {
          throw new Fault("raft: cannot read snapshot file " + file + ": " + e.getMessage(), e);
        }
        digest = known;
      }
      return known;
    }
  }

  static LogPosition positionOf(Path snapshot) {
    Matcher matcher = NAME.matcher(snapshot.getFileName().toString());
    if (!matcher.matches()) {
      throw new Fault("raft: " + snapshot + " is no snapshot");
    }
    return new LogPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  private static String nameOf(LogPosition position) {
    return "snapshot." + position.term() + "_" + position.index();
  }

  private List<Path> list() {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries
          .filter(entry -> NAME.matcher(entry.getFileName().toString()).matches())
          .sorted(Comparator.comparingLong(entry -> positionOf(entry).index()))
          .toList();
    } catch (IOException e) {
      throw new Fault("raft: cannot list snapshots in " + folder() + ": " + e.getMessage(), e);
    }
  }

  /** Beside the folder and not in it: Ratis replaces the folder when it installs a snapshot. */
  private Path unfinished() {
    return folder().resolveSibling("snapshot.unfinished");
  }

  private Path folder() {
    Path known = folder;
    if (known == null) {
      throw new IllegalStateException("not initialized");
    }
    return known;
  }
}
