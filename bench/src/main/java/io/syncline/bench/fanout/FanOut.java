package io.syncline.bench.fanout;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.process.Processors;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Propagation;
import io.syncline.bench.store.Target;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes, and an audience that is to see each of them once and in order. Writer and audience are one
 * program with one clock.
 */
public final class FanOut {
  /** How long missing events are waited for after the last write. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Target writer;
  private final Dataset data;
  private final Audience audience;
  private final Supplier<Map<String, Duration>> cpuTime;
  private final Progress progress;

  /**
   * @param cpuTime processor time used so far, by name of what serves the audience; empty if unknown
   */
  public FanOut(
      Target writer,
      Dataset data,
      Audience audience,
      Supplier<Map<String, Duration>> cpuTime,
      Progress progress) {
    this.writer = writer;
    this.data = data;
    this.audience = audience;
    this.cpuTime = cpuTime;
    this.progress = progress;
  }

  /** Writes at a steady rate: how soon each change is seen. */
  public Delivery steady(Load load) {
    double seconds = load.warmup().plus(load.duration()).toNanos() / 1e9;
    return deliver("steady", load, (long) Math.ceil(seconds * load.ratePerSecond()) + 1);
  }

  /** Writes as fast as they are acknowledged: how soon all has been seen by all. */
  public Delivery full(int changes, int inFlight, long seed) {
    return deliver("full", Load.count(inFlight, changes, seed), changes);
  }

  private Delivery deliver(String name, Load load, long maxWrites) {
    var propagation = new Propagation(writer, data, Clock.SYSTEM, maxWrites, load.warmup());
    audience.seats().forEach(seat -> seat.listen(propagation.newWatcher()));
    long bytesBefore = audience.bytes();
    Map<String, Duration> cpuBefore = cpuTime.get();
    Duration ownBefore = Processors.own();
    propagation.begin();
    Measurement puts = Run.measure(Clock.SYSTEM, load, propagation, progress);
    propagation.await(LONGEST_WAIT);
    var cpu = new TreeMap<>(cpuTime.get());
    cpu.replaceAll((server, spent) -> spent.minus(cpuBefore.getOrDefault(server, Duration.ZERO)));
    return new Delivery(
        name,
        load,
        puts,
        propagation.fromCommit(),
        propagation.fromStart(),
        audience.seats().size(),
        propagation.acknowledged(),
        propagation.events(),
        Duration.ofNanos(propagation.lastEventNanos() - propagation.beginNanos()),
        cpu,
        Processors.own().minus(ownBefore),
        audience.bytes() - bytesBefore,
        Delivery.Check.of(propagation));
  }
}
