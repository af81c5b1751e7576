package io.syncline.server.etcd.http;

import java.util.List;
import java.util.Map;

/** A value of JSON as it was written; numbers and strings are not yet read. */
sealed interface JsonValue {
  /** Its kind as refusals name it. */
  String kind();

  /**
   * @param members the last of each name
   */
  record Members(Map<String, JsonValue> members) implements JsonValue {
    @Override
    public String kind() {
      return "object";
    }
  }

  record Elements(List<JsonValue> elements) implements JsonValue {
    @Override
    public String kind() {
      return "array";
    }
  }

  /**
   * @param raw what stands between the quotes, with its escapes
   */
  record Text(String raw) implements JsonValue {
    private static final char REPLACEMENT = '\ufffd';

    @Override
    public String kind() {
      return "string";
    }

    /** Without escapes. Half of a surrogate pair is replaced. */
    String unescaped() {
      if (raw.indexOf('\\') < 0) {
        return raw;
      }
      var text = new StringBuilder(raw.length());
      for (int i = 0; i < raw.length(); i++) {
        char c = raw.charAt(i);
        if (c != '\\') {
          text.append(c);
          continue;
        }
        i++;
        char code = raw.charAt(i);
        if (code == 'u') {
          text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
          i += 4;
        } else {
          text.append(plain(code));
        }
      }
      return withoutHalves(text);
    }

    private static char plain(char code) {
      return switch (code) {
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        default -> code;
      };
    }

    private static String withoutHalves(StringBuilder text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean pair = Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
        if (pair) {
          i++;
        } else if (Character.isSurrogate(c)) {
          text.setCharAt(i, REPLACEMENT);
        }
      }
      return text.toString();
    }
  }

  record Number(String text) implements JsonValue {
    @Override
    public String kind() {
      return "number";
    }
  }

  record Bool(boolean value) implements JsonValue {
    @Override
    public String kind() {
      return "bool";
    }
  }

  record Null() implements JsonValue {
    @Override
    public String kind() {
      return "null";
    }
  }
}
