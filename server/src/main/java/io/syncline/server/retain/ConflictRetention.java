package io.syncline.server.retain;

import io.syncline.model.Command;
import io.syncline.model.Conflict;
import io.syncline.model.NamespaceRecord;
import io.syncline.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Which closed conflicts may be forgotten: those that were closed longer ago than their namespace
 * keeps its history, and the oldest ones when there are very many.
 */
public final class ConflictRetention {
  private static final int MAX_DROPPED = 1000;
  private static final int MAX_LOOKED_AT = 20_000;

  /** Well below what apply refuses to go beyond. */
  private static final long MANY = 50_000;

  private final Store store;

  public ConflictRetention(Store store) {
    this.store = store;
  }

  /** Empty: nothing may go. Not all at once; the next call finds more. */
  public Optional<Command> due(Instant now) {
    var ids = new ArrayList<Long>();
    long kept = store.position().conflictsRecorded() - store.position().conflictsDropped();
    var lookedAt = new int[] {0};
    store.readSnapshot(reader -> {
      reader.conflictsUpFrom(1, conflict -> {
        boolean crowded = kept - ids.size() > MANY;
        if (!conflict.isOpen() && (crowded || isOutdated(conflict, now))) {
          ids.add(conflict.id());
        }
        return ids.size() < MAX_DROPPED && lookedAt[0]++ < MAX_LOOKED_AT;
      });
      return true;
    });
    return ids.isEmpty() ? Optional.empty() : Optional.of(new Command.DropConflicts(ids));
  }

  private boolean isOutdated(Conflict conflict, Instant now) {
    Conflict.Closing closing = conflict.closing();
    Duration kept = store
        .namespace(conflict.namespace())
        .map(NamespaceRecord::settings)
        .map(settings -> settings.retainAge())
        .orElse(Duration.ZERO);
    return closing != null && !kept.isZero() && closing.at().plus(kept).isBefore(now);
  }
}
