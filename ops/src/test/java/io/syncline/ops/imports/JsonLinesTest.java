package io.syncline.ops.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.Key;
import io.syncline.ops.RefusedException;
import io.syncline.ops.Versions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a history is read as, and how a malformed one is refused. */
final class JsonLinesTest {
  private static final String GOOD = "{\"key\":\"a\",\"op\":\"put\",\"content\":\"x\"}";

  private static List<ImportLine> read(byte[] bytes) throws IOException, InterruptedException {
    var lines = new ArrayList<ImportLine>();
    new JsonLines("f.jsonl", () -> new ByteArrayInputStream(bytes), "as told").forEach(lines::add);
    return lines;
  }

  private static List<ImportLine> read(String text) throws IOException, InterruptedException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aLineHasItsFields() throws Exception {
    List<ImportLine> lines = read("""
            {"key":"r/\u00fc.yaml","op":"put","time":1476782958,"change":"a919","content":"x: \u00fc\\n"}

            {"change":"b0b1","time":"2016-10-18T11:29:18.5+02:00","op":"delete","key":"r/\u00fc.yaml","more":[{}]}
            """);

    ImportLine put = lines.get(0);
    assertThat(put.key()).isEqualTo(Key.of("r/\u00fc.yaml"));
    assertThat(put.content().toStringUtf8()).isEqualTo("x: \u00fc\n");
    assertThat(put.time()).isEqualTo(Instant.ofEpochSecond(1476782958));
    assertThat(put.reason()).isEqualTo("a919");
    assertThat(put.contentType()).isEqualTo("application/yaml");
    ImportLine delete = lines.get(1);
    assertThat(delete.delete()).isTrue();
    assertThat(delete.where()).isEqualTo("line 3");
    assertThat(delete.time()).isEqualTo(Instant.parse("2016-10-18T09:29:18.500Z"));
  }

  @Test
  void whatIsNotToldHasADefault() throws Exception {
    ImportLine line = read(GOOD).get(0);

    assertThat(line.time()).isNull();
    assertThat(line.reason()).isEqualTo("as told");
    assertThat(line.contentType()).isEmpty();
  }

  @Test
  void compressedHistoriesAreReadByTheirFirstBytes() throws Exception {
    assertThat(read(gzip(GOOD + "\n" + GOOD))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"key\":\"a\",\"op\":\"put\",\"conte|the JSON is cut off",
        "{\"key\":\"a\",\"op\":\"put\",\"content\":\"x\"|the JSON is cut off",
        "{\"key\":\"a\" \"op\":1}|malformed JSON",
        "[1]|no JSON object",
        "{} {}|more than one JSON value",
        "{\"op\":\"put\",\"content\":\"x\"}|key: missing",
        "{\"key\":7,\"op\":\"put\"}|key: no text (expected: a JSON string)",
        "{\"key\":\"\",\"op\":\"delete\"}|key: 0 bytes (expected: 1 to 4096)",
        "{\"key\":\"a\"}|op: missing (expected: put or delete)",
        "{\"key\":\"a\",\"op\":\"move\"}|op: \"move\" (expected: put or delete)",
        "{\"key\":\"a\",\"op\":\"put\"}|content: missing",
        "{\"key\":\"a\",\"op\":\"put\",\"content\":{}}|content: no text",
        "{\"key\":\"a\",\"op\":\"put\",\"content\":\"\\ud83d\"}|content: half of a surrogate pair",
        "{\"key\":\"a\",\"op\":\"put\",\"content_base64\":\"?\"}|content_base64: no Base64",
        "{\"key\":\"a\",\"key\":\"b\",\"op\":\"delete\"}|malformed JSON: Duplicate field 'key'",
        "{\"key\":\"a\",\"op\":\"delete\",\"time\":\"soon\"}|time: \"soon\" (expected: an ISO-8601",
        "{\"key\":\"a\",\"op\":\"delete\",\"time\":true}|time: no time",
        "{\"key\":\"a\",\"op\":\"delete\",\"time\":1e30}|time: 1e30 (expected: seconds since 1970"
      })
  void aMalformedLineIsRefusedWithFileAndNumber(String line, String message) {
    assertThatThrownBy(() -> read(GOOD + "\n" + line + "\n"))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("f.jsonl line 2: " + message);
  }

  @Test
  void longKeysAndReasonsAreRefusedBeforeAnythingIsWritten() {
    String longKey = GOOD.replace("\"a\"", "\"" + "k".repeat(4097) + "\"");
    String longReason = GOOD.replace("}", ",\"change\":\"" + "r".repeat(1025) + "\"}");

    assertThatThrownBy(() -> read(longKey)).hasMessageContaining("key: 4097 bytes");
    assertThatThrownBy(() -> read(longReason)).hasMessageContaining("change: 1025 characters");
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] bytes = GOOD.replace('x', '\u00ff').getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(RefusedException.class)
        .hasMessage("f.jsonl line 1: no UTF-8 text (expected: JSON in UTF-8)");
  }

  @Test
  void aCutGzipFileIsRefusedWhereverItIsCut() throws IOException {
    byte[] whole = gzip((GOOD + "\n").repeat(50));

    for (int length = 2; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut after %s of %s bytes", length, whole.length)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("gzip file is cut off");
    }
  }

  @Test
  void aDamagedGzipFileIsRefused() throws IOException {
    byte[] damaged = gzip((GOOD + "\n").repeat(50));
    damaged[damaged.length - 6] ^= 1;

    assertThatThrownBy(() -> read(damaged))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("gzip file is damaged");
  }

  @Test
  void theSampleIsWholeAndHasTheKeyThatTheDemoShows() throws Exception {
    var lines = new ArrayList<ImportLine>();
    String sample = "/sample/kube-prometheus.jsonl.gz";
    new JsonLines(sample, () -> Objects.requireNonNull(getClass().getResourceAsStream(sample)), "")
        .forEach(lines::add);

    assertThat(lines).hasSize(250).anyMatch(ImportLine::delete);
    assertThat(lines.stream().map(line -> line.key().toString()))
        .contains("manifests/grafana-deployment.yaml");
  }

  @Test
  void anExportedLineReadsBackAsTheSameChange() throws Exception {
    var version = Versions.version(3, 17, "a: \"\u00fc\"\n");
    ImportLine line = read(ExportLine.of(version)).get(0);

    assertThat(line.key()).isEqualTo(version.key());
    assertThat(line.content()).isEqualTo(version.content());
    assertThat(line.contentType()).isEqualTo(version.contentType());
    assertThat(PastVersion.of(version).is(Mark.of(line))).isTrue();
    assertThat(read(ExportLine.of(Versions.tombstone(4, 18))).get(0).delete()).isTrue();
  }
}
