package io.syncline.server.raft;

import io.syncline.model.StorePosition;
import io.syncline.server.apply.Applier.Applied;

/** Told of what was committed, in order, on the thread that applies: never block in it. */
public interface RaftEvents {
  /** An entry was applied and can be read. */
  void onApplied(Applied applied);

  /** The store was replaced by a newer one, without the steps between. */
  void onReplaced(StorePosition position);
}
