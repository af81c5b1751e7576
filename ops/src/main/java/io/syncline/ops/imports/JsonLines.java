package io.syncline.ops.imports;

import io.syncline.ops.RefusedException;
import io.syncline.ops.text.Utf8;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A history as JSON lines, plain or compressed by gzip: told by its first bytes. */
final class JsonLines implements ImportSource {
  /** A content of the greatest size may be six times as long when every byte of it is escaped. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 64 << 10;

  private final String name;
  private final Opening opening;
  private final String defaultReason;

  /** Opens the same bytes each time it is asked. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  /**
   * @param name of the file, for messages
   * @param defaultReason of lines that tell none
   */
  JsonLines(String name, Opening opening, String defaultReason) {
    this.name = name;
    this.opening = opening;
    this.defaultReason = defaultReason;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void forEach(LineReceiver receiver) throws IOException, InterruptedException {
    long number = 1;
    try (InputStream file = opening.open();
        InputStream lines = uncompressed(file)) {
      byte[] line = readLine(lines, number);
      while (line != null) {
        if (!isBlank(line)) {
          receiver.accept(parse(line, number));
        }
        number++;
        line = readLine(lines, number);
      }
    }
  }

  private ImportLine parse(byte[] line, long number) {
    try {
      String json = Utf8.text(line)
          .orElseThrow(() -> new MalformedImport("no UTF-8 text (expected: JSON in UTF-8)"));
      return LineJson.parse("line " + number, json, defaultReason);
    } catch (MalformedImport e) {
      throw malformed(number, String.valueOf(e.getMessage()));
    }
  }

  private RefusedException malformed(long number, String what) {
    return new RefusedException(name + " line " + number + ": " + what);
  }

  private InputStream uncompressed(InputStream file) throws IOException {
    var buffered = new BufferedInputStream(file, BUFFER_BYTES);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    try {
      return gzip
          ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER_BYTES), BUFFER_BYTES)
          : buffered;
    } catch (EOFException | ZipException e) {
      throw malformed(1, "the gzip file is cut off or damaged (expected: all of it)");
    }
  }

  /**
   * @return null at the end
   */
  private byte @Nullable [] readLine(InputStream in, long number) throws IOException {
    var line = new ByteArrayOutputStream();
    try {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      while (next >= 0 && next != '\n') {
        line.write(next);
        if (line.size() > MAX_LINE_BYTES) {
          throw malformed(number, "over " + MAX_LINE_BYTES + " bytes (expected: a shorter line)");
        }
        next = in.read();
      }
      return line.toByteArray();
    } catch (EOFException e) {
      throw malformed(number, "the gzip file is cut off here (expected: all of it)");
    } catch (ZipException e) {
      throw malformed(number, "the gzip file is damaged here: " + e.getMessage());
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
