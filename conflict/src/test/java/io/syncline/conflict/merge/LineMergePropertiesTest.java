package io.syncline.conflict.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Merge by line, tried on made-up texts; one again by {@code -Dsyncline.merge.seed=N}. */
class LineMergePropertiesTest {
  private static final int ITERATIONS = Integer.getInteger("syncline.merge.iterations", 20_000);
  private static final long SEED = Long.getLong("syncline.merge.seed", 0);

  @Test
  void whatADiffMatchesIsEqualAndInOrder() {
    forEachSeed(random -> {
      List<Integer> a = numbers(random);
      List<Integer> b = numbers(random);
      int[] matches = Diff3.matches(a, b);
      int last = -1;
      int matched = 0;
      for (int i = 0; i < matches.length; i++) {
        if (matches[i] >= 0) {
          assertThat(matches[i]).isGreaterThan(last);
          assertThat(b.get(matches[i])).isEqualTo(a.get(i));
          last = matches[i];
          matched++;
        }
      }
      assertThat(matched).isLessThanOrEqualTo(longestCommon(a, b));
      if (a.equals(b)) {
        assertThat(matched).isEqualTo(a.size());
      }
    });
  }

  @Test
  void aMergeKeepsEachSidesChangesAndIsSymmetric() {
    forEachSeed(random -> {
      String base = text(numbers(random));
      String ours = changed(random, base);
      String theirs = changed(random, base);
      LineMerge merge = LineMerge.of(base, ours, theirs);
      LineMerge mirrored = LineMerge.of(base, theirs, ours);

      assertThat(merge.isClean()).isEqualTo(mirrored.isClean());
      assertThat(LineMerge.of(base, ours, base).text(Diff3.Owner.THEIRS)).isEqualTo(ours);
      assertThat(LineMerge.of(base, base, theirs).text(Diff3.Owner.OURS)).isEqualTo(theirs);
      assertThat(LineMerge.of(base, ours, ours).text(Diff3.Owner.BOTH)).isEqualTo(ours);
      if (merge.isClean()) {
        String merged = merge.text(Diff3.Owner.OURS);
        assertThat(mirrored.text(Diff3.Owner.OURS)).isEqualTo(merged);
      }
    });
  }

  @Test
  void changesApartFromEachOtherAreBothMade() {
    forEachSeed(random -> {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 10 + random.nextInt(20); i++) {
        lines.add("line " + i + "\n");
      }
      int one = random.nextInt(lines.size() - 2);
      int other = one + 2 + random.nextInt(lines.size() - one - 2);
      String base = String.join("", lines);
      String ours = base.replace(lines.get(one), random.nextBoolean() ? "ours\n" : "");
      String theirs = base.replace(lines.get(other), "theirs\nmore\n");

      LineMerge merge = LineMerge.of(base, ours, theirs);

      assertThat(merge.isClean()).isTrue();
      assertThat(merge.text(Diff3.Owner.BOTH))
          .isEqualTo(ours.replace(lines.get(other), "theirs\nmore\n"));
    });
  }

  private interface Check {
    void check(Random random);
  }

  private static void forEachSeed(Check check) {
    long last = SEED == 0 ? ITERATIONS : SEED;
    for (long seed = SEED == 0 ? 1 : SEED; seed <= last; seed++) {
      try {
        check.check(new Random(seed));
      } catch (RuntimeException | AssertionError e) {
        fail("-Dsyncline.merge.seed=" + seed, e);
      }
    }
  }

  private static List<Integer> numbers(Random random) {
    int distinct = 1 + random.nextInt(12);
    return random.ints(random.nextInt(14), 0, distinct).boxed().toList();
  }

  private static String text(List<Integer> numbers) {
    var text = new StringBuilder();
    numbers.forEach(number -> text.append(number).append('\n'));
    return text.toString();
  }

  private static String changed(Random random, String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    for (int i = random.nextInt(4); i > 0; i--) {
      int place = random.nextInt(lines.size() + 1);
      if (place < lines.size() && random.nextBoolean()) {
        lines.remove(place);
      } else {
        lines.add(place, String.valueOf(random.nextInt(12)));
      }
    }
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static int longestCommon(List<Integer> a, List<Integer> b) {
    var longest = new int[a.size() + 1][b.size() + 1];
    for (int i = 1; i <= a.size(); i++) {
      for (int j = 1; j <= b.size(); j++) {
        longest[i][j] = a.get(i - 1).equals(b.get(j - 1))
            ? longest[i - 1][j - 1] + 1
            : Math.max(longest[i - 1][j], longest[i][j - 1]);
      }
    }
    return longest[a.size()][b.size()];
  }
}
