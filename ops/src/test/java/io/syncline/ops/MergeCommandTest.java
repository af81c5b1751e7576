package io.syncline.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.ops.output.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MergeCommandTest {
  @TempDir
  Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theMergedDocumentIsTheOutputByteByByte() throws IOException {
    int exitCode = merge("yaml", "a: 1\nb: 1", "a: 2 # ä\nb: 1", "a: 1\nb: 2");

    assertThat(out()).isEqualTo("a: 2 # ä\nb: 2");
    assertThat(err()).isEmpty();
    assertThat(exitCode).isZero();
  }

  @Test
  void conflictsAreToldByPathOnStandardErrorWithExitCodeOne() throws IOException {
    int exitCode = merge(
        "yaml",
        "list:\n- name: web\n  image: 1\n",
        "list:\n- name: web\n  image: 2\n",
        "list:\n- name: web\n  image: 3\n");

    assertThat(err()).isEqualTo("""
        conflict: list[name=web].image: both sides changed it, differently
          base: 1
          ours: 2
          theirs: 3
        """);
    assertThat(out()).isEmpty();
    assertThat(exitCode).isEqualTo(1);
  }

  @Test
  void aFallBackToLinesIsSaid() throws IOException {
    assertThat(merge("yaml", "a: {{x}}\nb\nc\n", "a: {{y}}\nb\nc\n", "a: {{x}}\nb\nd\n"))
        .isZero();

    assertThat(out()).isEqualTo("a: {{y}}\nb\nd\n");
    assertThat(err()).startsWith("note: merged by line: base cannot be read as yaml");
  }

  @Test
  void formatAndIdentifyingFieldsCanBeSaid() throws IOException {
    String base = "[{\"host\": 1, \"v\": 1}, {\"host\": 2, \"v\": 1}]";
    String ours = "[{\"host\": 1, \"v\": 2}, {\"host\": 2, \"v\": 1}]";
    String theirs = "[{\"host\": 1, \"v\": 1}, {\"host\": 2, \"v\": 3}]";

    assertThat(merge("conf", base, ours, theirs, "--format", "json", "--id-keys", "id,host"))
        .isZero();

    assertThat(out()).isEqualTo("[{\"host\": 1, \"v\": 2}, {\"host\": 2, \"v\": 3}]");
  }

  @Test
  void theMergedDocumentCanBeWrittenToAFile() throws IOException {
    Path merged = folder.resolve("merged");

    assertThat(merge(
            "properties", "a=1\nb=1\n", "a=2\nb=1\n", "a=1\nb=2\n", "--out", merged.toString()))
        .isZero();

    assertThat(merged).hasContent("a=2\nb=2\n");
    assertThat(out()).isEmpty();
  }

  @Test
  void programsGetJson() throws IOException {
    assertThat(merge("txt", "a\nb\nc\n", "x\nb\nc\n", "a\nb\ny\n", "--output", "json"))
        .isZero();
    Map<String, Object> merged = Json.object(out());
    assertThat(merged).containsEntry("result", "merged").containsEntry("method", "LINES");
    assertThat(Base64.getDecoder().decode((String) merged.get("content_base64")))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("x\nb\ny\n");

    out.reset();
    assertThat(merge("json", "{\"a\": 1}", "{}", "{\"a\": 2}", "--output", "json"))
        .isEqualTo(1);
    Map<String, Object> conflict = Json.object(out());
    assertThat(conflict).containsEntry("result", "conflict");
    assertThat(conflict.get("conflicts"))
        .isEqualTo(List.of(Map.of(
            "path", "a",
            "cause", "CHANGED_AND_DELETED",
            "detail", "ours deleted it and theirs changed it",
            "base", "1",
            "theirs", "2")));
  }

  @Test
  void wrongUsageIsExitCodeTwo() throws IOException {
    assertThat(run("merge", "a", "b")).isEqualTo(2);
    assertThat(err()).contains("expected: BASE OURS THEIRS");
    assertThat(merge("x", "a", "b", "c", "--format", "toml")).isEqualTo(2);
    assertThat(err()).contains("expected: json, yaml, properties or text");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThat(run("merge", "no/such", "no/such", "no/such")).isEqualTo(1);
    assertThat(err()).contains("no/such: no such file");
  }

  @Test
  void mergesThatPeopleDidBecomeATable() throws IOException {
    Path one = Files.createDirectories(folder.resolve("cases/one"));
    write(one, "base.yaml", "a: 1\nb: 1\n");
    write(one, "ours.yaml", "a: 2\nb: 1\n");
    write(one, "theirs.yaml", "a: 1\nb: 2\n");
    write(one, "merged.yaml", "b: 2\na: 2\n");
    write(
        one,
        "source.json",
        "{\"repository\": \"r/s\", \"commit\": \"0123456789abc\", \"path\": \"p\"}");

    assertThat(run("merge", "--table", folder.resolve("cases").toString())).isZero();

    assertThat(out())
        .contains("| one | r/s 0123456789 `p` | conflict | STRUCTURE | no | yes |  |  |")
        .contains("1 merges; 0 clean by line, of which 0 give the same bytes here; 1 merged:"
            + " 0 with the bytes, 1 with the meaning that people committed.");
  }

  private int merge(String extension, String base, String ours, String theirs, String... options)
      throws IOException {
    var args = new java.util.ArrayList<>(List.of(
        "merge",
        write(folder, "base." + extension, base),
        write(folder, "ours." + extension, ours),
        write(folder, "theirs." + extension, theirs)));
    args.addAll(List.of(options));
    return run(args.toArray(String[]::new));
  }

  private static String write(Path folder, String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private int run(String... args) {
    return Main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new ByteArrayInputStream(new byte[0]),
        Map.of());
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
