package io.syncline.client;

import io.syncline.model.Revision;
import java.util.List;

/**
 * What a {@link Watch} calls, one call at a time and in the order of revisions.
 *
 * <p>Calls come on a thread of the client's own that may block; while it does, the watch receives
 * nothing further. What a listener throws ends the watch exceptionally.
 */
@FunctionalInterface
public interface WatchListener {

  /**
   * All changes that one revision made in the watched range, each exactly once.
   *
   * @param revision of all the events
   */
  void onChanges(Revision revision, List<WatchEvent> events);

  /** Everything up to and including this revision has been delivered; nothing happened lately. */
  default void onBookmark(Revision revision) {}

  /**
   * A voter serves the watch: called when it first stands, and again each time it was resumed.
   *
   * @param revision as the voter states it, before anything that it delivers; it may be behind what was
   *     delivered already
   */
  default void onEstablished(Revision revision) {}
}
