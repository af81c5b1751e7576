package io.syncline.server.feed;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What watchers of one group are sent: all changes in their range up to a revision. Shared by them.
 */
public final class WatchBatch {
  private final Revision to;
  private final List<Event> events;
  private @Nullable Object rendered;

  WatchBatch(Revision to, List<Event> events) {
    this.to = to;
    this.events = List.copyOf(events);
  }

  /**
   * @param previous the version before, if it was asked for and is kept
   */
  public record Event(ConfigVersion version, @Nullable ConfigVersion previous) {}

  /** Everything up to it has been delivered with this batch. */
  public Revision to() {
    return to;
  }

  /** Empty for a bookmark. */
  public List<Event> events() {
    return events;
  }

  /** The batch in the form a door sends, made once for all watchers of that door. */
  @SuppressWarnings("unchecked") // there is one door, which always asks for the same form
  public synchronized <T> T rendered(Function<WatchBatch, T> rendering) {
    Object known = rendered;
    if (known == null) {
      known = rendering.apply(this);
      rendered = known;
    }
    return (T) known;
  }
}
