package io.syncline.verify.simulation;

import io.syncline.client.sync.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/**
 * One clock and one queue of what is to happen, for all nodes: the next thing happens when the one
 * before is done, and time jumps to it. The same seed gives the same order of everything.
 */
final class VirtualTime implements InstantSource {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowMs;
  private long count;

  private record Event(long atMs, long number, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  long nowMs() {
    return nowMs;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }

  void after(long delayMs, Runnable task) {
    events.add(new Event(nowMs + delayMs, count++, task));
  }

  /** Lets everything happen that is due up to a moment. */
  void runUntil(long atMs) {
    while (!events.isEmpty() && events.peek().atMs <= atMs) {
      Event next = events.poll();
      nowMs = Math.max(nowMs, next.atMs);
      next.task.run();
    }
    nowMs = atMs;
  }

  /** How much has happened: two runs of one seed have the same number. */
  long count() {
    return count;
  }

  /** The loop of one life of a node: after its death nothing of it happens any more. */
  final class Life implements Loop {
    private boolean over;

    @Override
    public long nowMs() {
      return nowMs;
    }

    @Override
    public void execute(Runnable task) {
      VirtualTime.this.after(0, () -> run(task));
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      var cancelled = new boolean[1];
      VirtualTime.this.after(delay.toMillis(), () -> {
        if (!cancelled[0]) {
          run(task);
        }
      });
      return () -> cancelled[0] = true;
    }

    private void run(Runnable task) {
      if (!over) {
        task.run();
      }
    }

    void end() {
      over = true;
    }

    boolean over() {
      return over;
    }
  }
}
