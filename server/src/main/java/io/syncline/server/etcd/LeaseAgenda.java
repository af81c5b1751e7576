package io.syncline.server.etcd;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Leases by when something is to be done with them. A lease whose time moved on stays where it was until
 * that comes: moving on, the most frequent case, costs nothing. Times never move back.
 */
final class LeaseAgenda {
  private final ToLongFunction<HeldLease> timeMs;
  private final PriorityQueue<Item> items =
      new PriorityQueue<>(Comparator.comparingLong(Item::atMs).thenComparing(Item::id));

  private record Item(long atMs, HeldLease lease) {
    long id() {
      return lease.id();
    }
  }

  /**
   * @param timeMs when it is a lease's turn
   */
  LeaseAgenda(ToLongFunction<HeldLease> timeMs) {
    this.timeMs = timeMs;
  }

  /** A lease is there at most once. */
  void add(HeldLease lease) {
    addAt(lease, timeMs.applyAsLong(lease));
  }

  /** To be looked at then, or when it is its turn if that is later. */
  void addAt(HeldLease lease, long ms) {
    items.add(new Item(ms, lease));
  }

  /** Takes out a lease whose turn has come; null: there is none. */
  @Nullable
  HeldLease poll(long nowMs) {
    for (Item first = items.peek(); first != null && first.atMs <= nowMs; first = items.peek()) {
      items.poll();
      HeldLease lease = first.lease;
      if (lease.gone()) {
        continue;
      }
      if (timeMs.applyAsLong(lease) <= nowMs) {
        return lease;
      }
      add(lease);
    }
    return null;
  }

  void clear() {
    items.clear();
  }
}
