package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;

/** A few keys, so that operations meet, and all forms that a range can have. */
final class Keys {
  /** As the end of a range: all keys from its beginning on. */
  static final ByteString FROM_KEY = ByteString.copyFrom(new byte[1]);

  private static final List<ByteString> POOL = List.of(
      text("a"),
      text("a/1"),
      text("a/2"),
      text("a/2/x"),
      text("a/3"),
      text("a0"),
      text("b"),
      text("b/1"),
      text("b/2"),
      text("b/2 "),
      text("c"),
      text("config/json"),
      text("config/ключ"),
      text("d"),
      text("dd"),
      text("ddd"),
      text("z"),
      bytes(0),
      bytes(0, 1),
      bytes('a', 0),
      bytes(0xc3, 0x28),
      bytes(0xff),
      bytes(0xff, 0xff),
      bytes(0xff, 0xff, 1));

  private final Random random;

  /**
   * A range of keys.
   *
   * @param end as the API has it: empty for one key, {@link #FROM_KEY} for all from there on
   */
  record Span(ByteString key, ByteString end) {}

  Keys(Random random) {
    this.random = random;
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.copyFrom(bytes);
  }

  /** What an empty key means to a watch. */
  static ByteString orLeast(ByteString key) {
    return key.isEmpty() ? FROM_KEY : key;
  }

  static int size() {
    return POOL.size();
  }

  static ByteString at(int index) {
    return POOL.get(index);
  }

  ByteString any() {
    return POOL.get(random.nextInt(POOL.size()));
  }

  /** Empty once in a while, which most operations refuse. */
  ByteString orEmpty() {
    return random.nextInt(80) == 0 ? ByteString.EMPTY : any();
  }

  Span span() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> new Span(orEmpty(), ByteString.EMPTY);
      case 3, 4 -> new Span(orEmpty(), any());
      case 5, 6 -> prefix(any());
      case 7 -> new Span(any(), FROM_KEY);
      case 8 -> new Span(FROM_KEY, FROM_KEY);
      default -> properSpan();
    };
  }

  /** One key, or an end after its beginning. */
  Span properSpan() {
    ByteString one = any();
    ByteString other = any();
    int order = ByteString.unsignedLexicographicalComparator().compare(one, other);
    if (order == 0 || one.equals(FROM_KEY) || other.equals(FROM_KEY)) {
      return new Span(one, ByteString.EMPTY);
    }
    return order < 0 ? new Span(one, other) : new Span(other, one);
  }

  /** The keys that begin so; those that begin with the greatest byte have no end. */
  private static Span prefix(ByteString key) {
    byte[] end = key.toByteArray();
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xff) {
        end[i]++;
        return new Span(key, ByteString.copyFrom(end, 0, i + 1));
      }
    }
    return new Span(key, FROM_KEY);
  }
}
