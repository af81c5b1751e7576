package io.syncline.server.conflict;

import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.server.store.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many conflicts are kept, by type and state. There may be a hundred thousand: they are counted
 * anew only if one was recorded, closed or dropped since, and not more often than every few seconds.
 * Any thread.
 */
public final class ConflictCounts {
  private static final long LEAST_AGE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Store store;
  private final LongSupplier nanoTime;
  /** Rises with each conflict that was recorded or closed, and when nobody knows. */
  private final AtomicLong told = new AtomicLong();

  private Map<Kept, Long> counts = Map.of();
  private long countedNanos;
  private State countedState = new State(-1, -1, -1);

  /** What is counted together. */
  public record Kept(ConflictType type, Conflict.State state) {}

  private record State(long told, long recorded, long dropped) {}

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public ConflictCounts(Store store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
    this.countedNanos = nanoTime.getAsLong() - LEAST_AGE_NANOS;
  }

  /** Some were recorded or closed, or the store was replaced. */
  public void noteChange() {
    told.incrementAndGet();
  }

  /** Those of which there is none are left out. */
  public synchronized Map<Kept, Long> now() {
    var position = store.position();
    var state = new State(told.get(), position.conflictsRecorded(), position.conflictsDropped());
    long nanos = nanoTime.getAsLong();
    if (!state.equals(countedState) && nanos - countedNanos >= LEAST_AGE_NANOS) {
      counts = count();
      countedState = state;
      countedNanos = nanos;
    }
    return counts;
  }

  private Map<Kept, Long> count() {
    var fresh = new HashMap<Kept, Long>();
    store.readSnapshot(reader -> {
      reader.conflictsDownFrom(Long.MAX_VALUE, conflict -> {
        fresh.merge(new Kept(conflict.type(), conflict.state()), 1L, Long::sum);
        return true;
      });
      return true;
    });
    return Map.copyOf(fresh);
  }
}
