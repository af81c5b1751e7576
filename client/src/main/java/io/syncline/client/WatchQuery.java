package io.syncline.client;

import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.time.Duration;

/**
 * What to be told of.
 *
 * @param startRevision the first revision to report, past or to come; {@link Revision#ZERO}: what
 *     comes after the watch began
 * @param withContent whether events carry contents
 * @param withPrevious whether events carry the version they replaced
 * @param bookmarkInterval how long a voter may be silent before it sends a bookmark, 100 ms or more;
 *     one that is silent three times as long is given up for another
 */
public record WatchQuery(
    NamespaceName namespace,
    KeyRange range,
    Revision startRevision,
    boolean withContent,
    boolean withPrevious,
    Duration bookmarkInterval) {
  public static final Duration MIN_BOOKMARK_INTERVAL = Duration.ofMillis(100);
  public static final Duration MAX_BOOKMARK_INTERVAL = Duration.ofDays(1);
  public static final Duration DEFAULT_BOOKMARK_INTERVAL = Duration.ofSeconds(10);

  /**
   * @throws IllegalArgumentException if the bookmark interval is out of bounds
   */
  public WatchQuery {
    if (bookmarkInterval.compareTo(MIN_BOOKMARK_INTERVAL) < 0
        || bookmarkInterval.compareTo(MAX_BOOKMARK_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "bookmark interval: " + bookmarkInterval + " (expected: 100 ms to 1 day)");
    }
  }

  /** All keys of the namespace from now on, with contents. */
  public static WatchQuery of(NamespaceName namespace) {
    return new WatchQuery(
        namespace, KeyRange.ALL, Revision.ZERO, true, false, DEFAULT_BOOKMARK_INTERVAL);
  }

  public WatchQuery withRange(KeyRange range) {
    return new WatchQuery(
        namespace, range, startRevision, withContent, withPrevious, bookmarkInterval);
  }

  public WatchQuery withStartRevision(Revision startRevision) {
    return new WatchQuery(
        namespace, range, startRevision, withContent, withPrevious, bookmarkInterval);
  }

  public WatchQuery withContent(boolean withContent) {
    return new WatchQuery(
        namespace, range, startRevision, withContent, withPrevious, bookmarkInterval);
  }

  public WatchQuery withPrevious(boolean withPrevious) {
    return new WatchQuery(
        namespace, range, startRevision, withContent, withPrevious, bookmarkInterval);
  }

  public WatchQuery withBookmarkInterval(Duration bookmarkInterval) {
    return new WatchQuery(
        namespace, range, startRevision, withContent, withPrevious, bookmarkInterval);
  }
}
