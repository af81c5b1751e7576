package io.syncline.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.load.VirtualClock;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PropagationTest {
  private static final long SEED = 5;

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryTarget target = new InMemoryTarget(clock, Duration.ofMillis(4));
  private final Dataset data = new Dataset("watch/", 10, 16, SEED);
  private final Load load = Load.open(8, 100, Duration.ofMillis(200), Duration.ofSeconds(1), SEED);

  @Test
  void everyWatcherSeesEveryWriteAndTheWarmupDoesNotCount() {
    var propagation = new Propagation(target, data, clock, 121, load.warmup());
    target.watch(KeyRange.ALL, propagation.newWatcher()).join();
    target.watch(KeyRange.ALL, propagation.newWatcher()).join();

    run(propagation);

    assertThat(propagation.missing()).isZero();
    assertThat(propagation.doubled()).isZero();
    assertThat(propagation.broken()).isNull();
    assertThat(propagation.fromStart().getTotalCount()).isEqualTo(200);
    // Seen when the write takes effect, 2 ms before the writer knows of it.
    assertThat(propagation.fromStart().getValueAtPercentile(50)).isBetween(1_998_000L, 2_002_000L);
    assertThat(propagation.fromCommit().getMaxValue()).isLessThan(1_000);
  }

  @Test
  void missingAndDoubledEventsAreNoticed() {
    var propagation = new Propagation(target, data, clock, 121, load.warmup());
    Target.WriteListener watcher = propagation.newWatcher();
    target.watch(KeyRange.ALL, new EverySecondTwice(watcher)).join();

    run(propagation);

    assertThat(propagation.missing()).isEqualTo(60);
    assertThat(propagation.doubled()).isEqualTo(60);
  }

  @Test
  void eventsOutOfTheOrderOfRevisionsAreNoticed() {
    var propagation = new Propagation(target, data, clock, 121, load.warmup());
    target.watch(KeyRange.ALL, new Swapping(propagation.newWatcher())).join();

    run(propagation);

    assertThat(propagation.missing()).isZero();
    assertThat(propagation.unordered()).isEqualTo(60);
  }

  @Test
  void waitingEndsWhenAllHasArrivedAndGivesUpWhenItDoesNot() {
    var propagation = new Propagation(target, data, clock, 121, load.warmup());
    target.watch(KeyRange.ALL, propagation.newWatcher()).join();
    run(propagation);
    long before = clock.nanos();

    propagation.await(Duration.ofSeconds(5));
    assertThat(clock.nanos()).isEqualTo(before);

    propagation.newWatcher();
    propagation.await(Duration.ofSeconds(5));
    assertThat(Duration.ofNanos(clock.nanos() - before))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    assertThat(propagation.missing()).isEqualTo(120);
  }

  @Test
  void aWatchThatEndsByItselfIsNoticed() {
    var propagation = new Propagation(target, data, clock, 121, load.warmup());
    var cause = new IllegalStateException("compacted");

    propagation.newWatcher().ended(cause);

    assertThat(propagation.broken()).isSameAs(cause);
  }

  private void run(Propagation propagation) {
    propagation.begin();
    Run.measure(clock, load, propagation, Progress.NONE);
  }

  private static final class EverySecondTwice implements Target.WriteListener {
    private final Target.WriteListener listener;
    private boolean skip;

    EverySecondTwice(Target.WriteListener listener) {
      this.listener = listener;
    }

    @Override
    public void written(Key key, ByteString content, Revision revision) {
      skip = !skip;
      if (!skip) {
        listener.written(key, content, revision);
        listener.written(key, content, revision);
      }
    }

    @Override
    public void ended(Throwable cause) {
      listener.ended(cause);
    }
  }

  /** Hands on every two writes the wrong way round. */
  private static final class Swapping implements Target.WriteListener {
    private final Target.WriteListener listener;
    private @Nullable Runnable first;

    Swapping(Target.WriteListener listener) {
      this.listener = listener;
    }

    @Override
    public void written(Key key, ByteString content, Revision revision) {
      Runnable held = first;
      if (held == null) {
        first = () -> listener.written(key, content, revision);
      } else {
        first = null;
        listener.written(key, content, revision);
        held.run();
      }
    }

    @Override
    public void ended(Throwable cause) {
      listener.ended(cause);
    }
  }
}
