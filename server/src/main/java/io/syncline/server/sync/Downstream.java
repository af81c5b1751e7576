package io.syncline.server.sync;

import io.syncline.model.Rejection;
import io.syncline.proto.sync.v1.StreamResponse;

/** The way to a follower that is sent batches. Used on the loop of the {@link SyncServer}. */
public interface Downstream {
  /** Whether it takes more without piling up. */
  boolean isReady();

  void send(StreamResponse response);

  void end(Rejection why);
}
