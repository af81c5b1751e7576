package io.syncline.server.etcd;

import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.feed.WatchBatch;
import io.syncline.server.feed.WatchSink;
import io.syncline.server.feed.Watcher;
import org.jspecify.annotations.Nullable;

/** One of the watches of a stream. */
final class StreamedWatch implements WatchSink {
  private final WatchStream stream;
  private final long id;
  private final boolean fragments;
  private final boolean repeatsProgress;
  private volatile Revision reached;
  private volatile @Nullable Watcher watcher;
  private volatile boolean compacted;
  /** Which revision the last answer spoke of; null: there was none yet. */
  private @Nullable Revision told;

  /**
   * @param fragments whether the client lets the events of a revision be spread over responses
   * @param repeatsProgress whether the client is told the same revision again while the store stands still
   * @param reached the revision before the first that it is told of
   */
  StreamedWatch(
      WatchStream stream, long id, boolean fragments, boolean repeatsProgress, Revision reached) {
    this.stream = stream;
    this.id = id;
    this.fragments = fragments;
    this.repeatsProgress = repeatsProgress;
    this.reached = reached;
  }

  long id() {
    return id;
  }

  /** Everything up to it was sent, or was none of the watch's. */
  Revision reached() {
    return reached;
  }

  /** Null: it has not begun yet, or never will. */
  @Nullable
  Watcher watcher() {
    return watcher;
  }

  synchronized void begun(Watcher begun) {
    if (!compacted) {
      watcher = begun;
    }
  }

  /**
   * Whether it ended because what it was to tell is gone. It keeps its id until its client cancels it, as
   * with etcd.
   */
  boolean isCompacted() {
    return compacted;
  }

  synchronized void compacted() {
    compacted = true;
    watcher = null;
  }

  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public void send(WatchBatch batch) {
    Revision header = stream.happened(batch.to());
    if (told == null) {
      stream.sendCreated(this, header);
    } else if (!batch.events().isEmpty()) {
      stream.send(this, batch, fragments);
    } else if (repeatsProgress || header.isAfter(told)) {
      stream.sendProgress(this, header);
    }
    told = header;
    passed(batch.to());
  }

  @Override
  public void passed(Revision upTo) {
    reached = upTo;
    stream.onProgress();
  }

  @Override
  public void end(Rejection why) {
    if (why.reason() == Reason.COMPACTED) {
      stream.sendCompacted(this, why);
    } else {
      stream.end(why);
    }
  }
}
