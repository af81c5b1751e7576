package io.syncline.conflict.merge;

import static io.syncline.conflict.merge.Merging.merge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What would cost too much is refused before it costs anything. */
class MergeBoundsTest {
  @Test
  void contentsAndResultsHaveALargestSize() {
    var options = MergeOptions.DEFAULT.withMaxSizeBytes(12);

    assertRefused(
        merge(Format.TEXT, "a\n", "b\n", "c\n".repeat(7), options),
        "a content of 14 bytes (expected: at most 12)");
    assertRefused(
        merge(Format.TEXT, "a\nb\nc\n", "1\n2\n3\na\nb\nc\n", "a\nb\nc\n1\n2\n3\n", options),
        "a merged content of 18 bytes (expected: at most 12)");
  }

  @Test
  void contentsHaveAGreatestDepth() {
    int tooDeep = MergeOptions.DEFAULT.maxDepth() + 1;
    String json = "[".repeat(tooDeep) + "]".repeat(tooDeep);

    for (Format format : List.of(Format.JSON, Format.YAML)) {
      assertRefused(merge(format, "1", "2", json), "nested more than 200 levels deep");
      assertThat(merge(format, "1", "2", json.substring(1, json.length() - 1)))
          .isInstanceOf(MergeResult.Conflicted.class);
    }
    assertRefused(merge(Format.YAML, "1", "2", "[".repeat(1_000_000)), "nested more than 200");
    assertRefused(merge(Format.JSON, "1", "2", "[".repeat(1_000_000)), "nested more than 200");
  }

  @Test
  void contentsHaveAMostNumberOfNodes() {
    var options = MergeOptions.DEFAULT.withMaxNodes(10);

    assertRefused(
        merge(Format.JSON, "1", "2", "[" + "1,".repeat(9) + "1]", options), "more than 10");
    assertRefused(merge(Format.YAML, "1", "2", "- 1\n".repeat(10), options), "more than 10");
    assertRefused(
        merge(Format.PROPERTIES, "a=1", "a=2", "a=1\nb=1\nc=1\nd=1\ne=1\n", options),
        "more than 10");
  }

  @Test
  void aBombOfAliasesIsCountedAndNotExpanded() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, (alias + ", ").repeat(9) + alias));
    }

    assertRefused(merge(Format.YAML, "a: 1", "a: 2", bomb.toString()), "counting what aliases");
  }

  @Test
  void linesThatAreAllAlikeAreMergedInBoundedWork() {
    String base = "x\ny\n".repeat(100_000);
    String ours = "y\nx\n".repeat(100_000);
    String theirs = "y\ny\nx\nx\n".repeat(50_000);

    assertThat(merge(Format.TEXT, base, ours, theirs)).isNotNull();
  }

  @Test
  void boundsArePositiveAndTheDepthIsOneThatTheStackHolds() {
    assertThatThrownBy(() -> MergeOptions.DEFAULT.withMaxDepth(1001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: 1 or more, at most 1000 levels");
    assertThatThrownBy(() -> MergeOptions.DEFAULT.withMaxNodes(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(merge(
            Format.YAML,
            "1",
            "[".repeat(1000) + "]".repeat(1000),
            "[".repeat(1000) + "2" + "]".repeat(1000),
            MergeOptions.DEFAULT.withMaxDepth(1000)))
        .isInstanceOf(MergeResult.Conflicted.class);
  }

  private static void assertRefused(MergeResult result, String reason) {
    assertThat(result)
        .isInstanceOfSatisfying(
            MergeResult.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }
}
