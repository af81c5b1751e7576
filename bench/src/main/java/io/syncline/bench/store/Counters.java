package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Completion;
import io.syncline.bench.load.Operation;
import io.syncline.bench.load.Workload;
import io.syncline.bench.store.Target.Stored;
import io.syncline.model.Key;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counters that are raised by compare-and-set: read, write one more if nobody else did, and from the
 * start if somebody did. Their sum tells whether a write was lost or done twice.
 */
public final class Counters implements Workload {
  private final Target target;
  private final List<Key> keys;
  private final LongAdder increments = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
  private final LongAdder failures = new LongAdder();

  public Counters(Target target, String prefix, int count) {
    this.target = target;
    keys = IntStream.range(0, count).mapToObj(i -> Key.of(prefix + i)).toList();
  }

  @Override
  public Operation slot(SplittableRandom random) {
    return completion -> new Increment(keys.get(random.nextInt(keys.size())), completion).read();
  }

  /** How many increments were acknowledged, those of the warm-up included. */
  public long increments() {
    return increments.sum();
  }

  /** How often somebody else was first. */
  public long conflicts() {
    return conflicts.sum();
  }

  /** How many conditional writes failed, so that it is unknown whether they raised a counter. */
  public long failures() {
    return failures.sum();
  }

  /** The counters' present sum, read linearizably. */
  public CompletableFuture<Long> sum() {
    CompletableFuture<Long> sum = CompletableFuture.completedFuture(0L);
    for (Key key : keys) {
      sum = sum.thenCompose(before -> value(key).thenApply(value -> before + value));
    }
    return sum;
  }

  private CompletableFuture<Long> value(Key key) {
    var value = new CompletableFuture<Long>();
    target.get(key, new Completion<Stored>() {
      @Override
      public void succeeded(Stored stored) {
        try {
          value.complete(decode(stored.content()));
        } catch (NumberFormatException e) {
          value.completeExceptionally(e);
        }
      }

      @Override
      public void failed(Throwable cause) {
        value.completeExceptionally(cause);
      }
    });
    return value;
  }

  private static long decode(ByteString content) {
    return content.isEmpty() ? 0 : Long.parseLong(content.toStringUtf8());
  }

  private static ByteString encode(long value) {
    return ByteString.copyFromUtf8(Long.toString(value));
  }

  /** One increment, through as many attempts as it takes. */
  private final class Increment {
    private final Key key;
    private final Completion<Object> completion;

    Increment(Key key, Completion<Object> completion) {
      this.key = key;
      this.completion = completion;
    }

    void read() {
      target.get(key, new Completion<Stored>() {
        @Override
        public void succeeded(Stored stored) {
          write(stored);
        }

        @Override
        public void failed(Throwable cause) {
          completion.failed(cause);
        }
      });
    }

    private void write(Stored stored) {
      ByteString next = encode(decode(stored.content()) + 1);
      target.compareAndSet(key, stored.version(), next, new Completion<Boolean>() {
        @Override
        public void succeeded(Boolean written) {
          if (written) {
            increments.increment();
            completion.succeeded(written);
          } else {
            conflicts.increment();
            read();
          }
        }

        @Override
        public void failed(Throwable cause) {
          failures.increment();
          completion.failed(cause);
        }
      });
    }
  }
}
