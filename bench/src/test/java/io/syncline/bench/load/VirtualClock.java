package io.syncline.bench.load;

import java.time.Duration;
import java.util.PriorityQueue;

/** Time that passes only while somebody parks, and then in no time; for one thread. */
public final class VirtualClock implements Clock {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNanos = 1_000_000_000_000L;
  private long scheduled;

  private record Event(long atNanos, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** Runs the action when this much time has passed. */
  public void after(Duration delay, Runnable action) {
    events.add(new Event(nowNanos + delay.toNanos(), scheduled++, action));
  }

  @Override
  public long nanos() {
    return nowNanos;
  }

  @Override
  public void parkUntil(long nanos) {
    Event next;
    while ((next = events.peek()) != null && next.atNanos() <= nanos) {
      events.remove();
      nowNanos = Math.max(nowNanos, next.atNanos());
      next.action().run();
    }
    nowNanos = Math.max(nowNanos, nanos);
  }
}
