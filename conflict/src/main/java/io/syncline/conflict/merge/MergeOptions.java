package io.syncline.conflict.merge;

import java.util.List;

/**
 * Bounds of a merge, and how elements of lists are told apart.
 *
 * @param maxSizeBytes the largest content taken in, and the largest result
 * @param maxDepth how deep maps and lists may be nested
 * @param maxNodes how many keys, values, maps and lists a content may have, counting for each YAML
 *     alias what it stands for
 * @param idKeys fields that may identify the elements of a list, the first that fits wins; none:
 *     lists are never merged by element
 */
public record MergeOptions(int maxSizeBytes, int maxDepth, int maxNodes, List<String> idKeys) {
  /** Far deeper, and the recursion over a tree would meet the end of a thread's stack. */
  private static final int DEEPEST = 1000;

  public static final MergeOptions DEFAULT =
      new MergeOptions(16 << 20, 200, 1_000_000, List.of("name", "id", "key"));

  /**
   * @throws IllegalArgumentException if a bound is not positive, or the depth is above 1000
   */
  public MergeOptions {
    if (maxSizeBytes < 1 || maxNodes < 1 || maxDepth < 1 || maxDepth > DEEPEST) {
      throw new IllegalArgumentException(
          "bounds of a merge: %d bytes, %d levels, %d nodes (expected: 1 or more, at most %d levels)"
              .formatted(maxSizeBytes, maxDepth, maxNodes, DEEPEST));
    }
    idKeys = List.copyOf(idKeys);
  }

  public MergeOptions withIdKeys(List<String> others) {
    return new MergeOptions(maxSizeBytes, maxDepth, maxNodes, others);
  }

  public MergeOptions withMaxSizeBytes(int other) {
    return new MergeOptions(other, maxDepth, maxNodes, idKeys);
  }

  public MergeOptions withMaxDepth(int other) {
    return new MergeOptions(maxSizeBytes, other, maxNodes, idKeys);
  }

  public MergeOptions withMaxNodes(int other) {
    return new MergeOptions(maxSizeBytes, maxDepth, other, idKeys);
  }
}
