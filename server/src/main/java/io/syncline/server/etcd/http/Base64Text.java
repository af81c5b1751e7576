package io.syncline.server.etcd.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes as JSON carries them: base64 of the standard alphabet, padded; line ends are skipped. */
final class Base64Text {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int GROUP = 4;

  private Base64Text() {}

  static String encode(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * @throws MalformedJson says at which byte it is none
   */
  static ByteString decode(String text) throws MalformedJson {
    String plain = text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replace("\r", "").replace("\n", "");
    // the decoder of the JDK takes text without padding
    if (plain.length() % GROUP == 0) {
      try {
        return UnsafeByteOperations.unsafeWrap(Base64.getDecoder().decode(plain));
      } catch (IllegalArgumentException e) {
        throw illegal(text);
      }
    }
    throw illegal(text);
  }

  private static MalformedJson illegal(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new MalformedJson("illegal base64 data at input byte " + illegalAt(bytes));
  }

  /** Where etcd says that text which is no base64 goes wrong. */
  private static int illegalAt(byte[] bytes) {
    int inGroup = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (isLineEnd(bytes[i])) {
        continue;
      }
      if (bytes[i] == '=') {
        return illegalPaddingAt(bytes, i, inGroup);
      }
      if (ALPHABET.indexOf(bytes[i]) < 0) {
        return i;
      }
      inGroup = (inGroup + 1) % GROUP;
    }
    return bytes.length - inGroup;
  }

  private static int illegalPaddingAt(byte[] bytes, int first, int inGroup) {
    if (inGroup < 2) {
      return first;
    }
    int next = skipLineEnds(bytes, first + 1);
    if (inGroup == 2) {
      if (next == bytes.length) {
        return next;
      }
      if (bytes[next] != '=') {
        return next - 1;
      }
      next = skipLineEnds(bytes, next + 1);
    }
    return next;
  }

  private static int skipLineEnds(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && isLineEnd(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isLineEnd(byte octet) {
    return octet == '\n' || octet == '\r';
  }
}
