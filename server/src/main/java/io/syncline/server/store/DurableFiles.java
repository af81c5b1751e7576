package io.syncline.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** File operations that are on the disk when they return: a rename without its folder is not. */
public final class DurableFiles {
  private DurableFiles() {}

  /** Syncs every file below the folder, and the folder. */
  public static void syncTree(Path folder) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(folder)) {
      entries = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : entries) {
      sync(entry);
    }
  }

  /** Renames within one file system, and syncs the folder renamed into. */
  public static void moveInto(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path parent = to.getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  /** Writes a whole file, in the place of what was there: after a crash it is the old or the new one. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.write(unfinished, content);
    sync(unfinished);
    moveInto(unfinished, file);
  }

  /** A hard link for table files, which never change; a copy of everything else. */
  public static void linkOrCopy(Path from, Path to) throws IOException {
    if (from.getFileName().toString().endsWith(".sst")) {
      try {
        Files.createLink(to, from);
        return;
      } catch (UnsupportedOperationException | IOException e) {
        // another file system, or one without hard links: copied below
      }
    }
    Files.copy(from, to);
  }

  public static void deleteTree(Path root) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(root)) {
      entries = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path entry : entries) {
      Files.deleteIfExists(entry);
    }
  }

  private static void sync(Path entry) throws IOException {
    // a folder opens for reading only
    StandardOpenOption option =
        Files.isDirectory(entry) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(entry, option)) {
      channel.force(true);
    }
  }
}
