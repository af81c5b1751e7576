package io.syncline.client;

import io.syncline.model.ConfigVersion;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key.
 *
 * @param version what the key became; without content unless the watch asked for contents
 * @param previous what it was before, without content; null if not asked for, none, or compacted away
 */
public record WatchEvent(
    Type type, ConfigVersion version, @Nullable ConfigVersion previous) {

  public enum Type {
    /** The key had no live value before. */
    PUT,
    /** The key's live value was replaced. */
    REPLACE,
    /** The key was deleted. */
    DELETE
  }
}
