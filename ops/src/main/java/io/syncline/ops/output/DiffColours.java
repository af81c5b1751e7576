package io.syncline.ops.output;

import java.util.stream.Collectors;

/** A unified diff in the colours that people know from git. */
public final class DiffColours {
  private static final String RESET = "\u001b[0m";

  private DiffColours() {}

  public static String paint(String unifiedDiff) {
    return unifiedDiff.lines().map(DiffColours::paintLine).collect(Collectors.joining("\n"));
  }

  private static String paintLine(String line) {
    String colour = colour(line);
    return colour.isEmpty() ? line : colour + line + RESET;
  }

  private static String colour(String line) {
    if (line.startsWith("+++") || line.startsWith("---")) {
      return "\u001b[1m";
    }
    if (line.isEmpty()) {
      return "";
    }
    return switch (line.charAt(0)) {
      case '+' -> "\u001b[32m";
      case '-' -> "\u001b[31m";
      case '@' -> "\u001b[36m";
      default -> "";
    };
  }
}
