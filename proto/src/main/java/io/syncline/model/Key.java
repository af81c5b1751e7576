package io.syncline.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * A key: 1 to 4,096 bytes, ordered bytewise (unsigned).
 *
 * <p>People see keys as UTF-8 paths such as {@code routes/api}; bytes that are no UTF-8 are shown as
 * {@code \xNN}.
 */
public record Key(ByteString bytes) implements Comparable<Key> {
  /** The longest key. */
  public static final int MAX_SIZE_BYTES = 4096;

  private static final Comparator<ByteString> BYTEWISE =
      ByteString.unsignedLexicographicalComparator();

  /**
   * @throws IllegalArgumentException if the key is empty or longer than {@link #MAX_SIZE_BYTES}
   */
  public Key {
    if (bytes.isEmpty() || bytes.size() > MAX_SIZE_BYTES) {
      throw new IllegalArgumentException("key: "
          + bytes.size()
          + " bytes (expected: 1 to "
          + MAX_SIZE_BYTES
          + "); shorten the key or move the data into the content");
    }
  }

  public static Key of(String text) {
    return new Key(ByteString.copyFromUtf8(text));
  }

  @Override
  public int compareTo(Key other) {
    return BYTEWISE.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return display(bytes);
  }

  /** The bytes as UTF-8 text, or with {@code \xNN} for what is not printable text. */
  public static String display(ByteString bytes) {
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
      if (text.chars().noneMatch(Character::isISOControl)) {
        return text;
      }
    } catch (CharacterCodingException e) {
      // no text: shown byte by byte below
    }
    var shown = new StringBuilder();
    for (byte b : bytes) {
      if (b >= 0x20 && b < 0x7f && b != '\\') {
        shown.append((char) b);
      } else {
        shown.append(String.format("\\x%02x", b));
      }
    }
    return shown.toString();
  }
}
