package io.syncline.ops.imports;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an import that are about one key, and which of them need be written.
 *
 * <p>An import writes the lines of a key in their order, so what it wrote is a subsequence of the
 * key's history, whatever others wrote in between. Everything up to the last line found there is
 * done; what comes after is not.
 */
final class KeyLines {

  /** What to do with a line. */
  enum Action {
    WRITE,
    /** An earlier import wrote it. */
    ALREADY_IMPORTED,
    /** It leaves the key as the line before it did, or as it is. */
    UNCHANGED,
    /** It deletes what has no live value. */
    DELETE_OF_NOTHING
  }

  private final List<Mark> lines = new ArrayList<>();

  /** Lines before this one are done. */
  private int done;

  private int next;

  /** What the key is before the next line; null: nobody wrote it. */
  private @Nullable Mark head;

  void add(Mark line) {
    lines.add(line);
  }

  /**
   * Compares the lines with the key's history.
   *
   * @param history oldest first
   * @param truncated whether older versions were compacted away: then a line may have been written
   *     without being found
   */
  void compare(List<PastVersion> history, boolean truncated) {
    done = truncated ? lastFound(history) : foundInOrder(history);
    head = history.isEmpty() ? null : history.get(history.size() - 1).mark();
  }

  private int foundInOrder(List<PastVersion> history) {
    int found = 0;
    for (PastVersion version : history) {
      for (int i = found; i < lines.size(); i++) {
        if (version.is(lines.get(i))) {
          found = i + 1;
          break;
        }
      }
    }
    return found;
  }

  private int lastFound(List<PastVersion> history) {
    for (int i = lines.size(); i > 0; i--) {
      Mark line = lines.get(i - 1);
      if (history.stream().anyMatch(version -> version.is(line))) {
        return i;
      }
    }
    return 0;
  }

  /** Whether an earlier import wrote any of the lines. */
  boolean anyImported() {
    return done > 0;
  }

  /**
   * Whether the lines begin with the delete of a live key of which no line is in the history. Had an
   * earlier import met it when it had no value, it would have left no trace.
   */
  boolean beginsWithUncertainDelete() {
    return done == 0
        && !lines.isEmpty()
        && lines.get(0).tombstone()
        && head != null
        && !head.tombstone();
  }

  /** Takes the delete that {@link #beginsWithUncertainDelete} for done. */
  void skipFirst() {
    done = 1;
  }

  /**
   * Takes the next line.
   *
   * @throws IllegalArgumentException if it is another than the one that was added in its place
   */
  Action next(Mark line) {
    if (next >= lines.size() || !lines.get(next).equals(line)) {
      throw new IllegalArgumentException("changed since it was checked (expected: the same again)");
    }
    int index = next++;
    if (index < done) {
      return Action.ALREADY_IMPORTED;
    }
    Mark before = index > 0 ? lines.get(index - 1) : null;
    boolean live = head != null && !head.tombstone();
    if (line.tombstone() && (!live || (before != null && before.tombstone()))) {
      return Action.DELETE_OF_NOTHING;
    }
    if ((before != null && before.sameState(line)) || (head != null && head.sameState(line))) {
      return Action.UNCHANGED;
    }
    head = line;
    return Action.WRITE;
  }
}
