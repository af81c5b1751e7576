package io.syncline.bench.store;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Completion;
import io.syncline.bench.load.Latencies;
import io.syncline.bench.load.Operation;
import io.syncline.bench.load.Workload;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Numbered writes, and watchers that tell when each arrives and whether one is missing, doubled or out
 * of order.
 *
 * <p>Writer and watchers share one clock, so the times can be compared.
 */
public final class Propagation implements Workload {
  /** As many are remembered. */
  public static final int MAX_WRITES = 10_000_000;

  private static final long UNKNOWN = 0;

  /** How soon the end of {@link #await} is noticed; no latency depends on it. */
  private static final long POLL_NANOS = MILLISECONDS.toNanos(20);

  private final Target target;
  private final Dataset data;
  private final Clock clock;
  private final long warmupNanos;
  private final long mark = ThreadLocalRandom.current().nextLong();
  private volatile long beginNanos;
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicLongArray started;
  private final AtomicLongArray committed;
  private final Latencies fromCommit = new Latencies();
  private final Latencies fromStart = new Latencies();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /**
   * @param maxWrites as many as there may be, those of the warm-up included
   * @param warmup events of writes sent within it do not count
   * @throws IllegalArgumentException if there may be too many writes to remember
   */
  public Propagation(Target target, Dataset data, Clock clock, long maxWrites, Duration warmup) {
    if (maxWrites < 1 || maxWrites > MAX_WRITES) {
      throw new IllegalArgumentException("writes to watch: "
          + maxWrites
          + " (expected: 1 to "
          + MAX_WRITES
          + "); lower the rate or the duration");
    }
    this.target = target;
    this.data = data;
    this.clock = clock;
    warmupNanos = warmup.toNanos();
    beginNanos = clock.nanos();
    started = new AtomicLongArray((int) maxWrites);
    committed = new AtomicLongArray((int) maxWrites);
  }

  /** The warm-up begins now. */
  public void begin() {
    beginNanos = clock.nanos();
  }

  @Override
  public Operation slot(SplittableRandom random) {
    return completion -> {
      int number = numbers.getAndIncrement();
      int index = random.nextInt(data.size());
      started.set(number, clock.nanos());
      target.put(
          data.key(index), numbered(number, data.nextValue(index)), new Write(number, completion));
    };
  }

  /** Never what is at the key already, be it from an earlier run: that would be no change. */
  private ByteString numbered(int number, ByteString filling) {
    byte[] bytes = new byte[Math.max(Integer.BYTES + Long.BYTES, filling.size())];
    filling.copyTo(bytes, 0);
    ByteBuffer.wrap(bytes).putInt(number).putLong(mark);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** A new watcher's ears; each watch has its own. */
  public Target.WriteListener newWatcher() {
    var watcher = new Watcher();
    watchers.add(watcher);
    return watcher;
  }

  /** From the moment the writer knew of the commit; an event that came sooner counts as 0. */
  public Histogram fromCommit() {
    return fromCommit.total();
  }

  /** From the moment the write was sent. */
  public Histogram fromStart() {
    return fromStart.total();
  }

  /**
   * Waits until every watcher has seen every acknowledged write, or a watch has ended, or the time is
   * up; {@link #missing} tells which. To be called when all writes are answered.
   */
  public void await(Duration longest) {
    long deadline = clock.nanos() + longest.toNanos();
    while (!arrived() && broken() == null && clock.nanos() - deadline < 0) {
      clock.parkUntil(clock.nanos() + POLL_NANOS);
    }
  }

  /** Counting comes first: looking at each event takes long when there are many. */
  private boolean arrived() {
    return events() >= (long) acknowledged.get() * watchers.size() && missing() == 0;
  }

  /** Writes that were acknowledged. */
  public int acknowledged() {
    return acknowledged.get();
  }

  /** Events seen so far, by all watchers together, each once; those of the warm-up are among them. */
  public long events() {
    return watchers.stream().mapToLong(Watcher::events).sum();
  }

  /** When the last event was seen, by the run's clock; when the run began, if none was. */
  public long lastEventNanos() {
    long latest = watchers.stream()
        .mapToLong(watcher -> watcher.lastNanos() - beginNanos)
        .max()
        .orElse(0);
    return beginNanos + Math.max(0, latest);
  }

  /** When the warm-up began, by the run's clock. */
  public long beginNanos() {
    return beginNanos;
  }

  /** Events that came after one of the same or a later revision, at the same watcher. */
  public long unordered() {
    return watchers.stream().mapToLong(Watcher::unordered).sum();
  }

  /** Events not yet seen: acknowledged writes times watchers, less those seen of them. */
  public long missing() {
    return watchers.stream().mapToLong(Watcher::missing).sum();
  }

  /** Events seen more than once by the same watcher. */
  public long doubled() {
    return watchers.stream().mapToLong(Watcher::doubled).sum();
  }

  /** What ended a watch that should have gone on, or null. */
  public @Nullable Throwable broken() {
    return watchers.stream()
        .map(Watcher::endedBy)
        .filter(cause -> cause != null)
        .findFirst()
        .orElse(null);
  }

  private final class Write implements Completion<Object> {
    private final int number;
    private final Completion<Object> completion;

    Write(int number, Completion<Object> completion) {
      this.number = number;
      this.completion = completion;
    }

    @Override
    public void succeeded(Object result) {
      committed.set(number, clock.nanos());
      acknowledged.incrementAndGet();
      completion.succeeded(result);
    }

    @Override
    public void failed(Throwable cause) {
      completion.failed(cause);
    }
  }

  private final class Watcher implements Target.WriteListener {
    private final BitSet seen = new BitSet();
    private long events;
    private long doubled;
    private long unordered;
    private long lastNanos = clock.nanos();
    private Revision newest = Revision.ZERO;
    private volatile @Nullable Throwable endedBy;

    @Override
    public synchronized void written(Key key, ByteString content, Revision revision) {
      long now = clock.nanos();
      int number = content.asReadOnlyByteBuffer().getInt();
      if (!revision.isAfter(newest)) {
        unordered++;
      }
      newest = Revision.max(newest, revision);
      if (seen.get(number)) {
        doubled++;
        return;
      }
      seen.set(number);
      events++;
      lastNanos = now;
      if (started.get(number) - beginNanos >= warmupNanos) {
        long commit = committed.get(number);
        fromStart.record(now - started.get(number));
        fromCommit.record(commit == UNKNOWN ? 0 : now - commit);
      }
    }

    @Override
    public void ended(Throwable cause) {
      endedBy = cause;
    }

    synchronized long missing() {
      int issued = Math.min(numbers.get(), committed.length());
      long missing = 0;
      for (int number = 0; number < issued; number++) {
        if (committed.get(number) != UNKNOWN && !seen.get(number)) {
          missing++;
        }
      }
      return missing;
    }

    synchronized long doubled() {
      return doubled;
    }

    synchronized long unordered() {
      return unordered;
    }

    synchronized long events() {
      return events;
    }

    synchronized long lastNanos() {
      return lastNanos;
    }

    @Nullable
    Throwable endedBy() {
      return endedBy;
    }
  }
}
