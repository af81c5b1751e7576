package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Completion;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.load.Workload;
import io.syncline.bench.store.Target.Stored;
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

  /**
   * Replaces the contents of keys drawn at random, each by a transaction that reads it back. Every key
   * must be there; an answer that reads anything else is a failure.
   */
  public static Workload replace(EtcdTarget target, Dataset data) {
    return random -> completion -> {
      int index = random.nextInt(data.size());
      ByteString content = data.nextValue(index);
      target.replace(data.key(index), content, new ReadBack(content, completion));
    };
  }

  private record ReadBack(ByteString written, Completion<Object> completion)
      implements Completion<Stored> {
    @Override
    public void succeeded(Stored stored) {
      if (stored.content().equals(written)) {
        completion.succeeded(stored);
      } else {
        completion.failed(new IllegalStateException("read back: not what was written"));
      }
    }

    @Override
    public void failed(Throwable cause) {
      completion.failed(cause);
    }
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
