package io.syncline.server.store;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the history says of one version: where it stands in the change log, and when the version before
 * was made.
 *
 * <p>The second is what a watch needs that resumes behind the horizon. Where the version before is gone,
 * nothing else tells whether it was one that the watcher has seen: without it, every key that was changed
 * twice in its life, and once since the watcher left, would count as a gap. It stands here and not in the
 * version itself, which travels to followers and clients, to whom it is of no use.
 *
 * @param previous null: there was no version before, or nobody noted when it was made
 */
record HistoryEntry(ChangePlace place, @Nullable Revision previous) {
  static HistoryEntry of(ConfigVersion version, int subIndex, @Nullable ConfigVersion before) {
    boolean successive = before != null && before.version().next().equals(version.version());
    return new HistoryEntry(
        new ChangePlace(version.revision(), subIndex),
        before != null && successive ? before.revision() : null);
  }

  byte[] encode() {
    byte[] at = place.encode();
    if (previous == null) {
      return at;
    }
    return ByteBuffer.allocate(at.length + Long.BYTES)
        .put(at)
        .putLong(previous.value())
        .array();
  }

  static HistoryEntry decode(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    var place = new ChangePlace(Revision.of(buffer.getLong()), buffer.getInt());
    return new HistoryEntry(place, buffer.hasRemaining() ? Revision.of(buffer.getLong()) : null);
  }
}
