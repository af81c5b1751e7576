package io.syncline.bench.load;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * One load put on one workload.
 *
 * <p>The thread that calls {@link #measure} keeps time; operations go on from slot to slot on the
 * threads that complete them. An operation counts if it ended after the warm-up, and the run waits for
 * all that it started: a slow answer is never left out, whichever end of the run it crosses.
 */
public final class Run {
  /** How long answers are waited for when the load has ended. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** How soon the end of a run that ends by count is noticed; no latency depends on it. */
  private static final long POLL_NANOS = MILLISECONDS.toNanos(10);

  private static final long TICK_NANOS = SECONDS.toNanos(1);

  private final Clock clock;
  private final Load load;
  private final Schedule schedule;
  private final List<Slot> slots;
  private final Latencies latencies = new Latencies();
  private final Errors errors = new Errors();
  private final AtomicInteger running = new AtomicInteger();
  private final long warmupNanos;
  private long beginNanos;
  private long nextTickNanos = TICK_NANOS;

  private Run(Clock clock, Load load, Workload workload) {
    this.clock = clock;
    this.load = load;
    warmupNanos = load.warmupNanos();
    schedule = load.isOpen() ? new OpenLoop(load) : new ClosedLoop(load, this::elapsedNanos);
    var random = new SplittableRandom(load.seed());
    slots = Stream.generate(() -> new Slot(this, workload.slot(random.split())))
        .limit(load.inFlight())
        .toList();
  }

  /**
   * Puts the load on and returns what was measured, when all is answered or {@link #LONGEST_WAIT} has
   * passed. An interrupt ends it early; the thread stays interrupted.
   */
  public static Measurement measure(Clock clock, Load load, Workload workload, Progress progress) {
    return new Run(clock, load, workload).measure(progress);
  }

  private Measurement measure(Progress progress) {
    beginNanos = clock.nanos();
    slots.forEach(Slot::resume);
    putOn(progress);
    long unanswered = drain(progress);
    long endNanos = unanswered > 0
        ? elapsedNanos()
        : slots.stream().mapToLong(Slot::lastCountedEndNanos).max().orElse(0);
    return new Measurement(
        Duration.ofNanos(Math.max(0, endNanos - warmupNanos)), latencies.total(), errors.byKind());
  }

  private void putOn(Progress progress) {
    long elapsed = elapsedNanos();
    while (elapsed < load.endNanos() && !schedule.exhausted() && !interrupted()) {
      long next = schedule.advance(elapsed);
      tick(elapsed, progress);
      clock.parkUntil(beginNanos + Math.min(next, elapsed + POLL_NANOS));
      elapsed = elapsedNanos();
    }
    // Starts that became due while this thread slept past the end.
    schedule.advance(elapsed);
  }

  /** Returns how many operations were never answered or never started. */
  private long drain(Progress progress) {
    long deadline = elapsedNanos() + LONGEST_WAIT.toNanos();
    while (!isDone() && elapsedNanos() < deadline && !interrupted()) {
      tick(elapsedNanos(), progress);
      clock.parkUntil(clock.nanos() + POLL_NANOS);
    }
    long unstarted = schedule.close();
    long unanswered = running.get();
    if (unstarted > 0) {
      errors.count("not started: all slots were busy until the end", unstarted);
    }
    if (unanswered > 0) {
      errors.count("no answer within " + LONGEST_WAIT.toSeconds() + " s of the end", unanswered);
    }
    return unstarted + unanswered;
  }

  private boolean isDone() {
    return schedule.exhausted() && running.get() == 0;
  }

  private void tick(long elapsed, Progress progress) {
    if (elapsed >= nextTickNanos) {
      Histogram interval = latencies.interval();
      progress.tick(Duration.ofNanos(elapsed), elapsed < warmupNanos, interval, errors.total());
      nextTickNanos = elapsed + TICK_NANOS;
    }
  }

  private static boolean interrupted() {
    return Thread.currentThread().isInterrupted();
  }

  long elapsedNanos() {
    return clock.nanos() - beginNanos;
  }

  boolean counts(long endNanos) {
    return endNanos >= warmupNanos;
  }

  Schedule schedule() {
    return schedule;
  }

  Latencies latencies() {
    return latencies;
  }

  Errors errors() {
    return errors;
  }

  void slotStarted() {
    running.incrementAndGet();
  }

  void slotStopped() {
    running.decrementAndGet();
  }
}
