package io.syncline.ops.imports;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.ops.RefusedException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A file of JSON lines; compressed, if its name ends with {@code .gz}. Appears whole or not at all. */
final class JsonLinesTarget implements ExportTarget {
  private final Path file;
  private final Path unfinished;
  private @Nullable Writer writer;

  /**
   * @param overwrite whether the file may exist already
   */
  JsonLinesTarget(Path file, boolean overwrite) {
    if (Files.exists(file) && !overwrite) {
      throw new RefusedException(file + ": exists already (expected: a new file, or --force)");
    }
    this.file = file;
    this.unfinished = file.resolveSibling(file.getFileName() + ".part");
  }

  @Override
  public void check(List<Key> keys) {}

  @Override
  public void write(ConfigVersion version) throws IOException {
    open().append(ExportLine.of(version)).append('\n');
  }

  private Writer open() throws IOException {
    Writer opened = writer;
    if (opened == null) {
      OutputStream out = Files.newOutputStream(unfinished);
      boolean gzip = file.toString().endsWith(".gz");
      opened = new BufferedWriter(
          new OutputStreamWriter(gzip ? new GZIPOutputStream(out) : out, StandardCharsets.UTF_8));
      writer = opened;
    }
    return opened;
  }

  @Override
  public void finish() throws IOException {
    open().close();
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
    Files.deleteIfExists(unfinished);
  }
}
