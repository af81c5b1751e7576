package io.syncline.bench.store;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.load.Workload;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads that need nothing but a target and a data set. */
public final class Workloads {
  private static final int FILL_IN_FLIGHT = 64;

  private Workloads() {}

  /** Writes to keys drawn at random. */
  public static Workload put(Target target, Dataset data) {
    return random -> completion -> {
      int index = random.nextInt(data.size());
      target.put(data.key(index), data.nextValue(index), completion);
    };
  }

  /** Linearizable reads of keys drawn at random. */
  public static Workload get(Target target, Dataset data) {
    return random -> completion -> target.get(data.key(random.nextInt(data.size())), completion);
  }

  /** Writes each key once; as many operations as keys succeed if nothing fails. */
  public static Measurement fillAll(Target target, Dataset data, long seed) {
    var next = new AtomicInteger();
    Workload fill = random -> completion -> {
      int index = next.getAndIncrement();
      target.put(data.key(index), data.nextValue(index), completion);
    };
    Load load = Load.count(FILL_IN_FLIGHT, data.size(), seed);
    return Run.measure(Clock.SYSTEM, load, fill, Progress.NONE);
  }
}
