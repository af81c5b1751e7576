package io.syncline.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.load.VirtualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class CountersTest {
  private static final long SEED = 3;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryTarget target = new InMemoryTarget(clock, Duration.ofMillis(2));

  @Test
  void contendedIncrementsAllCountOnce() {
    var counters = new Counters(target, "counter/", 2);

    Measurement measured = run(Load.count(16, 500, SEED), counters);

    assertThat(measured.operations()).isEqualTo(500);
    assertThat(counters.increments()).isEqualTo(500);
    assertThat(counters.conflicts()).isPositive();
    assertThat(sum(counters)).isEqualTo(500);
  }

  @Test
  void lostAnswersAreFailuresThatMayHaveCounted() {
    var counters = new Counters(target, "counter/", 1);
    target.dropAnswers(3);

    Measurement measured = run(Load.count(1, 10, SEED), counters);

    assertThat(measured.errorCount()).isEqualTo(3);
    assertThat(counters.failures()).isEqualTo(3);
    assertThat(counters.increments()).isEqualTo(7);
    assertThat(sum(counters)).isEqualTo(10);
  }

  private Measurement run(Load load, Counters counters) {
    return Run.measure(clock, load, counters, Progress.NONE);
  }

  private long sum(Counters counters) {
    CompletableFuture<Long> sum = counters.sum();
    clock.parkUntil(clock.nanos() + Duration.ofSeconds(1).toNanos());
    return sum.join();
  }
}
