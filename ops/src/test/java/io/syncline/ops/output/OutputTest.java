package io.syncline.ops.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.model.Version;
import io.syncline.ops.Versions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What results look like: scripts read them. */
final class OutputTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tablesAlignNumbersRightAndTextLeft() {
    new Table("KEY", ">VERSION", "REASON")
        .row("routes/api", 7, "first")
        .row("\u00fc", 12, "two\nlines\u001b[2J")
        .print(out);

    assertThat(printed()).isEqualTo("""
            KEY         VERSION  REASON
            routes/api        7  first
            \u00fc                12  two lines [2J
            """);
  }

  @Test
  void aVersionHasItsFieldsInJson() {
    var version = Versions.version(
        3,
        17,
        ByteString.copyFromUtf8("hi"),
        "why \"so\"",
        Version.of(1),
        Instant.parse("2016-10-18T09:29:18Z"));

    assertThat(Json.line(VersionFields.of(version)))
        .isEqualTo("{\"version\":3,\"revision\":17,"
            + "\"checksum\":\"8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\","
            + "\"created_at\":\"2026-01-31T12:00:00.250Z\",\"created_by\":\"ann\","
            + "\"reason\":\"why \\\"so\\\"\",\"tombstone\":false,\"size_bytes\":2,"
            + "\"content_type\":\"application/yaml\",\"rollback_of\":1,"
            + "\"source_time\":\"2016-10-18T09:29:18Z\"}");
  }

  @Test
  void aTombstoneHasOnlyTheRequiredFieldsInJson() {
    assertThat(VersionFields.of(Versions.tombstone(2, 5)))
        .containsOnlyKeys(
            "version",
            "revision",
            "checksum",
            "created_at",
            "created_by",
            "reason",
            "tombstone",
            "size_bytes")
        .containsEntry("tombstone", true);
  }

  @Test
  void contentThatIsNoTextIsBase64() {
    var version =
        Versions.version(1, 1, ByteString.copyFrom(new byte[] {(byte) 0xff, 0}), "", null, null);
    Map<String, Object> fields = VersionFields.of(version);

    VersionFields.addContent(fields, version);

    assertThat(fields).containsEntry("content_base64", "/wA=").doesNotContainKey("content");
  }

  @Test
  void keysThatAreNoTextAreShownExactlyInHexadecimal() {
    Key key = new Key(ByteString.copyFrom(new byte[] {'a', (byte) 0xff}));
    Map<String, Object> fields = new HashMap<>();

    KeyText.UTF_8.addTo(fields, key);

    assertThat(fields).containsEntry("key", "a\\xff").containsEntry("key_hex", "61ff");
    assertThat(new KeyText(true).show(key)).isEqualTo("61ff");
  }

  @Test
  void arraysHaveALineForEachElement() {
    assertThat(Json.lines(List.of(Map.of("a", 1), Map.of("a", 2))))
        .isEqualTo("[\n  {\"a\":1},\n  {\"a\":2}\n]");
    assertThat(Json.lines(List.of())).isEqualTo("[]");
  }

  @Test
  void jsonReadsBack() throws IOException {
    Map<String, Object> value =
        Map.of("text", "\u00fc\"\n", "number", 7L, "flag", true, "list", List.of("a", Map.of()));

    assertThat(Json.object(Json.line(value))).isEqualTo(value);
  }

  @Test
  void diffsArePaintedLineByLine() {
    assertThat(DiffColours.paint("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z"))
        .isEqualTo(
            "\u001b[1m--- a\u001b[0m\n\u001b[1m+++ b\u001b[0m\n\u001b[36m@@ -1 +1 @@\u001b[0m\n"
                + "\u001b[31m-x\u001b[0m\n\u001b[32m+y\u001b[0m\n z");
  }

  @Test
  void progressWithoutTerminalIsALineEachFiveSeconds() {
    var seconds = new AtomicLong();
    var progress =
        new Progress("import", "lines", 30, out, () -> seconds.get() * 1_000_000_000L, null);
    for (int i = 1; i <= 12; i++) {
      seconds.set(i);
      progress.step();
    }

    assertThat(printed()).isEqualTo("import: 5 of 30 lines\nimport: 10 of 30 lines\n");
  }

  @Test
  void aReaderThatIsGoneIsNoFailureAndAFullDiskIs() {
    var gone = stream("Broken pipe");
    var full = stream("No space left on device");

    assertThatThrownBy(() -> writeTo(gone)).isInstanceOf(BrokenPipe.class);
    assertThatThrownBy(() -> writeTo(full))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("No space left on device");
  }

  private static PrintStream stream(String failure) {
    return new PrintStream(new FailingOutput(new Failing(failure)), false, StandardCharsets.UTF_8);
  }

  private static void writeTo(PrintStream stream) {
    stream.println("x".repeat(100_000));
    stream.flush();
  }

  private static final class Failing extends OutputStream {
    private final String message;

    Failing(String message) {
      this.message = message;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(message);
    }
  }
}
