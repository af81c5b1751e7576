package io.syncline.ops.text;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * File names as UTF-8 text whatever the locale: in the C locale Java reads and writes names as ASCII,
 * while URIs of paths carry the bytes.
 */
public final class FileNames {
  private FileNames() {}

  /** The path's text, or empty if its bytes are no UTF-8. The path is made absolute. */
  public static Optional<String> text(Path path) {
    String raw = path.toAbsolutePath().toUri().getRawPath();
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(raw.charAt(i));
      }
    }
    // A URI of a folder that exists ends with a slash.
    return Utf8.text(bytes.toByteArray())
        .map(text ->
            text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  /**
   * @throws IllegalArgumentException if the text holds a NUL
   */
  public static Path path(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("file name: holds a NUL character (expected: none)");
    }
    boolean ascii = text.chars().allMatch(c -> c < 0x80);
    try {
      return ascii ? Path.of(text) : Path.of(uri(absolute(text)));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("file name: " + e.getMessage(), e);
    }
  }

  private static String absolute(String text) {
    return text.startsWith("/") ? text : text(Path.of("")).orElse("/") + "/" + text;
  }

  private static URI uri(String absolutePath) {
    var raw = new StringBuilder("file://");
    for (byte b : absolutePath.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b == '/' || b == '.' || b == '-' || b == '_' || isAlphanumeric(b);
      raw.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b));
    }
    return URI.create(raw.toString());
  }

  private static boolean isAlphanumeric(byte b) {
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }
}
