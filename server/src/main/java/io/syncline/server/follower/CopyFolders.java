package io.syncline.server.follower;

import io.syncline.model.CopyState;
import io.syncline.model.Fault;
import io.syncline.server.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folders of a copy: the store that serves, and one that is filled beside it. */
public record CopyFolders(Path store, Path staged) {
  public static CopyFolders in(Path data) {
    return new CopyFolders(data.resolve("store"), data.resolve("staged"));
  }

  boolean hasStaged() {
    return Files.exists(staged);
  }

  void deleteStaged() {
    deleteTree(staged);
  }

  /**
   * Puts a staged store that is complete into the place of the other; does nothing if there is none.
   * Broken off in the middle, it is finished by the next call.
   */
  void finishReplacing() {
    if (!hasStaged() || !isComplete()) {
      return;
    }
    deleteTree(store);
    try {
      Files.move(staged, store, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Fault("copy: cannot move " + staged + " to " + store + ": " + e.getMessage(), e);
    }
  }

  private boolean isComplete() {
    try (Store candidate = Store.open(staged)) {
      CopyState copy = candidate.read(reader -> reader.copy());
      return copy != null
          && copy.staging().isEmpty()
          && candidate.position().revision().value() > 0;
    }
  }

  private static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> found = Files.walk(root)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new Fault("copy: cannot delete " + root + ": " + e.getMessage(), e);
    }
  }
}
