package io.syncline.conflict.merge;

import java.util.Map;

/** The meaning of a merge: subtrees as a side has them, and maps and lists put together from both. */
sealed interface Merged {

  /** A subtree, whole. */
  record Whole(Node node, Side side) implements Merged {}

  /** A map, its fields by their keys' identities. */
  record Fields(Node.Mapping ours, Node.Mapping theirs, Map<String, Merged> fields)
      implements Merged {
    Node.Mapping of(Side side) {
      return side == Side.OURS ? ours : theirs;
    }
  }

  /** A list, its elements in order, each with what identifies it. */
  record Elements(Identified ours, Identified theirs, Map<String, Merged> elements)
      implements Merged {
    Identified of(Side side) {
      return side == Side.OURS ? ours : theirs;
    }
  }

  enum Side {
    OURS,
    THEIRS
  }

  /**
   * A list whose elements are told apart.
   *
   * @param by how
   * @param nodes the elements by what identifies them, in order
   */
  record Identified(Node.Items items, ElementIds by, Map<String, Node> nodes) {}

  /** Whether a tree that was read means this merge. */
  default boolean isMeantBy(Node read) {
    return Meaning.differences(this, read, 1).isEmpty();
  }
}
