package io.syncline.server.feed;

import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** One watch: what it wants, where it goes, and how far it is. Guarded by itself. */
public final class Watcher {
  private final WatchQuery query;
  private final WatchSink sink;
  private final LongAdder handedOn;
  private Revision delivered;
  private boolean synced;
  private boolean ended;
  private boolean catchingUp;
  private long sentAtNanos;

  /**
   * @param handedOn counts the changes that it is sent
   */
  Watcher(WatchQuery query, WatchSink sink, LongAdder handedOn, Revision delivered, long nowNanos) {
    this.query = query;
    this.sink = sink;
    this.handedOn = handedOn;
    this.delivered = delivered;
    this.sentAtNanos = nowNanos;
  }

  WatchQuery query() {
    return query;
  }

  /** Everything up to it was delivered, or was none of the watcher's. */
  synchronized Revision delivered() {
    return delivered;
  }

  /** Whether somebody must start to serve it from the feed; at most one does at a time. */
  synchronized boolean beginCatchUp() {
    if (ended || synced || catchingUp || !sink.isReady()) {
      return false;
    }
    catchingUp = true;
    return true;
  }

  synchronized void endCatchUp() {
    catchingUp = false;
  }

  /**
   * Declares it up to date.
   *
   * @return whether it is: it has everything up to the head
   */
  synchronized boolean becomeSynced(Revision head) {
    synced = !delivered.isBefore(head);
    return synced;
  }

  synchronized boolean synced() {
    return synced;
  }

  synchronized boolean isReady() {
    return !ended && sink.isReady();
  }

  /**
   * Takes part in what was just published.
   *
   * @return false if it could not take the batch, and lags from now on
   */
  synchronized boolean offer(Revision from, WatchBatch batch, long nowNanos) {
    if (ended || !synced || !batch.to().isAfter(delivered)) {
      return true;
    }
    if (delivered.equals(from) && batch.events().isEmpty()) {
      skipTo(batch.to());
      return true;
    }
    if (!delivered.equals(from) || !sink.isReady()) {
      synced = false;
      return false;
    }
    send(batch, nowNanos);
    return true;
  }

  /** Sends a batch of the catch-up, unless something else has taken the sink's room meanwhile. */
  synchronized void deliverIfReady(WatchBatch batch, long nowNanos) {
    if (isReady()) {
      send(batch, nowNanos);
    }
  }

  /** Sends the bookmark a watch begins with. */
  synchronized void deliver(WatchBatch batch, long nowNanos) {
    if (!ended) {
      send(batch, nowNanos);
    }
  }

  /** Notes that nothing up to a revision was in its range. */
  synchronized void skipTo(Revision to) {
    if (!ended) {
      delivered = Revision.max(delivered, to);
      sink.passed(delivered);
    }
  }

  /** Declares that it is to be served from the feed before it takes part again. */
  synchronized void lag() {
    synced = false;
  }

  /** Sends a bookmark if nothing was sent for longer than asked for. */
  synchronized void bookmarkIfSilent(long nowNanos) {
    boolean silent = nowNanos - sentAtNanos >= query.bookmarkInterval().toNanos();
    if (!ended && silent && sink.isReady()) {
      send(new WatchBatch(delivered, List.of()), nowNanos);
    }
  }

  synchronized void end(Rejection why) {
    if (!ended) {
      ended = true;
      sink.end(why);
    }
  }

  synchronized void cancel() {
    ended = true;
  }

  private void send(WatchBatch batch, long nowNanos) {
    sink.send(batch);
    handedOn.add(batch.events().size());
    delivered = Revision.max(delivered, batch.to());
    sentAtNanos = nowNanos;
  }
}
