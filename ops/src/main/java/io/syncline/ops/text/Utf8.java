package io.syncline.ops.text;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** UTF-8 without silent replacement. */
public final class Utf8 {
  private Utf8() {}

  /** The text these bytes are, or empty if they are no UTF-8. */
  public static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The text these bytes are, or empty if they are no UTF-8. */
  public static Optional<String> text(ByteString bytes) {
    return text(bytes.toByteArray());
  }

  /** The bytes of a text, or empty if it holds half a surrogate pair, which UTF-8 cannot carry. */
  public static Optional<ByteString> bytes(String text) {
    try {
      return Optional.of(
          ByteString.copyFrom(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text))));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
