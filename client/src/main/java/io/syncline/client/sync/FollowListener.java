package io.syncline.client.sync;

import io.syncline.model.ChangeBatch;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.Revision;

/** Is told what happens to a copy, on its loop. */
public interface FollowListener {
  /** A batch was applied: the copy equals the centre's state at its end. */
  default void onApplied(ChangeBatch batch) {}

  /** The copy was replaced by a snapshot, or a part of it repaired: look at everything anew. */
  default void onReplaced(Revision at) {}

  /** Something about the copy has changed: state, head, age, suspects. */
  default void onView(FollowView view) {}

  /** A namespace was compared with the upstream's; not told if the comparison was cut short. */
  default void onCompared(NamespaceComparison comparison) {}

  /** A part of a snapshot has arrived. */
  default void onCopying(long keys, long totalKeys, long bytes, long totalBytes) {}
}
