package io.syncline.server.etcd.http;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigInteger;

/** The types of whole numbers that messages have. */
enum WholeNumber {
  INT32("int32", true, Integer.SIZE),
  UINT32("uint32", false, Integer.SIZE),
  INT64("int64", true, Long.SIZE),
  UINT64("uint64", false, Long.SIZE);

  private final String goName;
  private final boolean wide;
  private final BigInteger min;
  private final BigInteger max;

  WholeNumber(String goName, boolean signed, int bits) {
    this.goName = goName;
    this.wide = bits == Long.SIZE;
    BigInteger count = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
    this.min = signed ? count.negate() : BigInteger.ZERO;
    this.max = count.subtract(BigInteger.ONE);
  }

  static WholeNumber of(FieldDescriptor.Type type) {
    return switch (type) {
      case INT32, SINT32, SFIXED32 -> INT32;
      case UINT32, FIXED32 -> UINT32;
      case INT64, SINT64, SFIXED64 -> INT64;
      case UINT64, FIXED64 -> UINT64;
      default ->
        throw new IllegalArgumentException(
            "type: " + type + " (expected: a whole number; etcd's messages have no others)");
    };
  }

  /** A number, or one in quotes, as the field wants it. */
  Object read(JsonValue value) throws MalformedJson {
    JsonValue inner =
        value instanceof JsonValue.Text text ? JsonParser.parseChecked(text.raw()) : value;
    BigInteger number = parse(inner, goName, min, max);
    return wide ? (Object) number.longValue() : (Object) number.intValue();
  }

  /**
   * @throws MalformedJson if it is no whole number between the two
   */
  static long parse(JsonValue value, String goName, long min, long max) throws MalformedJson {
    return parse(value, goName, BigInteger.valueOf(min), BigInteger.valueOf(max))
        .longValueExact();
  }

  private static BigInteger parse(JsonValue value, String goName, BigInteger min, BigInteger max)
      throws MalformedJson {
    if (value instanceof JsonValue.Null) {
      return BigInteger.ZERO;
    }
    if (!(value instanceof JsonValue.Digits number)) {
      throw MalformedJson.wrongKind(value.kind(), goName);
    }
    String text = number.text();
    // longer ones are out of range, and costly to read
    boolean whole = text.length() <= 20 && text.chars().allMatch(WholeNumber::isDigitOrMinus);
    if (whole && (min.signum() < 0 || !text.startsWith("-"))) {
      var read = new BigInteger(text);
      if (read.compareTo(min) >= 0 && read.compareTo(max) <= 0) {
        return read;
      }
    }
    throw MalformedJson.wrongKind("number " + text, goName);
  }

  private static boolean isDigitOrMinus(int c) {
    return c == '-' || (c >= '0' && c <= '9');
  }
}
