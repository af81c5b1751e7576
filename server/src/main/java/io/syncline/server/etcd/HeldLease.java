package io.syncline.server.etcd;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A lease as the leader holds it. Times are the lessor's, in milliseconds. Guarded by the lessor.
 *
 * <p>What the log last said of it is what the next leader will give it. So there are two kinds of leases:
 * of one that is noted as whole, every renewal is kept by the next leader whether it hears of it or not;
 * of one that is noted as partly used up, a renewal must be noted before it is promised.
 */
final class HeldLease {
  private static final long LEAST_DRIFT_MS = 10_000;
  private static final long MOST_DRIFT_MS = 30_000;

  private final long id;
  private final long ttlMs;

  /** Never less than what the client was promised. Only grows. */
  private long deadlineMs;
  /** What the next leader gives it at least, from the moment it leads. */
  private long notedMs;

  private @Nullable CompletableFuture<Void> ending;
  private @Nullable CompletableFuture<Duration> renewal;
  private boolean gone;

  /**
   * @param noted what the log says it has left
   * @param fromMs from when on it has so much left
   */
  HeldLease(long id, Duration ttl, Duration noted, long fromMs) {
    this.id = id;
    this.ttlMs = ttl.toMillis();
    this.notedMs = noted.toMillis();
    this.deadlineMs = fromMs + notedMs;
  }

  long id() {
    return id;
  }

  Duration ttl() {
    return Duration.ofMillis(ttlMs);
  }

  long deadlineMs() {
    return deadlineMs;
  }

  /** No more than its client could be told at best, though it may be given a little longer. */
  Duration left(long nowMs) {
    return Duration.ofMillis(Math.max(0, Math.min(ttlMs, deadlineMs - nowMs)));
  }

  /** It lasts its whole time from then on. */
  void renewFrom(long ms) {
    deadlineMs = Math.max(deadlineMs, ms + ttlMs);
  }

  /** Whether the next leader lets it last its whole time. */
  boolean notedWhole() {
    return notedMs >= ttlMs;
  }

  /** The log says so, or may soon. */
  void noteAs(Duration left) {
    notedMs = left.toMillis();
  }

  /** Whether it can be noted with what it has left, and something is left. */
  boolean isNotable(long nowMs) {
    return renewal == null && ending == null && deadlineMs > nowMs;
  }

  /**
   * When so much of it will have been used up since it was noted that it is to be noted again: after half
   * its time, but no sooner than 10 s and no later than 30 s. Clients renew after a third of the time: of
   * those that do, nothing is ever noted, unless their leases are so long that they rarely renew. While a
   * renewal is on its way to the log nobody can say.
   */
  long noteAtMs() {
    return renewal != null ? 0 : deadlineMs - notedMs + driftMs();
  }

  private long driftMs() {
    return Math.max(LEAST_DRIFT_MS, Math.min(ttlMs / 2, MOST_DRIFT_MS));
  }

  /** Completes when it is known whether the lease has ended; null: nobody is about to end it. */
  @Nullable
  CompletableFuture<Void> ending() {
    return ending;
  }

  CompletableFuture<Void> beginEnding() {
    var begun = new CompletableFuture<Void>();
    ending = begun;
    return begun;
  }

  void stay() {
    ending = null;
  }

  /** Completes when a renewal is noted; null: none is on its way. */
  @Nullable
  CompletableFuture<Duration> renewal() {
    return renewal;
  }

  CompletableFuture<Duration> beginRenewal() {
    var begun = new CompletableFuture<Duration>();
    renewal = begun;
    return begun;
  }

  /** Tells those who wait for it. */
  void endRenewal(@Nullable Throwable error) {
    CompletableFuture<Duration> ended = renewal;
    renewal = null;
    if (ended != null && error != null) {
      ended.completeExceptionally(error);
    } else if (ended != null) {
      ended.complete(ttl());
    }
  }

  /** It has ended, or this voter does not hold it any more. */
  boolean gone() {
    return gone;
  }

  void go() {
    gone = true;
  }
}
