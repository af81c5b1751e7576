package io.syncline.model;

import com.google.protobuf.ByteString;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-256, and what it was made with, so that later ones may
 * be made with more effort. Never shown.
 */
public record PasswordHash(int iterations, ByteString salt, ByteString hash) {
  /**
   * @throws IllegalArgumentException if it cannot be the hash of a password
   */
  public PasswordHash {
    if (iterations < 1 || salt.isEmpty() || hash.isEmpty()) {
      throw new IllegalArgumentException("password hash: " + iterations + " iterations, a salt of "
          + salt.size() + " and a hash of " + hash.size() + " bytes (expected: at least 1 each)");
    }
  }

  @Override
  public String toString() {
    return "PasswordHash[not shown]";
  }
}
