package io.syncline.conflict.merge;

/** The content is deeper or has more nodes than {@link MergeOptions} allow. */
final class BeyondBounds extends Exception {
  private static final long serialVersionUID = 1L;

  private BeyondBounds(String reason) {
    super(reason, null, false, false);
  }

  static void checkDepth(int depth, MergeOptions options) throws BeyondBounds {
    if (depth > options.maxDepth()) {
      throw new BeyondBounds("nested more than " + options.maxDepth()
          + " levels deep (expected: at most " + options.maxDepth() + ")");
    }
  }

  static void checkNodes(long nodes, MergeOptions options) throws BeyondBounds {
    if (nodes > options.maxNodes()) {
      throw new BeyondBounds("more than " + options.maxNodes()
          + " keys and values, counting what aliases stand for (expected: at most "
          + options.maxNodes() + ")");
    }
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
