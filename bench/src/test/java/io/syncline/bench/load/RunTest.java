package io.syncline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RunTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long SEED = 7;

  private final VirtualClock clock = new VirtualClock();
  private final long beginNanos = clock.nanos();
  private int underWay;
  private int mostUnderWay;

  @Test
  void closedLoopKeepsAsManyInFlightAsAskedAndCountsThemAll() {
    Measurement measured = run(Load.closed(4, NONE, SECOND, SEED), answersAfter(10));

    assertThat(mostUnderWay).isEqualTo(4);
    assertThat(measured.operations()).isEqualTo(400);
    assertThat(measured.errors()).isEmpty();
    assertThat(measured.elapsed()).isEqualTo(SECOND);
    assertThat(measured.operationsPerSecond()).isEqualTo(400);
    assertMillis(measured.percentile(0), 10);
    assertMillis(measured.percentile(100), 10);
  }

  @Test
  void operationsThatEndInTheWarmupDoNotCount() {
    Duration warmup = Duration.ofMillis(505);

    Measurement measured = run(Load.closed(1, warmup, SECOND, SEED), answersAfter(10));

    // Ended at 510, 520, … 1510 ms.
    assertThat(measured.operations()).isEqualTo(101);
    assertThat(measured.elapsed()).isEqualTo(Duration.ofMillis(1510 - 505));
  }

  @Test
  void aStallThatBeginsInTheWarmupCounts() {
    Workload slowAtTheBeginning =
        random -> completion -> answer(completion, elapsedMillis() < 100 ? 900 : 10);

    Measurement measured =
        run(Load.closed(1, Duration.ofMillis(500), SECOND, SEED), slowAtTheBeginning);

    assertMillis(measured.percentile(100), 900);
    assertThat(measured.operations()).isEqualTo(61);
  }

  @Test
  void slowLastAnswerIsWaitedForAndCounted() {
    Workload slowAtTheEnd =
        random -> completion -> answer(completion, elapsedMillis() < 990 ? 10 : 2000);

    Measurement measured = run(Load.closed(1, NONE, SECOND, SEED), slowAtTheEnd);

    assertThat(measured.operations()).isEqualTo(100);
    assertMillis(measured.percentile(100), 2000);
    assertThat(measured.elapsed()).isEqualTo(Duration.ofMillis(2990));
  }

  @Test
  void operationsThatAreNeverAnsweredCountAsErrors() {
    var number = new AtomicInteger();
    Workload silentFromTheThirdOn = random -> completion -> {
      if (number.incrementAndGet() < 3) {
        answer(completion, 10);
      }
    };

    Measurement measured = run(Load.closed(2, NONE, SECOND, SEED), silentFromTheThirdOn);

    assertThat(measured.operations()).isEqualTo(2);
    assertThat(measured.errors()).isEqualTo(Map.of("no answer within 30 s of the end", 2L));
  }

  @Test
  void failuresAreCountedByKindAndNotAsLatencies() {
    var number = new AtomicInteger();
    Workload everyFourthFails = random -> completion -> {
      if (number.incrementAndGet() % 4 == 0) {
        clock.after(
            Duration.ofMillis(10), () -> completion.failed(new IllegalStateException("no leader")));
      } else {
        answer(completion, 10);
      }
    };

    Measurement measured = run(Load.closed(1, NONE, SECOND, SEED), everyFourthFails);

    assertThat(measured.operations()).isEqualTo(75);
    assertThat(measured.errors()).isEqualTo(Map.of("IllegalStateException: no leader", 25L));
  }

  @Test
  void anOperationThatCannotEvenStartIsAnError() {
    Workload broken = random -> completion -> {
      throw new IllegalStateException("closed");
    };

    Measurement measured = run(Load.count(1, 3, SEED), broken);

    assertThat(measured.errors()).isEqualTo(Map.of("IllegalStateException: closed", 3L));
  }

  @Test
  void answersThatComeAtOnceDoNotGrowTheStack() {
    Workload atOnce = random -> completion -> completion.succeeded(true);

    Measurement measured = run(Load.count(2, 200_000, SEED), atOnce);

    assertThat(measured.operations()).isEqualTo(200_000);
  }

  @Test
  void aCountEndsTheRun() {
    Measurement measured = run(Load.count(3, 100, SEED), answersAfter(10));

    assertThat(measured.operations()).isEqualTo(100);
    assertThat(measured.elapsed()).isEqualTo(Duration.ofMillis(340));
  }

  @Test
  void openLoopStartsAtItsRateWhateverTheAnswersDo() {
    var startedAt = new ArrayList<Long>();
    Workload slow = random -> completion -> {
      startedAt.add(elapsedMillis());
      answer(completion, 250);
    };

    Measurement measured = run(Load.open(1000, 100, NONE, SECOND, SEED), slow);

    assertThat(startedAt).hasSize(100).startsWith(0L, 10L, 20L).endsWith(980L, 990L);
    assertThat(mostUnderWay).isEqualTo(25);
    assertThat(measured.operations()).isEqualTo(100);
    assertMillis(measured.percentile(100), 250);
  }

  @Test
  void openLoopCountsLatencyFromTheIntendedStart() {
    // One at a time and a stall of half a second: the fifty that were due meanwhile waited, too.
    var number = new AtomicInteger();
    Workload stallsOnce =
        random -> completion -> answer(completion, number.getAndIncrement() == 0 ? 500 : 1);

    Measurement measured = run(Load.open(1, 100, NONE, SECOND, SEED), stallsOnce);

    assertThat(measured.operations()).isEqualTo(100);
    // 500, 491, 482, … as a start is due every 10 ms and the backlog drains in 1 ms each.
    assertMillis(measured.percentile(100), 500);
    assertMillis(Duration.ofNanos(measured.latencies().getValueAtPercentile(99)), 491);
    assertThat(measured.latencies().getCountBetweenValues(5_000_000, 600_000_000))
        .isEqualTo(56);
  }

  @Test
  void openLoopTellsWhatCouldNotBeStarted() {
    Workload silent = random -> completion -> {};

    Measurement measured = run(Load.open(1, 10, NONE, SECOND, SEED), silent);

    assertThat(measured.errors())
        .isEqualTo(Map.of(
            "no answer within 30 s of the end",
            1L,
            "not started: all slots were busy until the end",
            9L));
  }

  @Test
  void intervalsToldOnTheWayAddUpToTheTotal() {
    var told = new ArrayList<Long>();
    var load = Load.closed(2, Duration.ofMillis(1050), Duration.ofSeconds(3), SEED);

    Measurement measured = Run.measure(
        clock,
        load,
        answersAfter(100),
        (elapsed, warmingUp, interval, errors) -> told.add(interval.getTotalCount()));

    // Ended at 1100, 1200, … 4100 ms.
    assertThat(measured.operations()).isEqualTo(62);
    // After 1, 2, 3 and 4 seconds; what ended later is in the total alone.
    assertThat(told).containsExactly(0L, 20L, 20L, 20L);
  }

  @Test
  void sameSeedMakesTheSameChoices() {
    assertThat(choices(SEED)).isEqualTo(choices(SEED)).isNotEqualTo(choices(SEED + 1));
  }

  private List<Integer> choices(long seed) {
    var choices = new ArrayList<Integer>();
    Workload choosing = random -> completion -> {
      choices.add(random.nextInt(1000));
      completion.succeeded(true);
    };
    run(Load.count(2, 50, seed), choosing);
    return choices;
  }

  private Measurement run(Load load, Workload workload) {
    return Run.measure(clock, load, workload, Progress.NONE);
  }

  private Workload answersAfter(long millis) {
    return random -> completion -> answer(completion, millis);
  }

  private void answer(Completion<Object> completion, long millis) {
    underWay++;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    clock.after(Duration.ofMillis(millis), () -> {
      underWay--;
      completion.succeeded(true);
    });
  }

  private long elapsedMillis() {
    return Duration.ofNanos(clock.nanos() - beginNanos).toMillis();
  }

  /** To the three digits a histogram keeps. */
  private static void assertMillis(Duration actual, long expected) {
    assertThat(actual.toNanos() / 1e6).isBetween(expected * 0.999, expected * 1.001);
  }
}
