package io.syncline.model;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256: 32 bytes inside, 64 lower-case hexadecimal digits outside.
 *
 * @param bytes the 32 bytes
 */
public record Checksum(ByteString bytes) {
  public static final int SIZE_BYTES = 32;

  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  });

  /** Of no bytes: what a tombstone carries. Stands after what it is computed with. */
  public static final Checksum OF_NOTHING = of(ByteString.EMPTY);

  /**
   * @throws IllegalArgumentException if these are not 32 bytes
   */
  public Checksum {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException(
          "checksum: " + bytes.size() + " bytes (expected: the 32 bytes of a SHA-256)");
    }
  }

  /** The SHA-256 of the content. Takes time in proportion to it: not for the apply thread. */
  public static Checksum of(ByteString content) {
    MessageDigest digest = SHA_256.get();
    digest.reset();
    for (var part : content.asReadOnlyByteBufferList()) {
      digest.update(part);
    }
    return new Checksum(ByteString.copyFrom(digest.digest()));
  }

  /**
   * @throws IllegalArgumentException if the text is not 64 hexadecimal digits
   */
  public static Checksum parse(String hex) {
    if (hex.length() != 2 * SIZE_BYTES) {
      throw new IllegalArgumentException(
          "checksum: " + hex.length() + " characters (expected: 64 hexadecimal digits)");
    }
    return new Checksum(ByteString.copyFrom(HexFormat.of().parseHex(hex)));
  }

  public boolean matches(ByteString content) {
    return equals(of(content));
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
