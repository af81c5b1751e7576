package io.syncline.conflict.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds of each merge, tried on made-up configurations. More of them by {@code
 * -Dsyncline.merge.iterations=N}, one again by {@code -Dsyncline.merge.seed=N}.
 */
class MergePropertiesTest {
  private static final int ITERATIONS = Integer.getInteger("syncline.merge.iterations", 1500);
  private static final long SEED = Long.getLong("syncline.merge.seed", 0);

  /** What the plainest rules merge must be merged, save a few that have no certain place. */
  private static final double LEAST_MERGED = 0.95;

  private int mergeable;
  private int merged;

  @ParameterizedTest
  @EnumSource(
      value = Format.class,
      names = {"JSON", "YAML", "PROPERTIES"})
  void aMergeMeansWhatThePlainestRulesSayOrIsAConflict(Format format) {
    forEachSeed(format, this::check);
    assertThat((double) merged / mergeable)
        .as("%s of %s merged", merged, mergeable)
        .isGreaterThan(LEAST_MERGED);
  }

  private interface Check {
    void check(Random random, Format format) throws Exception;
  }

  private static void forEachSeed(Format format, Check check) {
    long first = SEED == 0 ? 1 : SEED;
    long last = SEED == 0 ? ITERATIONS : SEED;
    for (long seed = first; seed <= last; seed++) {
      try {
        check.check(new Random(seed), format);
      } catch (Exception | AssertionError e) {
        fail(format + ", -Dsyncline.merge.seed=" + seed, e);
      }
    }
  }

  private void check(Random random, Format format) throws Exception {
    var source = new TreeSource(random, format);
    Tree base = source.tree();
    Tree ours = source.changed(base, 1 + random.nextInt(5));
    Tree theirs = source.changed(base, 1 + random.nextInt(5));
    String b = TreeText.of(base, format);
    String o = TreeText.of(ours, format);
    String t = TreeText.of(theirs, format);
    checkUnchangedSides(b, o, t, format);

    Object expected = Tree.merge(plain(b, format), plain(o, format), plain(t, format));
    String result = mergedText(b, o, t, format);
    String mirrored = mergedText(b, t, o, format);
    if (expected == null) {
      assertThat(result).as("a conflict").isNull();
      assertThat(mirrored).as("a conflict, mirrored").isNull();
      return;
    }
    mergeable++;
    if (result != null) {
      merged++;
      assertThat(plain(result, format)).isEqualTo(expected);
      checkComments(base, ours, theirs, result, format);
      checkTwice(b, result, t, format);
    }
    if (mirrored != null) {
      assertThat(plain(mirrored, format)).as("mirrored").isEqualTo(expected);
    }
  }

  private static void checkUnchangedSides(String b, String o, String t, Format format) {
    assertThat(mergedText(b, o, b, format)).isEqualTo(o);
    assertThat(mergedText(b, b, t, format)).isEqualTo(t);
    assertThat(mergedText(b, o, o, format)).isEqualTo(o);
  }

  /** A comment that only one side wrote is in the result. */
  private static void checkComments(
      Tree base, Tree ours, Tree theirs, String result, Format format) {
    if (format == Format.JSON) {
      return;
    }
    for (Tree side : new Tree[] {ours, theirs}) {
      side.comments().stream()
          .filter(comment -> !base.comments().contains(comment))
          .filter(comment -> TreeText.of(side, format).contains(comment))
          .forEach(comment -> assertThat(result).contains(comment));
    }
  }

  private static void checkTwice(String b, String result, String t, Format format) {
    assertThat(mergedText(b, result, t, format)).as("merged twice").isEqualTo(result);
  }

  private static Object plain(String text, Format format) throws Exception {
    return Tree.plain(Document.read(format, text, MergeOptions.DEFAULT).root);
  }

  private static @Nullable String mergedText(String b, String o, String t, Format format) {
    var sides = new MergeSides(
        ByteString.copyFromUtf8(b), ByteString.copyFromUtf8(o), ByteString.copyFromUtf8(t));
    MergeResult result = ThreeWayMerge.merge(sides, format, MergeOptions.DEFAULT);
    if (!(result instanceof MergeResult.Merged merged)) {
      assertThat(result).isInstanceOf(MergeResult.Conflicted.class);
      return null;
    }
    assertThat(merged.format()).isEqualTo(format);
    ByteString content = merged.content();
    return content == null ? null : content.toStringUtf8();
  }
}
