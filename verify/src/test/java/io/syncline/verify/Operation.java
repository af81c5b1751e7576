package io.syncline.verify;

/**
 * A request of a client and what became of it, by the one clock of this process.
 *
 * @param revision of a write its own; of a read the one it states it was served at; {@link #UNKNOWN}
 *     for a write that may or may not have been committed
 * @param endedNanos {@link Long#MAX_VALUE} if the client never learned of its end
 */
record Operation(
    Kind kind,
    String client,
    String key,
    String content,
    long revision,
    long beganNanos,
    long endedNanos) {
  static final long UNKNOWN = -1;

  enum Kind {
    READ,
    WRITE
  }

  static Operation read(String client, String key, String content, long revision, long beganNanos) {
    return new Operation(Kind.READ, client, key, content, revision, beganNanos, System.nanoTime());
  }

  static Operation write(
      String client, String key, String content, long revision, long beganNanos) {
    return new Operation(Kind.WRITE, client, key, content, revision, beganNanos, System.nanoTime());
  }

  /** A write whose outcome its client was not told. */
  static Operation unanswered(String client, String key, String content, long beganNanos) {
    return new Operation(Kind.WRITE, client, key, content, UNKNOWN, beganNanos, Long.MAX_VALUE);
  }

  Operation at(long committedRevision) {
    return new Operation(kind, client, key, content, committedRevision, beganNanos, endedNanos);
  }
}
