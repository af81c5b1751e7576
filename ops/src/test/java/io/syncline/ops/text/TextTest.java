package io.syncline.ops.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that people write, read back. */
final class TextTest {

  @ParameterizedTest
  @CsvSource({"0,0", "500ms,500", "10s,10000", "1m30s,90000", "2h,7200000", "7d,604800000"})
  void durationsReadAndWriteBack(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(Durations.parse(Durations.format(Duration.ofMillis(millis))))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "1s ", "10x", "PT-1S", "P", "999999999999d9s9"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a duration");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "64KiB,65536", "1mib,1048576", "2GB,2000000000", "1 k,1024"})
  void sizesRead(String text, long bytes) {
    assertThat(Sizes.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "1.5MiB", "1XB", "99999999999TiB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> Sizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a size");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T12:00:00Z,2026-01-31T12:00:00Z",
    "2026-01-31T13:00:00.1239+01:00,2026-01-31T12:00:00.123Z",
    "2026-01-31T12:00:00,2026-01-31T12:00:00Z",
    "2026-01-31,2026-01-31T00:00:00Z"
  })
  void timesReadToTheMillisecond(String text, String expected) {
    assertThat(Times.parse(text)).isEqualTo(Instant.parse(expected));
  }

  @Test
  void halfASurrogatePairIsNoText() {
    assertThat(Utf8.bytes("\ud83d")).isEmpty();
    assertThat(Utf8.bytes("\ud83d\ude00")).contains(ByteString.copyFromUtf8("\ud83d\ude00"));
    assertThat(Utf8.text(new byte[] {(byte) 0xff})).isEmpty();
  }

  @Test
  void argumentsAreReadFromTheirBytesWhateverTheLocale() {
    byte[] commandLine = "java\0-cp\0x\0Main\0get\0k\u00e9y\0".getBytes(StandardCharsets.UTF_8);

    assertThat(Arguments.reread(new String[] {"get", "k??y"}, commandLine))
        .containsExactly("get", "k\u00e9y");
  }

  @Test
  void argumentsThatAreNoTextAreRefused() {
    byte[] commandLine = {'M', 0, 'g', 'e', 't', 0, (byte) 0xff, 0};

    assertThatThrownBy(() -> Arguments.reread(new String[] {"get", "?"}, commandLine))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("argument 2: no UTF-8 text");
  }

  @Test
  void fileNamesKeepTheirBytes() {
    Path path = FileNames.path("/tmp/\u00fc b%20/c.yaml");

    assertThat(FileNames.text(path)).contains("/tmp/\u00fc b%20/c.yaml");
  }

  @ParameterizedTest
  @CsvSource({"max-contents,max-content", "nmae,name", "votters,voters"})
  void mistypedNamesAreRecognised(String given, String meant) {
    assertThat(NearestName.of(given, List.of("name", "voters", "max-content"))).contains(meant);
  }

  @Test
  void aNameLikeNoOtherIsLeftAlone() {
    assertThat(NearestName.of("zebra", List.of("name", "voters"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"a/b.yaml,application/yaml", "b.JSON,application/json", "a.b/c,''", "plain,''"})
  void contentTypesFollowFromExtensions(String name, String type) {
    assertThat(ContentTypes.ofName(name)).isEqualTo(type);
  }
}
