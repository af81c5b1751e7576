package io.syncline.ops.demo;

import io.syncline.ops.RefusedException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo lives: the folder given, or else one in the temporary folder that has the same name each
 * time, so that {@code --stop} finds it, and that goes when the demo ends.
 */
record DemoFolder(Path path, boolean temporary) {
  private static final Duration LEFTOVER_GRACE = Duration.ofSeconds(10);

  static DemoFolder of(@Nullable Path given) {
    if (given != null) {
      return new DemoFolder(given.toAbsolutePath().normalize(), false);
    }
    String name = "syncline-demo-" + System.getProperty("user.name", "user");
    return new DemoFolder(Path.of(System.getProperty("java.io.tmpdir"), name), true);
  }

  /**
   * Makes the folder, and clears what a demo that was killed left in a temporary one.
   *
   * @throws RefusedException if a demo runs in it, or it is not ours
   */
  void prepare() throws IOException, InterruptedException {
    Optional<DemoState> before = DemoState.read(path);
    if (before.flatMap(state -> state.supervisor().find()).isPresent()) {
      throw new RefusedException("a demo runs in "
          + path
          + " already (expected: none); end it by demo --stop, or give another folder by --data");
    }
    if (before.isPresent()) {
      endLeftVoters(before.get());
    }
    if (!temporary) {
      Files.createDirectories(path);
      return;
    }
    requireOwn();
    delete();
    Files.createDirectory(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Voters end when their supervisor does, but it may take them a few seconds. */
  static void endLeftVoters(DemoState state) throws InterruptedException {
    var left = state.voters().stream()
        .flatMap(voter -> voter.process().find().stream())
        .toList();
    Processes.end(left, LEFTOVER_GRACE);
  }

  private void requireOwn() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
      if (!owner.equals(System.getProperty("user.name")) || Files.isSymbolicLink(path)) {
        throw new RefusedException(
            path + ": belongs to " + owner + " (expected: you); give another folder by --data");
      }
    }
  }

  /** Removes the folder, if it is a temporary one. */
  void delete() throws IOException {
    if (!temporary || !Files.exists(path)) {
      return;
    }
    Files.walkFileTree(path, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
          throws IOException {
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
