package io.syncline.server.feed;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What watchers of one group are sent: all changes in their range up to a revision. Shared by them.
 */
public final class WatchBatch {
  private final Revision to;
  private final List<Event> events;
  private final Map<Object, Object> renderings = new HashMap<>();

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

  /**
   * The batch in the form a door sends, made once for all watchers that are sent that form.
   *
   * @param form names it; always with the same type
   */
  @SuppressWarnings("unchecked") // by the contract of the form
  public synchronized <T> T rendered(Object form, Function<WatchBatch, T> rendering) {
    Object known = renderings.get(form);
    if (known == null) {
      known = rendering.apply(this);
      renderings.put(form, known);
    }
    return (T) known;
  }
}
