package io.syncline.server.etcd.bolt;

/** The hash FNV-1a of 64 bits, as RFC 9923 has it. */
final class Fnv1a {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Fnv1a() {}

  /**
   * @param from the first byte
   * @param to after the last
   */
  static long of(byte[] bytes, int from, int to) {
    long hash = OFFSET_BASIS;
    for (int at = from; at < to; at++) {
      hash = (hash ^ (bytes[at] & 0xFF)) * PRIME;
    }
    return hash;
  }
}
