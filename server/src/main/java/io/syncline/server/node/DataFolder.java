package io.syncline.server.node;

import io.syncline.model.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A voter's data folder, locked while the voter runs. */
final class DataFolder implements AutoCloseable {
  /**
   * Whatever writes here needs some room, but one file must not wait until there is none: Ratis keeps
   * its term and vote by writing a new file and renaming it, and renames it also if the disk was full
   * and the new file is empty.
   */
  private static final long LEAST_FREE_BYTES = 4L << 20;

  private final Path root;
  private final FileChannel lockFile;
  private final FileStore disk;

  private DataFolder(Path root, FileChannel lockFile, FileStore disk) {
    this.root = root;
    this.lockFile = lockFile;
    this.disk = disk;
  }

  /**
   * @throws RefusedToStart if it cannot be made or written, or another process has it
   */
  static DataFolder open(Path root) {
    try {
      Files.createDirectories(root);
      FileChannel channel = FileChannel.open(
          root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new RefusedToStart(
            "data folder: " + root + " is in use by another process; stop that one first");
      }
      return new DataFolder(root, channel, Files.getFileStore(root));
    } catch (IOException e) {
      throw new RefusedToStart("data folder: cannot use " + root + ": " + e, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path root() {
    return root;
  }

  /**
   * @throws Fault if the disk does not tell
   */
  long freeBytes() {
    try {
      return disk.getUsableSpace();
    } catch (IOException e) {
      throw new Fault("data folder: cannot tell the free space of " + root + ": " + e, e);
    }
  }

  /**
   * @throws Fault if its disk is so full that the voter must stop while it can still do so safely
   */
  void requireRoom() {
    long freeBytes = freeBytes();
    if (freeBytes < LEAST_FREE_BYTES) {
      throw new Fault("data folder: No space left on device of "
          + root
          + ": "
          + freeBytes
          + " bytes are free (expected: at least "
          + LEAST_FREE_BYTES
          + "); make room and start again");
    }
  }

  Path store() {
    return root.resolve("store");
  }

  Path raft() {
    return root.resolve("raft");
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot release " + root, e);
    }
  }
}
