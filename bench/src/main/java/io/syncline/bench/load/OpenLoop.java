package io.syncline.bench.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts become due at a steady rate, whatever the answers do. When all slots are busy, due starts
 * wait, and their operations' latency counts from when they were due: a system that stalls cannot hide
 * it by being asked less (see Gil Tene on "coordinated omission").
 */
final class OpenLoop implements Schedule {
  private final double intervalNanos;
  private final long starts;
  private final ArrayDeque<Slot> idle = new ArrayDeque<>();
  private long due;
  private long given;
  private boolean closed;

  OpenLoop(Load load) {
    intervalNanos = 1e9 / load.ratePerSecond();
    starts = Math.min(load.maxOperations(), (long) Math.ceil(load.endNanos() / intervalNanos));
  }

  @Override
  public synchronized long claim(Slot slot) {
    if (!closed && given < due) {
      return startOf(given++);
    }
    idle.push(slot);
    return NOTHING;
  }

  @Override
  public long advance(long elapsedNanos) {
    for (Slot slot : release(elapsedNanos)) {
      slot.resume();
    }
    synchronized (this) {
      return startOf(due);
    }
  }

  /** Slots that have something to do now; they are resumed outside of the lock. */
  private synchronized List<Slot> release(long elapsedNanos) {
    due = Math.min(starts, (long) (elapsedNanos / intervalNanos) + 1);
    var woken = new ArrayList<Slot>();
    for (long waiting = due - given; waiting > 0 && !idle.isEmpty(); waiting--) {
      woken.add(idle.pop());
    }
    return woken;
  }

  private long startOf(long number) {
    return (long) (number * intervalNanos);
  }

  @Override
  public synchronized boolean exhausted() {
    return closed || given >= starts;
  }

  @Override
  public synchronized long close() {
    closed = true;
    return due - given;
  }
}
