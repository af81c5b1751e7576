package io.syncline.ops.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Command line arguments as UTF-8 text. Java decodes them by the locale and replaces what does not
 * fit, so that a key could silently become another one; Linux still has the bytes.
 */
public final class Arguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Arguments() {}

  /**
   * The arguments of this process, read anew where the system shows their bytes.
   *
   * @param decoded as Java gave them
   * @throws IllegalArgumentException if one is no UTF-8
   */
  public static String[] ofProcess(String[] decoded) {
    try {
      return Files.isReadable(COMMAND_LINE)
          ? reread(decoded, Files.readAllBytes(COMMAND_LINE))
          : decoded;
    } catch (IOException e) {
      return decoded;
    }
  }

  /** The last of these NUL-terminated arguments in place of the decoded ones. */
  static String[] reread(String[] decoded, byte[] commandLine) {
    List<byte[]> all = split(commandLine);
    int first = all.size() - decoded.length;
    if (first < 0) {
      return decoded;
    }
    String[] arguments = new String[decoded.length];
    for (int i = 0; i < decoded.length; i++) {
      int position = i + 1;
      arguments[i] = Utf8.text(all.get(first + i))
          .orElseThrow(() -> new IllegalArgumentException("argument "
              + position
              + ": no UTF-8 text (expected: UTF-8; keys of other bytes can be given"
              + " as hexadecimal digits with --hex-key)"));
    }
    return arguments;
  }

  private static List<byte[]> split(byte[] commandLine) {
    var parts = new ArrayList<byte[]>();
    int begin = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        parts.add(Arrays.copyOfRange(commandLine, begin, i));
        begin = i + 1;
      }
    }
    return parts;
  }
}
