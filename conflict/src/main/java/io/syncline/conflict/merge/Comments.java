package io.syncline.conflict.merge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a merged text has just the comments that it should have. */
final class Comments {
  private static final int BASE = 0;
  private static final int OURS = 1;
  private static final int THEIRS = 2;
  private static final int RESULT = 3;

  private Comments() {}

  /** Not if one side wrote a comment that the result lacks, or took one away that it has. */
  static boolean areKept(
      List<String> base, List<String> ours, List<String> theirs, List<String> result) {
    Map<String, int[]> counts = new HashMap<>();
    count(counts, base, BASE);
    count(counts, ours, OURS);
    count(counts, theirs, THEIRS);
    count(counts, result, RESULT);
    return counts.values().stream().allMatch(Comments::isKept);
  }

  private static void count(Map<String, int[]> counts, List<String> comments, int column) {
    comments.forEach(comment -> counts.computeIfAbsent(comment, any -> new int[4])[column]++);
  }

  private static boolean isKept(int[] counts) {
    int base = counts[BASE];
    int ours = counts[OURS];
    int theirs = counts[THEIRS];
    if (ours == base || theirs == base) {
      return counts[RESULT] == (ours == base ? theirs : ours);
    }
    boolean bothAdded = ours > base && theirs > base;
    return counts[RESULT] >= (bothAdded ? Math.max(ours, theirs) : ours + theirs - base);
  }
}
