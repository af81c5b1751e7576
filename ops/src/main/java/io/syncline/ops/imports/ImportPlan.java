package io.syncline.ops.imports;

import io.syncline.model.Key;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** All lines of an import, read and checked once: nothing is written before all of them are good. */
final class ImportPlan {
  private final Map<Key, KeyLines> keys = new LinkedHashMap<>();
  private long lineCount;

  private ImportPlan() {}

  /**
   * @throws io.syncline.ops.RefusedException if a line is malformed; says what and where
   */
  static ImportPlan check(ImportSource source) throws IOException, InterruptedException {
    var plan = new ImportPlan();
    source.forEach(plan::add);
    return plan;
  }

  private void add(ImportLine line) {
    keys.computeIfAbsent(line.key(), key -> new KeyLines()).add(Mark.of(line));
    lineCount++;
  }

  long lineCount() {
    return lineCount;
  }

  Collection<Key> keys() {
    return keys.keySet();
  }

  /**
   * @throws IllegalArgumentException if the plan knows no such key
   */
  KeyLines of(Key key) {
    KeyLines lines = keys.get(key);
    if (lines == null) {
      throw new IllegalArgumentException("changed since it was checked (expected: the same again)");
    }
    return lines;
  }

  /** To be called once all histories were compared. */
  void settleUncertainDeletes() {
    if (keys.values().stream().anyMatch(KeyLines::anyImported)) {
      keys.values().stream()
          .filter(KeyLines::beginsWithUncertainDelete)
          .forEach(KeyLines::skipFirst);
    }
  }
}
