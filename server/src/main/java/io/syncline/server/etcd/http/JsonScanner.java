package io.syncline.server.etcd.http;

import java.util.BitSet;

/**
 * Follows JSON text byte by byte, says where a value ends, and refuses what is none. Values may stand
 * one after the other; {@link #restart} between them.
 *
 * <p>The refusals are worded as etcd's gateway words them, for there are clients that compare.
 */
final class JsonScanner {
  /** Deeper than any request, and shallow enough to read by recursion. */
  static final int MAX_DEPTH = 500;

  /** Where a byte stands. */
  enum Place {
    /** Before the value, or in it. */
    WITHIN,
    /** It is the value's last. */
    LAST,
    /** The value, a scalar, ended before it. */
    BEHIND
  }

  private enum State {
    VALUE,
    FIRST_ELEMENT,
    FIRST_KEY,
    KEY,
    AFTER_KEY,
    AFTER_PAIR,
    AFTER_ELEMENT,
    STRING,
    ESCAPE,
    HEX,
    MINUS,
    ZERO,
    DIGITS,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS,
    LITERAL,
    DONE
  }

  private final BitSet objects = new BitSet();
  private int depth;
  private State state = State.VALUE;
  private boolean begun;
  private boolean inKey;
  private int hexLeft;
  private String literal = "";
  private int literalAt;

  /** Makes ready for another value. */
  void restart() {
    depth = 0;
    state = State.VALUE;
    begun = false;
  }

  /** Whether more than white space was seen. */
  boolean begun() {
    return begun;
  }

  /** Whether the value is whole if nothing more comes. */
  boolean isWhole() {
    return switch (state) {
      case DONE -> true;
      case ZERO, DIGITS, FRACTION, EXPONENT_DIGITS -> depth == 0;
      default -> false;
    };
  }

  /**
   * @throws MalformedJson if no JSON value goes on like this
   */
  Place next(byte octet) throws MalformedJson {
    int c = Byte.toUnsignedInt(octet);
    if (state == State.STRING) {
      // nearly all of a large body
      string(c);
      return Place.WITHIN;
    }
    if (endsNumber(c)) {
      endValue();
    }
    if (state == State.DONE) {
      return Place.BEHIND;
    }
    if (isSpace(c) && mayBeSpaced()) {
      return Place.WITHIN;
    }
    begun = true;
    advance(c);
    return state == State.DONE && (c == '}' || c == ']') ? Place.LAST : Place.WITHIN;
  }

  private void advance(int c) throws MalformedJson {
    switch (state) {
      case VALUE -> beginValue(c);
      case FIRST_ELEMENT -> {
        if (c == ']') {
          close();
        } else {
          beginValue(c);
        }
      }
      case FIRST_KEY -> {
        if (c == '}') {
          close();
        } else {
          beginKey(c);
        }
      }
      case KEY -> beginKey(c);
      case AFTER_KEY -> {
        expect(c == ':', c, "after object key");
        state = State.VALUE;
      }
      case AFTER_PAIR -> afterItem(c, '}', State.KEY, "after object key:value pair");
      case AFTER_ELEMENT -> afterItem(c, ']', State.VALUE, "after array element");
      case ESCAPE -> escape(c);
      case HEX -> {
        expect(Character.digit(c, 16) >= 0, c, "in \\u hexadecimal character escape");
        hexLeft--;
        state = hexLeft == 0 ? State.STRING : State.HEX;
      }
      case LITERAL -> literal(c);
      default -> number(c);
    }
  }

  private void beginValue(int c) throws MalformedJson {
    switch (c) {
      case '{' -> open(true, State.FIRST_KEY);
      case '[' -> open(false, State.FIRST_ELEMENT);
      case '"' -> {
        inKey = false;
        state = State.STRING;
      }
      case '-' -> state = State.MINUS;
      case '0' -> state = State.ZERO;
      case 't' -> begin("true");
      case 'f' -> begin("false");
      case 'n' -> begin("null");
      default -> {
        expect(isDigit(c), c, "looking for beginning of value");
        state = State.DIGITS;
      }
    }
  }

  private void begin(String word) {
    literal = word;
    literalAt = 1;
    state = State.LITERAL;
  }

  private void beginKey(int c) throws MalformedJson {
    expect(c == '"', c, "looking for beginning of object key string");
    inKey = true;
    state = State.STRING;
  }

  private void open(boolean object, State inside) throws MalformedJson {
    if (depth == MAX_DEPTH) {
      throw new MalformedJson("exceeded max depth");
    }
    objects.set(depth, object);
    depth++;
    state = inside;
  }

  private void close() {
    depth--;
    endValue();
  }

  private void endValue() {
    if (depth == 0) {
      state = State.DONE;
    } else {
      state = objects.get(depth - 1) ? State.AFTER_PAIR : State.AFTER_ELEMENT;
    }
  }

  private void afterItem(int c, char end, State another, String where) throws MalformedJson {
    if (c == end) {
      close();
    } else {
      expect(c == ',', c, where);
      state = another;
    }
  }

  private void string(int c) throws MalformedJson {
    if (c == '"' && inKey) {
      state = State.AFTER_KEY;
    } else if (c == '"') {
      endValue();
    } else if (c == '\\') {
      state = State.ESCAPE;
    } else {
      expect(c >= ' ', c, "in string literal");
    }
  }

  private void escape(int c) throws MalformedJson {
    if (c == 'u') {
      hexLeft = 4;
      state = State.HEX;
    } else {
      expect("bfnrt\\/\"".indexOf(c) >= 0, c, "in string escape code");
      state = State.STRING;
    }
  }

  private void literal(int c) throws MalformedJson {
    char due = literal.charAt(literalAt);
    expect(c == due, c, "in literal " + literal + " (expecting '" + due + "')");
    literalAt++;
    if (literalAt == literal.length()) {
      endValue();
    }
  }

  private void number(int c) throws MalformedJson {
    switch (state) {
      case MINUS -> {
        expect(isDigit(c), c, "in numeric literal");
        state = c == '0' ? State.ZERO : State.DIGITS;
      }
      case ZERO, DIGITS -> {
        if (!isDigit(c)) {
          state = c == '.' ? State.POINT : State.EXPONENT;
        }
      }
      case POINT -> {
        expect(isDigit(c), c, "after decimal point in numeric literal");
        state = State.FRACTION;
      }
      case FRACTION -> {
        if (!isDigit(c)) {
          state = State.EXPONENT;
        }
      }
      case EXPONENT -> {
        boolean sign = c == '+' || c == '-';
        expect(sign || isDigit(c), c, "in exponent of numeric literal");
        state = sign ? State.EXPONENT_SIGN : State.EXPONENT_DIGITS;
      }
      case EXPONENT_SIGN -> {
        expect(isDigit(c), c, "in exponent of numeric literal");
        state = State.EXPONENT_DIGITS;
      }
      default -> {
        // further digits of an exponent
      }
    }
  }

  /** A number ends by what follows it. */
  private boolean endsNumber(int c) {
    boolean exponent = c == 'e' || c == 'E';
    return switch (state) {
      case ZERO -> c != '.' && !exponent;
      case DIGITS -> !isDigit(c) && c != '.' && !exponent;
      case FRACTION -> !isDigit(c) && !exponent;
      case EXPONENT_DIGITS -> !isDigit(c);
      default -> false;
    };
  }

  private boolean mayBeSpaced() {
    return switch (state) {
      case VALUE, FIRST_ELEMENT, FIRST_KEY, KEY, AFTER_KEY, AFTER_PAIR, AFTER_ELEMENT -> true;
      default -> false;
    };
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static void expect(boolean met, int c, String where) throws MalformedJson {
    if (!met) {
      throw unexpected(c, where);
    }
  }

  /** A byte that must not stand there. */
  static MalformedJson unexpected(int c, String where) {
    return new MalformedJson("invalid character " + quoted(c) + " " + where);
  }

  private static String quoted(int c) {
    String inner = switch (c) {
      case '\'' -> "\\'";
      case '\\' -> "\\\\";
      case 0x07 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 0x0b -> "\\v";
      default -> {
        if (c < ' ' || c == 0x7f) {
          yield "\\x%02x".formatted(c);
        }
        boolean printable = c < 0x7f || (c > 0xa0 && c != 0xad);
        yield printable ? String.valueOf((char) c) : "\\u%04x".formatted(c);
      }
    };
    return "'" + inner + "'";
  }
}
