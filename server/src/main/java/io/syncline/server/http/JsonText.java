package io.syncline.server.http;

import java.util.List;
import java.util.stream.Collectors;

/** Text as JSON has it. */
final class JsonText {
  private static final int FIRST_PLAIN = 0x20;

  private JsonText() {}

  static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (c < FIRST_PLAIN) {
        quoted.append("\\u%04x".formatted(c));
      } else {
        quoted.append((char) c);
      }
    });
    return quoted.append('"').toString();
  }

  static String list(List<String> texts) {
    return texts.stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]"));
  }
}
