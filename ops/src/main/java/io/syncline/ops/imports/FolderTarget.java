package io.syncline.ops.imports;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.ops.RefusedException;
import io.syncline.ops.text.FileNames;
import io.syncline.ops.text.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder with a file for each live key, at the path the key spells. */
final class FolderTarget implements ExportTarget {
  private static final int MAX_FILE_NAME_BYTES = 255;

  private final Path root;
  private final String rootName;

  /**
   * @param overwrite whether there may be files already; those of other names stay
   */
  FolderTarget(Path root, boolean overwrite) throws IOException {
    if (Files.exists(root) && !overwrite && !isEmptyFolder(root)) {
      throw new RefusedException(
          root + ": exists and is not empty (expected: a new folder, or --force)");
    }
    this.root = root;
    this.rootName = FileNames.text(root)
        .orElseThrow(() -> new RefusedException(root + ": its name is no UTF-8 (expected: UTF-8)"));
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> children = Files.list(path)) {
      return children.findAny().isEmpty();
    }
  }

  @Override
  public void check(List<Key> keys) {
    Set<String> folders = new HashSet<>();
    for (Key key : keys) {
      String path = path(key);
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        folders.add(path.substring(0, slash));
      }
    }
    for (Key key : keys) {
      if (folders.contains(path(key))) {
        throw refused(key, "it would be a file and a folder, for others begin with it and '/'");
      }
    }
  }

  private static String path(Key key) {
    String path = Utf8.text(key.bytes()).orElseThrow(() -> refused(key, "it is no UTF-8 text"));
    boolean spellsPath = path.indexOf('\0') < 0
        && Arrays.stream(path.split("/", -1)).allMatch(FolderTarget::isFileName);
    if (!spellsPath) {
      throw refused(key, "it does not spell a path below the folder");
    }
    return path;
  }

  private static boolean isFileName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.getBytes(StandardCharsets.UTF_8).length <= MAX_FILE_NAME_BYTES;
  }

  private static RefusedException refused(Key key, String why) {
    return new RefusedException(
        "key \"" + key + "\": " + why + " (expected: keys like a/b.yaml); export to a .jsonl file");
  }

  @Override
  public void write(ConfigVersion version) throws IOException {
    Path file = FileNames.path(rootName + "/" + path(version.key()));
    Files.createDirectories(file.getParent());
    Files.write(file, version.content().toByteArray());
  }

  @Override
  public void finish() throws IOException {
    Files.createDirectories(root);
  }

  @Override
  public void close() {}
}
