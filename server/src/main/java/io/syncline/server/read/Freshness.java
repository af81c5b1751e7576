package io.syncline.server.read;

import io.syncline.model.Consistency;
import io.syncline.model.Revision;
import java.util.concurrent.CompletableFuture;

/** Sees to it that the store is as fresh as a read demands before it is read. */
public interface Freshness {
  /**
   * Completes when the store may be read; with a {@link io.syncline.model.RejectedException} if it may
   * not. Often it is complete at once.
   */
  CompletableFuture<Void> await(Consistency consistency);

  /** Wakes the reads that wait for what has been reached. */
  void onRevision(Revision reached);
}
