package io.syncline.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An order-free hash of the live state of a namespace, kept up to date in constant time per change.
 *
 * <p>256 buckets, by the first byte of the key's SHA-256. A bucket is the sum, modulo 2^256, of
 * SHA-256(key length, key, version, checksum) over its live keys; the digest is the SHA-256 of the
 * buckets in order. Two namespaces with the same live versions have the same digest, however they
 * came about; where digests differ, the buckets say which 256th of the keys to compare. Not for
 * defence against forged content: sums can be collided on purpose.
 *
 * <p>Used by one thread.
 */
public final class DigestBuckets {
  public static final int COUNT = 256;
  public static final int SUM_SIZE_BYTES = 32;

  private final byte[][] sums = new byte[COUNT][];
  private final MessageDigest sha256;

  public DigestBuckets() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The bucket the key is counted in, 0 to 255. */
  public int bucketOf(Key key) {
    sha256.update(key.bytes().asReadOnlyByteBuffer());
    return sha256.digest()[0] & 0xff;
  }

  /** Counts a live version in. */
  public void add(int bucket, ConfigVersion live) {
    add(bucket, live.key(), live.version(), live.checksum());
  }

  /** Counts a live version in, by what is hashed of it. */
  public void add(int bucket, Key key, Version version, Checksum checksum) {
    byte[] sum = sum(bucket);
    byte[] term = term(key, version, checksum);
    int carry = 0;
    for (int i = SUM_SIZE_BYTES - 1; i >= 0; i--) {
      carry += (sum[i] & 0xff) + (term[i] & 0xff);
      sum[i] = (byte) carry;
      carry >>>= Byte.SIZE;
    }
  }

  /** Takes a live version out that was counted in. */
  public void remove(int bucket, ConfigVersion live) {
    byte[] sum = sum(bucket);
    byte[] term = term(live.key(), live.version(), live.checksum());
    int borrow = 0;
    for (int i = SUM_SIZE_BYTES - 1; i >= 0; i--) {
      int difference = (sum[i] & 0xff) - (term[i] & 0xff) - borrow;
      sum[i] = (byte) difference;
      borrow = difference < 0 ? 1 : 0;
    }
  }

  /** The sum of a bucket: 32 bytes, big-endian, a copy. */
  public byte[] get(int bucket) {
    return sum(bucket).clone();
  }

  /**
   * @param sum 32 bytes, big-endian
   */
  public void set(int bucket, byte[] sum) {
    if (sum.length != SUM_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "digest bucket: " + sum.length + " bytes (expected: " + SUM_SIZE_BYTES + ")");
    }
    sums[bucket] = sum.clone();
  }

  public Checksum digest() {
    for (int bucket = 0; bucket < COUNT; bucket++) {
      sha256.update(sum(bucket));
    }
    return new Checksum(ByteString.copyFrom(sha256.digest()));
  }

  private byte[] sum(int bucket) {
    byte[] sum = sums[bucket];
    if (sum == null) {
      sum = new byte[SUM_SIZE_BYTES];
      sums[bucket] = sum;
    }
    return sum;
  }

  private byte[] term(Key key, Version version, Checksum checksum) {
    ByteBuffer fixed =
        ByteBuffer.allocate(Integer.BYTES).putInt(key.bytes().size()).flip();
    sha256.update(fixed);
    sha256.update(key.bytes().asReadOnlyByteBuffer());
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(version.value()).flip());
    sha256.update(checksum.bytes().asReadOnlyByteBuffer());
    return sha256.digest();
  }
}
