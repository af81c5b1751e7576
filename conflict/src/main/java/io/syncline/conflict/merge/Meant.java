package io.syncline.conflict.merge;

import java.util.List;

/** A node that equals another if both mean the same. */
record Meant(Node node) {
  static List<Meant> of(List<Node> nodes) {
    return nodes.stream().map(Meant::new).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Meant meant && meant.node.means(node);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(node.hash);
  }
}
