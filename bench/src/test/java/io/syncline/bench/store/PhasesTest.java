package io.syncline.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.load.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class PhasesTest {
  private final VirtualClock clock = new VirtualClock();
  private Duration slowness = Duration.ofMillis(10);

  /** The operation that crosses the line belongs to what comes after it. */
  @Test
  void latenciesBeforeAndAfterAMomentAreKeptApart() {
    var phases = new Phases(
        random -> completion -> clock.after(slowness, () -> completion.succeeded("")), clock);
    var before = new ArrayList<Measurement>();
    clock.after(Duration.ofMillis(105), () -> {
      before.add(phases.next());
      slowness = Duration.ofMillis(20);
    });

    Load load = Load.closed(1, Duration.ZERO, Duration.ofMillis(200), 1);
    Run.measure(clock, load, phases, Progress.NONE);
    Measurement after = phases.next();

    assertThat(before.get(0).operations()).isEqualTo(10);
    assertThat(before.get(0).percentile(100).toMillis()).isEqualTo(10);
    assertThat(before.get(0).elapsed()).isEqualTo(Duration.ofMillis(105));
    assertThat(after.operations()).isEqualTo(6);
    assertThat(after.percentile(100).toMillis()).isEqualTo(20);
  }

  @Test
  void failuresAreCountedInTheirPhase() {
    var phases = new Phases(
        random -> completion -> clock.after(
            Duration.ofMillis(10), () -> completion.failed(new IllegalStateException())),
        clock);

    Run.measure(
        clock, Load.closed(1, Duration.ZERO, Duration.ofMillis(50), 1), phases, Progress.NONE);

    assertThat(phases.next().errors()).containsEntry("failed", 5L);
    assertThat(phases.next().errors()).isEmpty();
  }
}
