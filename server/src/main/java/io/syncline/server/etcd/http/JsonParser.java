package io.syncline.server.etcd.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** Takes apart one value that a {@link JsonScanner} has let pass. */
final class JsonParser {
  private final String text;
  private int at;

  private JsonParser(String text) {
    this.text = text;
  }

  /**
   * @param checked one whole value, as UTF-8
   */
  static JsonValue parse(byte[] checked) {
    return new JsonParser(new String(checked, StandardCharsets.UTF_8)).value();
  }

  /**
   * @throws MalformedJson if the text is not exactly one value
   */
  static JsonValue parseChecked(String text) throws MalformedJson {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var scanner = new JsonScanner();
    boolean ended = false;
    for (byte octet : bytes) {
      boolean space = octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
      if (!ended) {
        JsonScanner.Place place = scanner.next(octet);
        ended = place != JsonScanner.Place.WITHIN;
        if (place != JsonScanner.Place.BEHIND) {
          continue;
        }
      }
      if (!space) {
        throw JsonScanner.unexpected(Byte.toUnsignedInt(octet), "after top-level value");
      }
    }
    if (!scanner.isWhole()) {
      throw new MalformedJson("unexpected end of JSON input");
    }
    return parse(bytes);
  }

  private JsonValue value() {
    skipSpace();
    return switch (text.charAt(at)) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> new JsonValue.Text(string());
      case 't' -> word(4, new JsonValue.Bool(true));
      case 'f' -> word(5, new JsonValue.Bool(false));
      case 'n' -> word(4, new JsonValue.Null());
      default -> number();
    };
  }

  private JsonValue members() {
    Map<String, JsonValue> members = new HashMap<>();
    at++;
    skipSpace();
    while (text.charAt(at) != '}') {
      String name = new JsonValue.Text(string()).unescaped();
      skipSpace();
      at++;
      members.put(name, value());
      skipComma();
    }
    at++;
    return new JsonValue.Members(members);
  }

  private JsonValue elements() {
    var elements = new ArrayList<JsonValue>();
    at++;
    skipSpace();
    while (text.charAt(at) != ']') {
      elements.add(value());
      skipComma();
    }
    at++;
    return new JsonValue.Elements(elements);
  }

  /** From the quote on which it stands. */
  private String string() {
    int from = at + 1;
    at = from;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
    return text.substring(from, at - 1);
  }

  private JsonValue word(int length, JsonValue value) {
    at += length;
    return value;
  }

  private JsonValue number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return new JsonValue.Digits(text.substring(from, at));
  }

  private void skipComma() {
    skipSpace();
    if (text.charAt(at) == ',') {
      at++;
      skipSpace();
    }
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }
}
