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
      int at = 0;
      while (at < raw.length()) {
        char c = raw.charAt(at);
        if (c != '\\') {
          text.append(c);
          at++;
        } else if (raw.charAt(at + 1) == 'u') {
          text.append((char) Integer.parseInt(raw, at + 2, at + 6, 16));
          at += 6;
        } else {
          text.append(plain(raw.charAt(at + 1)));
          at += 2;
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
      int at = 0;
      while (at < text.length()) {
        int next = at + Character.charCount(text.codePointAt(at));
        if (next == at + 1 && Character.isSurrogate(text.charAt(at))) {
          text.setCharAt(at, REPLACEMENT);
        }
        at = next;
      }
      return text.toString();
    }
  }

  record Digits(String text) implements JsonValue {
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
