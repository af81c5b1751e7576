package io.syncline.server.feed;

import io.syncline.model.Rejection;
import io.syncline.model.Revision;

/** Where a watcher's batches go. Called by one thread at a time; must not block. */
public interface WatchSink {
  /** Whether it takes a batch without piling it up. */
  boolean isReady();

  /** The first batch is a bookmark that says where the watch stands. */
  void send(WatchBatch batch);

  /** Nothing up to a revision is to be sent any more. Called often: whenever there was nothing to send. */
  default void passed(Revision upTo) {}

  /** Nothing more comes. */
  void end(Rejection why);
}
