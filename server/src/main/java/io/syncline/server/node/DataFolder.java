package io.syncline.server.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A voter's data folder, locked while the voter runs. */
final class DataFolder implements AutoCloseable {
  private final Path root;
  private final FileChannel lockFile;

  private DataFolder(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
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
      return new DataFolder(root, channel);
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
