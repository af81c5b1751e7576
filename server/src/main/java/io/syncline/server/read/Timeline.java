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
    Version oldest = reader.oldestVersion(namespace.id(), key);
    if (oldest == null || revisionOf(key, oldest).isAfter(at)) {
      requireNothingBefore(key, oldest == null ? head.version() : oldest);
      return null;
    }
    long low = oldest.value();
    long high = head.version().value() - 1;
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
