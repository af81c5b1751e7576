package io.syncline.client.cache;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.util.List;
import java.util.Optional;

/**
 * Is told what has changed, on the cache's thread: whole batches only, when the image shows them
 * already. Must not block for long; what it throws is logged, and does not stop the cache.
 */
public interface ConfigListener {
  /**
   * @param revision the copy's, which {@link ConfigCache#image} has reached
   * @param changes what is different from what the listener was told before, in order of keys
   */
  void onChanges(Revision revision, List<Change> changes);

  /** What a change did. */
  enum Type {
    /** The key had no value before. */
    PUT,
    REPLACE,
    DELETE
  }

  /**
   * One key that is different.
   *
   * @param before empty: it had no value
   * @param after empty: it has none any more
   */
  record Change(
      NamespaceName namespace,
      Key key,
      Optional<ConfigVersion> before,
      Optional<ConfigVersion> after) {

    public Type type() {
      if (after.isEmpty()) {
        return Type.DELETE;
      }
      return before.isEmpty() ? Type.PUT : Type.REPLACE;
    }
  }
}
