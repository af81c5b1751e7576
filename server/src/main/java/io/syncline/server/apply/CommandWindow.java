package io.syncline.server.apply;

import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Outcome;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.RememberedOutcome;
import io.syncline.model.RememberedOutcome.Touch;
import io.syncline.server.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the last {@link #SIZE} identified commands, so that a retried one gives its first
 * outcome again.
 *
 * <p>A ring in the store, under slot = count mod size; in memory only which id is in which slot. Its
 * size is part of the replicated state machine: all voters must forget alike, so it is no setting.
 */
final class CommandWindow {
  /** At 10,000 commands a second the window is 26 s long; a client's retries last 10 s by default. */
  static final int SIZE = 1 << 18;

  private final Map<CommandId, Integer> slots;
  private final CommandId[] ring;

  private CommandWindow(Map<CommandId, Integer> slots, CommandId[] ring) {
    this.slots = slots;
    this.ring = ring;
  }

  static CommandWindow load(Store store) {
    var window = new CommandWindow(new HashMap<>(), new CommandId[SIZE]);
    store.read(reader -> {
      reader.outcomes((slot, outcome) -> window.occupy(slot, outcome.id()));
      return true;
    });
    return window;
  }

  /** The outcome the command had before; null if it is new. */
  @Nullable
  Outcome outcomeOf(CommandId id, PendingState pending) {
    Integer slot = slots.get(id);
    if (slot == null) {
      return null;
    }
    return replay(pending.outcome(slot), pending);
  }

  void remember(CommandId id, Outcome outcome, PendingState pending) {
    int slot = (int) (pending.nextRememberedCommand() % SIZE);
    pending.putOutcome(slot, summary(id, outcome, pending));
    occupy(slot, id);
  }

  private void occupy(int slot, CommandId id) {
    CommandId forgotten = ring[slot];
    if (forgotten != null) {
      slots.remove(forgotten);
    }
    ring[slot] = id;
    slots.put(id, slot);
  }

  private static RememberedOutcome summary(CommandId id, Outcome outcome, PendingState pending) {
    if (outcome instanceof Outcome.Committed committed) {
      return new RememberedOutcome(
          id,
          committed.revision(),
          committed.changed(),
          committed.comparesHeld(),
          touches(committed.versions(), pending),
          committed.conflictId(),
          null);
    }
    Rejection rejection = ((Outcome.Rejected) outcome).rejection();
    ConfigVersion current = rejection.current();
    return new RememberedOutcome(
        id,
        pending.revision(),
        false,
        false,
        current == null ? List.of() : touches(List.of(current), pending),
        0,
        rejection);
  }

  private static List<Touch> touches(List<ConfigVersion> versions, PendingState pending) {
    return versions.stream()
        .map(v -> new Touch(pending.namespaceIdOf(v.namespace()), v.key(), v.version()))
        .toList();
  }

  private static Outcome replay(RememberedOutcome first, PendingState pending) {
    var versions = new ArrayList<ConfigVersion>();
    for (Touch touch : first.touches()) {
      ConfigVersion version = pending.reported(touch);
      if (version != null) {
        versions.add(version.withoutContent());
      }
    }
    Rejection rejection = first.rejection();
    if (rejection == null) {
      return new Outcome.Committed(
          first.revision(), first.changed(), versions, first.comparesHeld(), first.conflictId());
    }
    boolean hasCurrent = rejection.reason() == Reason.PRECONDITION_FAILED && !versions.isEmpty();
    return new Outcome.Rejected(new Rejection(
        rejection.reason(),
        rejection.message(),
        hasCurrent ? versions.get(0) : null,
        rejection.nearest(),
        rejection.given(),
        rejection.limit(),
        null));
  }
}
