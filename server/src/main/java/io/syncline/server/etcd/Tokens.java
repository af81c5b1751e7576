package io.syncline.server.etcd;

import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.TokenKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What those carry who have shown their passwords. No voter remembers a token: it says for whom it is and
 * until when, and is signed with a key that all voters know. It is void once the user's password has
 * changed, the user is gone, or the key is another. Any thread.
 */
final class Tokens {
  /**
   * Etcd's last for five minutes from when they were last used, so that busy clients keep theirs for
   * ever. These cannot be prolonged: clients come with their passwords again when one is over.
   */
  static final Duration LIFETIME = Duration.ofHours(1);

  private static final byte FORMAT = 1;
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SIGNATURE_BYTES = 32;
  private static final int HEAD_BYTES = 1 + 3 * Long.BYTES;
  /** More than the longest name makes. */
  private static final int MAX_LENGTH = 4096;

  private final Clock clock;

  /**
   * @param clock that of the voters need not be equal by more than a small part of {@link #LIFETIME}
   */
  Tokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param revision of the users and roles by which the user was known
   */
  String issue(AuthUser user, long revision, TokenKey key) {
    byte[] name = user.name().getBytes(StandardCharsets.UTF_8);
    byte[] claim = ByteBuffer.allocate(HEAD_BYTES + name.length)
        .put(FORMAT)
        .putLong(revision)
        .putLong(user.since())
        .putLong(clock.instant().plus(LIFETIME).toEpochMilli())
        .put(name)
        .array();
    byte[] token = Arrays.copyOf(claim, claim.length + SIGNATURE_BYTES);
    System.arraycopy(signature(claim, key), 0, token, claim.length, SIGNATURE_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** For whom it is; empty if it is not good. */
  Optional<AuthUser> userOf(String token, AuthState auth) {
    TokenKey key = auth.tokenKey();
    byte[] decoded = decode(token);
    int claimed = decoded.length - SIGNATURE_BYTES;
    if (key == null || claimed <= HEAD_BYTES) {
      return Optional.empty();
    }
    byte[] claim = Arrays.copyOf(decoded, claimed);
    byte[] signature = Arrays.copyOfRange(decoded, claimed, decoded.length);
    return MessageDigest.isEqual(signature, signature(claim, key))
        ? userOf(ByteBuffer.wrap(claim, 1, claimed - 1), auth)
        : Optional.empty();
  }

  /** By which revision of the users and roles it says to be made: nobody has checked. 0: it does not. */
  static long claimedRevision(String token) {
    byte[] decoded = decode(token);
    return decoded.length == 0 ? 0 : ByteBuffer.wrap(decoded).getLong(1);
  }

  /** Empty if it cannot be one. */
  private static byte[] decode(String token) {
    try {
      byte[] decoded =
          token.length() > MAX_LENGTH ? new byte[0] : Base64.getUrlDecoder().decode(token);
      boolean possible = decoded.length > HEAD_BYTES + SIGNATURE_BYTES && decoded[0] == FORMAT;
      return possible ? decoded : new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private Optional<AuthUser> userOf(ByteBuffer claim, AuthState auth) {
    var unused = claim.getLong();
    long since = claim.getLong();
    long expiresMs = claim.getLong();
    AuthUser user = auth.user(StandardCharsets.UTF_8.decode(claim).toString());
    return user != null && user.since() == since && clock.millis() < expiresMs
        ? Optional.of(user)
        : Optional.empty();
  }

  private static byte[] signature(byte[] claim, TokenKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.bytes().toByteArray(), ALGORITHM));
      return mac.doFinal(claim);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
