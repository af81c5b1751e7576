package io.syncline.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

final class DatasetTest {
  @Test
  void aKeyNeverGetsTheContentItGotBefore() {
    var data = new Dataset("k", 3, 8 << 20, 1);

    ByteString last = ByteString.EMPTY;
    for (int i = 0; i < 20; i++) {
      ByteString next = data.nextValue(1);
      assertThat(next).isNotEqualTo(last).hasSize(8 << 20);
      last = next;
    }
  }

  @Test
  void sameSeedGivesTheSameContents() {
    assertThat(new Dataset("k", 2, 32, 9).nextValue(1))
        .isEqualTo(new Dataset("k", 2, 32, 9).nextValue(1))
        .isNotEqualTo(new Dataset("k", 2, 32, 10).nextValue(1));
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Dataset("k", 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keys: 0 (expected: 1 to");
    assertThatThrownBy(() -> new Dataset("k", 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("value: 0 bytes (expected: 1 to");
  }
}
