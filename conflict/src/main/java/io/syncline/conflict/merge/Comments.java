package io.syncline.conflict.merge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a merged text still has every comment that it should have. */
final class Comments {
  private Comments() {}

  /**
   * A comment that one side wrote, or both have, and the result does not. One that a side took away
   * may still be there: that loses nothing.
   */
  static Optional<String> lost(
      List<String> base, List<String> ours, List<String> theirs, List<String> result) {
    Map<String, int[]> counts = new HashMap<>();
    count(counts, base, 0);
    count(counts, ours, 1);
    count(counts, theirs, 2);
    count(counts, result, 3);
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue()[3] < expected(entry.getValue()))
        .map(Map.Entry::getKey)
        .min(String::compareTo);
  }

  private static void count(Map<String, int[]> counts, List<String> comments, int column) {
    comments.forEach(comment -> counts.computeIfAbsent(comment, any -> new int[4])[column]++);
  }

  private static int expected(int[] counts) {
    int base = counts[0];
    int ours = counts[1];
    int theirs = counts[2];
    if (ours == base || theirs == base) {
      return ours == base ? theirs : ours;
    }
    boolean bothAdded = ours > base && theirs > base;
    return bothAdded ? Math.max(ours, theirs) : Math.max(0, ours + theirs - base);
  }
}
