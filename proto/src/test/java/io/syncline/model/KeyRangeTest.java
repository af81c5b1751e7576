package io.syncline.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRangeTest {
  @ParameterizedTest
  @CsvSource({"61,62", "61ff,62", "61ffff,62", "00,01", "fe,ff", "ff,''", "ffff,''", "'',''"})
  void aPrefixEndsBeforeItsSuccessor(String prefix, String end) {
    KeyRange range = KeyRange.prefix(bytes(prefix));

    assertThat(range).isEqualTo(new KeyRange(bytes(prefix), bytes(end)));
  }

  @Test
  void aPrefixHoldsExactlyWhatBeginsWithIt() {
    long seed = Long.getLong("syncline.test.seed", System.nanoTime());
    System.out.println("replay with -Dsyncline.test.seed=" + seed);
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      ByteString prefix = awkward(random, 0);
      ByteString key = awkward(random, 1);

      assertThat(KeyRange.prefix(prefix).contains(key))
          .as("%s in prefix %s", Key.display(key), Key.display(prefix))
          .isEqualTo(key.startsWith(prefix));
    }
  }

  @Test
  void S4_31_aRangeHoldsItsStartAndNotItsEnd() {
    var range = new KeyRange(bytes("61"), bytes("63"));

    assertThat(range.contains(bytes("61"))).isTrue();
    assertThat(range.contains(bytes("62ffff"))).isTrue();
    assertThat(range.contains(bytes("63"))).isFalse();
    assertThat(range.contains(bytes("60ff"))).isFalse();
  }

  @Test
  void twoRangesThatMeetLoseNoKeyAndShareNone() {
    var lower = new KeyRange(ByteString.EMPTY, bytes("6180"));
    var upper = new KeyRange(bytes("6180"), ByteString.EMPTY);
    for (String key : new String[] {"00", "61", "617f", "6180", "618000", "62", "ff"}) {
      assertThat(lower.contains(bytes(key))).isNotEqualTo(upper.contains(bytes(key)));
    }
  }

  @Test
  void aSingleKeyIsAlone() {
    KeyRange range = KeyRange.single(Key.of("key"));

    assertThat(range.contains(Key.of("key"))).isTrue();
    assertThat(range.contains(bytes("6b657900"))).isFalse();
    assertThat(range.contains(Key.of("ke"))).isFalse();
  }

  @Test
  void aRangeThatEndsBeforeItStartsIsEmpty() {
    assertThat(new KeyRange(bytes("62"), bytes("61")).isEmpty()).isTrue();
    assertThat(new KeyRange(bytes("61"), bytes("61")).isEmpty()).isTrue();
    assertThat(new KeyRange(bytes("61"), ByteString.EMPTY).isEmpty()).isFalse();
    assertThat(KeyRange.ALL.isEmpty()).isFalse();
  }

  /** Few different bytes, so that one is often the beginning of another. */
  private static ByteString awkward(Random random, int minSize) {
    byte[] choices = {0x00, 0x61, (byte) 0xfe, (byte) 0xff};
    byte[] bytes = new byte[minSize + random.nextInt(4)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = choices[random.nextInt(choices.length)];
    }
    return ByteString.copyFrom(bytes);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
