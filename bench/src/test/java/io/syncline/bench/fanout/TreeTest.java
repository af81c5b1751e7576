package io.syncline.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TreeTest {
  @Test
  void asManyAsTheBranchingFollowEach() {
    var tree = new Tree(7, 2);

    assertThat(IntStream.range(0, 7).map(tree::above)).containsExactly(-1, -1, 0, 0, 1, 1, 2);
    assertThat(IntStream.range(0, 7).map(tree::level)).containsExactly(1, 1, 2, 2, 2, 2, 3);
    assertThat(IntStream.range(0, 7).filter(tree::isLeaf)).containsExactly(3, 4, 5, 6);
  }

  @Test
  void withABranchingOfOneItIsAChain() {
    var tree = new Tree(3, 1);

    assertThat(IntStream.range(0, 3).map(tree::above)).containsExactly(-1, 0, 1);
    assertThat(tree.level(2)).isEqualTo(3);
    assertThat(IntStream.range(0, 3).filter(tree::isLeaf)).containsExactly(2);
  }
}
