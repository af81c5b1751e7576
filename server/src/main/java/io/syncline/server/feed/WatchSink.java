package io.syncline.server.feed;

import io.syncline.model.Rejection;

/** Where a watcher's batches go. Called by one thread at a time; must not block. */
public interface WatchSink {
  /** Whether it takes a batch without piling it up. */
  boolean isReady();

  void send(WatchBatch batch);

  /** Nothing more comes. */
  void end(Rejection why);
}
