package io.syncline.server.feed;

import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.time.Duration;

/**
 * What a watcher wants to be told.
 *
 * @param start the first revision to report; {@link Revision#ZERO}: what comes after it began
 * @param bookmarkInterval how long it may hear nothing
 */
public record WatchQuery(
    NamespaceName namespace,
    KeyRange range,
    Revision start,
    boolean withContent,
    boolean withPrevious,
    Duration bookmarkInterval) {

  /** Watchers of one group get the very same batches. */
  Group group() {
    return new Group(namespace, range, withContent, withPrevious);
  }

  record Group(
      NamespaceName namespace, KeyRange range, boolean withContent, boolean withPrevious) {}
}
