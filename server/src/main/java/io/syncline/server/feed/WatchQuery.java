package io.syncline.server.feed;

import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.time.Duration;

/**
 * What a watcher wants to be told.
 *
 * @param start the first revision to report; {@link Revision#ZERO}: what comes after it began
 * @param bookmarkInterval how long it may hear nothing
 * @param maybeAbsent whether the namespace may come to be only while it is watched
 */
public record WatchQuery(
    NamespaceName namespace,
    KeyRange range,
    Revision start,
    Shown shown,
    Duration bookmarkInterval,
    boolean maybeAbsent) {

  public WatchQuery(
      NamespaceName namespace,
      KeyRange range,
      Revision start,
      boolean withContent,
      boolean withPrevious,
      Duration bookmarkInterval) {
    this(
        namespace,
        range,
        start,
        new Shown(withContent, withPrevious ? Previous.WITHOUT_CONTENT : Previous.NONE, true, true),
        bookmarkInterval,
        false);
  }

  /**
   * What is shown of the changes.
   *
   * @param puts whether there are events of versions with content
   * @param deletes whether there are events of tombstones
   */
  public record Shown(boolean content, Previous previous, boolean puts, boolean deletes) {}

  /** What is shown of the version before. */
  public enum Previous {
    NONE,
    WITHOUT_CONTENT,
    WHOLE
  }

  /** Watchers of one group get the very same batches. */
  Group group() {
    return new Group(namespace, range, shown);
  }

  record Group(NamespaceName namespace, KeyRange range, Shown shown) {
    /** Whether there is an event of the change. */
    boolean concerns(ConfigVersion change) {
      return (change.tombstone() ? shown.deletes : shown.puts)
          && change.namespace().equals(namespace)
          && range.contains(change.key());
    }
  }
}
