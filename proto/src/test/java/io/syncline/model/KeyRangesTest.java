package io.syncline.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set of keys, made of ranges. */
class KeyRangesTest {
  private static KeyRange range(String from, String to) {
    return new KeyRange(ByteString.copyFromUtf8(from), ByteString.copyFromUtf8(to));
  }

  @Test
  void rangesThatTouchOrOverlapAreOne() {
    KeyRanges keys =
        KeyRanges.of(List.of(range("m", "p"), range("a", "c"), range("c", "f"), range("b", "d")));

    assertThat(keys).hasToString("[[a, f), [m, p)]");
    assertThat(keys.containsAll(range("a", "f"))).isTrue();
    assertThat(keys.containsAll(range("a", "m"))).isFalse();
    assertThat(keys.containsAll(range("e", "n"))).isFalse();
  }

  @Test
  void aRangeWithoutEndTakesInWhatFollows() {
    KeyRanges keys = KeyRanges.of(List.of(range("x", "z"), range("m", ""), range("n", "o")));

    assertThat(keys.containsAll(range("zz", ""))).isTrue();
    assertThat(keys.containsAll(range("l", ""))).isFalse();
    assertThat(KeyRanges.of(List.of(range("m", "z"))).containsAll(range("n", "")))
        .isFalse();
    assertThat(KeyRanges.ALL.containsAll(KeyRange.ALL)).isTrue();
    assertThat(KeyRanges.of(List.of()).containsAll(range("a", "b"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void containsARangeJustIfSomeRangeHasEachOfItsKeys(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      var ranges = new ArrayList<KeyRange>();
      for (int i = random.nextInt(6); i > 0; i--) {
        ranges.add(anyRange(random));
      }
      KeyRanges keys = KeyRanges.of(ranges);
      KeyRange asked = anyRange(random);
      if (!asked.isEmpty()) {
        assertThat(keys.containsAll(asked))
            .as("seed %d: %s in %s", seed, asked, ranges)
            .isEqualTo(everyKeyOf(asked).stream()
                .allMatch(key -> ranges.stream().anyMatch(range -> range.contains(key))));
      }
    }
  }

  /** Of letters; ends at letters too, so that the keys of one letter tell ranges apart. */
  private static KeyRange anyRange(Random random) {
    String to = random.nextInt(6) == 0 ? "" : anyLetter(random);
    return range(anyLetter(random), to);
  }

  private static String anyLetter(Random random) {
    return String.valueOf((char) ('a' + random.nextInt(8)));
  }

  private static List<ByteString> everyKeyOf(KeyRange range) {
    var keys = new ArrayList<ByteString>();
    for (char letter = 'a'; letter <= 'z'; letter++) {
      ByteString key = ByteString.copyFromUtf8(String.valueOf(letter));
      if (range.contains(key)) {
        keys.add(key);
      }
    }
    return keys;
  }
}
