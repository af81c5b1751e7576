package io.syncline.bench.store;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Completion;
import io.syncline.bench.load.Latencies;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Operation;
import io.syncline.bench.load.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * One load that goes on while something else changes: latencies before and after a moment are kept
 * apart. An operation belongs to the phase in which it ended; its failures are counted likewise.
 */
public final class Phases implements Workload {
  private final Workload load;
  private final Clock clock;
  private volatile Phase current;

  public Phases(Workload load, Clock clock) {
    this.load = load;
    this.clock = clock;
    current = new Phase(clock.nanos());
  }

  private static final class Phase {
    private final long beginNanos;
    private final Latencies latencies = new Latencies();
    private final LongAdder failed = new LongAdder();

    Phase(long beginNanos) {
      this.beginNanos = beginNanos;
    }
  }

  /** Begins the next phase, and returns what was measured in the one that ends. One thread. */
  public Measurement next() {
    Phase ended = current;
    long now = clock.nanos();
    current = new Phase(now);
    long failed = ended.failed.sum();
    return new Measurement(
        Duration.ofNanos(now - ended.beginNanos),
        ended.latencies.total(),
        failed == 0 ? Map.of() : Map.of("failed", failed));
  }

  @Override
  public Operation slot(SplittableRandom random) {
    Operation operation = load.slot(random);
    return completion -> {
      long begunNanos = clock.nanos();
      operation.start(new Completion<>() {
        @Override
        public void succeeded(Object result) {
          current.latencies.record(clock.nanos() - begunNanos);
          completion.succeeded(result);
        }

        @Override
        public void failed(Throwable cause) {
          current.failed.increment();
          completion.failed(cause);
        }
      });
    };
  }
}
