package io.syncline.model;

import com.google.protobuf.ByteString;

/** Signs the tokens of those who have shown their passwords: known to all voters, and to nobody else. */
public record TokenKey(ByteString bytes) {
  public static final int SIZE_BYTES = 32;

  /**
   * @throws IllegalArgumentException if it has another size
   */
  public TokenKey {
    if (bytes.size() != SIZE_BYTES) {
      throw new IllegalArgumentException(
          "token key: " + bytes.size() + " bytes (expected: " + SIZE_BYTES + ")");
    }
  }

  @Override
  public String toString() {
    return "TokenKey[not shown]";
  }
}
