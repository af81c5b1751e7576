package io.syncline.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class TextDiffTest {
  @Test
  void equalContentsDoNotDiffer() {
    assertThat(diff("a\nb\n", "a\nb\n")).isEqualTo(new TextDiff.Result(false, "", false));
    ByteString binary = ByteString.copyFrom(new byte[] {(byte) 0xff});
    assertThat(TextDiff.between(binary, binary, "old", "new", 3).differs()).isFalse();
  }

  @Test
  void aChangedLineIsShownWithItsContext() {
    assertThat(TextDiff.between(utf8("1\n2\n3\n4\n5\n"), utf8("1\n2\nx\n4\n5\n"), "old", "new", 1))
        .isEqualTo(new TextDiff.Result(true, """
                --- old
                +++ new
                @@ -2,3 +2,3 @@
                 2
                -3
                +x
                 4
                """, false));
  }

  @Test
  void aMissingNewlineAtTheEndIsADifferenceAndIsSaid() {
    TextDiff.Result result = diff("a", "a\n");

    assertThat(result.differs()).isTrue();
    assertThat(result.unified()).contains("-a\n\\ No newline at end of file\n", "+a\n");
  }

  @Test
  void fromAndToNothingIsADiffOfEveryLine() {
    assertThat(diff("", "a\nb\n").unified()).contains("@@ -0,0 +1,2 @@", "+a\n+b\n");
    assertThat(diff("a\nb\n", "").unified()).contains("-a\n-b\n");
  }

  @Test
  void onlyTheEndsOfLinesMayDiffer() {
    assertThat(diff("a\r\n", "a\n").differs()).isTrue();
    assertThat(diff("a\r\n", "a\n").unified()).contains("-a\r\n", "+a\n");
  }

  @Test
  void whatIsNoTextHasNoLinesToCompare() {
    ByteString binary = ByteString.copyFrom(new byte[] {'a', (byte) 0xff});

    TextDiff.Result result = TextDiff.between(utf8("a"), binary, "old", "new", 3);

    assertThat(result).isEqualTo(new TextDiff.Result(true, "", true));
  }

  @Test
  void moreLinesThanTheBoundAreNotCompared() {
    String most = "x\n".repeat(TextDiff.MAX_LINES);

    assertThat(diff(most, "y\n" + most.substring(2)).binary()).isFalse();
    assertThat(diff(most, most + "y\n")).isEqualTo(new TextDiff.Result(true, "", true));
  }

  private static TextDiff.Result diff(String from, String to) {
    return TextDiff.between(utf8(from), utf8(to), "old", "new", 3);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
