package io.syncline.ops.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.ops.RefusedException;
import io.syncline.ops.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders as sources of an import and as targets of an export. */
final class FolderTest {
  @TempDir
  Path folder;

  private List<ImportLine> read(boolean hidden) throws IOException, InterruptedException {
    var lines = new ArrayList<ImportLine>();
    new Folder(folder, hidden, "why").forEach(lines::add);
    return lines;
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void filesBecomeKeysByTheirPathsBelowTheFolder() throws Exception {
    write("b.json", "{}");
    write("a/c d.yaml", "x: 1");
    write(".git/config", "no");
    write("a/.hidden", "no");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("b.json"));

    assertThat(read(false))
        .extracting(line -> line.key().toString())
        .containsExactly("a/c d.yaml", "b.json");
    assertThat(read(true))
        .extracting(line -> line.key().toString())
        .containsExactly(".git/config", "a/.hidden", "a/c d.yaml", "b.json");
    assertThat(read(false).get(1).contentType()).isEqualTo("application/json");
    assertThat(read(false).get(1).reason()).isEqualTo("why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../up", "/abs", "a//b", "a/", "a/./b", "nul\0", "x/../y"})
  void keysThatSpellNoPathBelowTheFolderAreRefused(String key) throws IOException {
    var target = new FolderTarget(folder.resolve("new"), false);

    assertThatThrownBy(() -> target.check(List.of(Key.of(key))))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("does not spell a path");
  }

  @Test
  void aKeyThatWouldBeFileAndFolderIsRefused() throws IOException {
    var target = new FolderTarget(folder.resolve("new"), false);

    assertThatThrownBy(() -> target.check(List.of(Key.of("a"), Key.of("a/b"))))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("key \"a\": it would be a file and a folder");
  }

  @Test
  void anExportOverwritesOnlyByForce() throws Exception {
    write("file", "old");

    assertThatThrownBy(() -> new FolderTarget(folder, false)).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> new JsonLinesTarget(folder.resolve("file"), false))
        .isInstanceOf(RefusedException.class);
    try (var target = new FolderTarget(folder, true)) {
      target.write(Versions.version(1, 1, "new"));
    }
    assertThat(folder.resolve("routes/api")).hasContent("new");
    assertThat(folder.resolve("file")).hasContent("old");
  }

  @Test
  void aFileExportAppearsWholeOrNotAtAll() throws Exception {
    Path file = folder.resolve("x.jsonl");
    try (var unfinished = new JsonLinesTarget(file, false)) {
      unfinished.write(Versions.version(1, 1, "a"));
    }
    assertThat(folder).isEmptyDirectory();

    try (var finished = new JsonLinesTarget(file, false)) {
      finished.write(Versions.version(1, 1, ByteString.EMPTY, "", null, null));
      finished.finish();
    }
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    assertThat(Files.readAllLines(file)).hasSize(1);
  }
}
