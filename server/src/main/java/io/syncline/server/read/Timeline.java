package io.syncline.server.read;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.store.ChangePlace;
import io.syncline.server.store.StoreReader;
import org.jspecify.annotations.Nullable;

/**
 * What was current when: a key at a revision, the revision at a time.
 *
 * <p>What can be answered follows from the namespace's horizon alone, never from whether old versions
 * were swept from the disk yet.
 */
public final class Timeline {
  private final StoreReader reader;
  private final NamespaceRecord namespace;

  public Timeline(StoreReader reader, NamespaceRecord namespace) {
    this.reader = reader;
    this.namespace = namespace;
  }

  /**
   * @throws RejectedException if the revision has not happened, or lies below the horizon
   */
  public void requireReadable(Revision at) {
    Revision newest = reader.position().revision();
    if (at.isAfter(newest)) {
      throw new RejectedException(Rejection.futureRevision(at, newest));
    }
    if (at.isBefore(namespace.horizon())) {
      throw new RejectedException(Rejection.compacted(
          "revision " + at + " of namespace \"" + namespace.name() + "\"", namespace.horizon()));
    }
  }

  /** The version that was newest at a readable revision; null if the key did not exist yet. */
  public @Nullable ConfigVersion at(ConfigVersion head, Revision at) {
    if (!head.revision().isAfter(at)) {
      return head;
    }
    Key key = head.key();
    // mostly not long ago: from the newest back, in steps that double
    long newest = head.version().value() - 1;
    long step = 1;
    for (long version = newest; version >= 1; version -= step, step *= 2) {
      ChangePlace place = reader.place(namespace.id(), key, new Version(version));
      if (place == null) {
        break;
      }
      if (!place.revision().isAfter(at)) {
        return newestIn(key, version, newest, at);
      }
      newest = version - 1;
    }
    Version oldest = reader.oldestVersion(namespace.id(), key);
    if (oldest == null || revisionOf(key, oldest).isAfter(at)) {
      requireNothingBefore(key, oldest == null ? head.version() : oldest);
      return null;
    }
    return newestIn(key, oldest.value(), newest, at);
  }

  /**
   * @param from a version that was made by then
   */
  private @Nullable ConfigVersion newestIn(Key key, long from, long to, Revision at) {
    long low = from;
    long high = to;
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      if (revisionOf(key, new Version(middle)).isAfter(at)) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return reader.version(namespace.id(), key, new Version(low));
  }

  /** The sweep leaves what a readable revision needs; what lacks went by the count limit. */
  private void requireNothingBefore(Key key, Version oldest) {
    if (oldest.value() > 1) {
      throw new RejectedException(Rejection.compacted(
          "key \"" + key + "\" before version " + oldest, revisionOf(key, oldest)));
    }
  }

  private Revision revisionOf(Key key, Version version) {
    ChangePlace place = reader.place(namespace.id(), key, version);
    // a hole can only lie below the horizon, so before every readable revision
    return place == null ? Revision.ZERO : place.revision();
  }
}
