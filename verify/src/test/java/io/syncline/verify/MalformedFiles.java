package io.syncline.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Files that the command must refuse. What is wrong with a file of lines comes after good lines. */
final class MalformedFiles {
  private static final String LINE =
      "{\"key\":\"imported/1\",\"op\":\"put\",\"content\":\"one\"}\n";
  private static final int LINES = 1000;

  private MalformedFiles() {}

  /** Writes {@code server.yaml}, {@code large}, {@code malformed.jsonl}, {@code truncated.jsonl.gz}. */
  static void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("server.yaml"), "name: v1\nmax-contnet: 2MiB\n");
    Files.write(folder.resolve("large"), new byte[2 << 20]);
    byte[] lines = (LINE + LINE.replace("one", "two") + "?\n").getBytes(UTF_8);
    lines[lines.length - 2] = (byte) 0xff;
    Files.write(folder.resolve("malformed.jsonl"), lines);
    byte[] compressed = compressedLines();
    Files.write(
        folder.resolve("truncated.jsonl.gz"), Arrays.copyOf(compressed, compressed.length / 2));
  }

  private static byte[] compressedLines() throws IOException {
    var compressed = new ByteArrayOutputStream();
    var random = new Random(1);
    try (var gzip = new GZIPOutputStream(compressed)) {
      for (int i = 0; i < LINES; i++) {
        gzip.write(LINE.replace("one", Long.toString(random.nextLong())).getBytes(UTF_8));
      }
    }
    return compressed.toByteArray();
  }
}
