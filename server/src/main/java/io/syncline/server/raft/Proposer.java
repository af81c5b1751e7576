package io.syncline.server.raft;

import io.syncline.codec.LogCodec;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.server.raft.ProposedBatch.Entry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: while a log entry is on its way, further commands gather, and go into the next one
 * together. Disk and network are paid once per entry; each command keeps its own outcome and revision.
 *
 * <p>Any thread proposes; one thread batches.
 */
final class Proposer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Proposer.class);

  /** More entries on the way at once make smaller batches, which cost more than the wait. */
  private static final int ENTRIES_IN_FLIGHT = 1;

  private static final int MAX_BATCH_COMMANDS = 1024;
  private static final int MAX_BATCH_BYTES = 1 << 20;
  private static final long LONGEST_GATHERING_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  /** Of commands waiting for their outcome, encoded. */
  private static final long MAX_BYTES_IN_FLIGHT = 64L << 20;

  /** Others hear of a commit with the next entry, if one comes so soon. */
  private static final Duration NEXT_ENTRY_SOON = Duration.ofMillis(1);

  /** The wait doubles each time: whoever has not taken it in within a tenth of a second is not well. */
  private static final int MAX_TELLINGS = 7;

  /** Where an entry goes. */
  interface Log {
    CompletableFuture<RaftClientReply> append(ProposedBatch batch) throws IOException;

    /**
     * Tells those voters how far it is committed who do not know.
     *
     * @return whether all knew
     */
    boolean tellCommitted();
  }

  private final Log log;
  private final Clock clock;
  private final Supplier<Rejection> notLeader;
  private final Executor replies;
  private final int maxCommands;
  private final RaftMeters meters;
  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger commandsInFlight = new AtomicInteger();
  private final AtomicLong bytesInFlight = new AtomicLong();
  private final Semaphore entriesInFlight = new Semaphore(ENTRIES_IN_FLIGHT);
  private final Thread batcher = new Thread(this::batchForever, "syncline-batcher");

  private volatile boolean closed;

  // of the batcher's thread

  private @Nullable Entry heldBack;
  /** Whether the other voters may not know yet how far the log is committed. */
  private boolean untold;
  /** How many commands the next batch is waited for to have. */
  private int expected;

  /**
   * @param maxCommands the most commands waiting for their outcome at once
   * @param replies runs what follows on an outcome
   */
  Proposer(
      Log log,
      Clock clock,
      Supplier<Rejection> notLeader,
      Executor replies,
      int maxCommands,
      RaftMeters meters) {
    this.log = log;
    this.clock = clock;
    this.notLeader = notLeader;
    this.replies = replies;
    this.maxCommands = maxCommands;
    this.meters = meters;
  }

  void start() {
    batcher.setDaemon(true);
    batcher.start();
  }

  /**
   * Proposes a command. Encodes it on the calling thread.
   *
   * @return its outcome; completes on the replies' executor, at once if it is refused
   */
  CompletableFuture<Outcome> propose(ProposedCommand command) {
    var entry = new Entry(command, LogCodec.encode(command), new CompletableFuture<>());
    Rejection refusal = admit(entry);
    if (refusal != null) {
      entry.outcome().complete(new Outcome.Rejected(refusal));
      return entry.outcome();
    }
    queue.add(entry);
    if (closed) {
      // the batcher may have looked for the last time before the entry was there
      refuseQueued();
    }
    return entry.outcome();
  }

  private @Nullable Rejection admit(Entry entry) {
    int commands = commandsInFlight.incrementAndGet();
    long bytes = bytesInFlight.addAndGet(entry.encoded().size());
    Rejection refusal = null;
    if (closed) {
      refusal = notLeaderNow();
    } else if (commands > maxCommands) {
      refusal = Rejection.tooMany("commands in flight", commands, maxCommands);
    } else if (bytes > MAX_BYTES_IN_FLIGHT && commands > 1) {
      refusal = Rejection.tooMany("bytes of commands in flight", bytes, MAX_BYTES_IN_FLIGHT);
    }
    if (refusal != null) {
      leave(List.of(entry));
    }
    return refusal;
  }

  /** Commands that wait for their outcome. */
  int commandsInFlight() {
    return commandsInFlight.get();
  }

  private void leave(List<Entry> entries) {
    commandsInFlight.addAndGet(-entries.size());
    bytesInFlight.addAndGet(-entries.stream().mapToLong(e -> e.encoded().size()).sum());
  }

  private void batchForever() {
    try {
      while (!closed) {
        entriesInFlight.acquire();
        submit(gather());
      }
    } catch (InterruptedException e) {
      // closing: whoever still waits is answered below
    }
    Entry held = heldBack;
    if (held != null) {
      finish(new ProposedBatch(List.of(held), clock.millis()), null);
    }
    refuseQueued();
  }

  private void refuseQueued() {
    var left = new ArrayList<Entry>();
    queue.drainTo(left);
    if (!left.isEmpty()) {
      finish(new ProposedBatch(left, clock.millis()), null);
    }
  }

  /**
   * Waits for one command, and takes what else is there, up to the bounds. After a large batch it waits a
   * moment for another: those who were just answered ask again, and not all at the same instant.
   */
  private List<Entry> gather() throws InterruptedException {
    var entries = new ArrayList<Entry>();
    Entry next = heldBack != null ? heldBack : take();
    heldBack = null;
    long untilNanos = System.nanoTime() + LONGEST_GATHERING_NANOS;
    long bytes = 0;
    while (next != null) {
      bytes += next.encoded().size();
      if (!entries.isEmpty() && bytes > MAX_BATCH_BYTES) {
        heldBack = next;
        break;
      }
      entries.add(next);
      next = entries.size() < MAX_BATCH_COMMANDS ? queue.poll() : null;
      if (next == null && entries.size() < expected) {
        next = queue.poll(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    }
    expected = entries.size() * 3 / 4;
    return entries;
  }

  /**
   * Waits for a command. If none comes for a moment, the other voters are told of what was committed last,
   * so that who watches there hears of it.
   */
  private Entry take() throws InterruptedException {
    long waitNanos = NEXT_ENTRY_SOON.toNanos();
    for (int i = 0; i < MAX_TELLINGS && untold; i++) {
      Entry next = queue.poll(waitNanos, TimeUnit.NANOSECONDS);
      if (next != null) {
        return next;
      }
      untold = !tellCommitted();
      waitNanos *= 2;
    }
    untold = false;
    return queue.take();
  }

  private boolean tellCommitted() {
    try {
      return log.tellCommitted();
    } catch (RuntimeException e) {
      LOG.debug("the other voters were not told of a commit, and hear of it by a heartbeat", e);
      return true;
    }
  }

  private void submit(List<Entry> entries) {
    untold = true;
    var batch = new ProposedBatch(entries, clock.millis());
    long startNanos = System.nanoTime();
    CompletableFuture<RaftClientReply> reply;
    try {
      reply = log.append(batch);
    } catch (IOException | RuntimeException e) {
      entriesInFlight.release();
      finish(batch, e);
      return;
    }
    var unused = reply.whenComplete((done, error) -> {
      entriesInFlight.release();
      if (error == null && done.isSuccess()) {
        meters.batches().record(entries.size());
        meters.commits().recordSince(startNanos);
      }
      replies.execute(() -> finish(batch, error != null ? error : done.getException()));
    });
  }

  private void finish(ProposedBatch batch, @Nullable Throwable error) {
    leave(batch.entries());
    batch.complete(error, notLeaderNow());
  }

  /** Whoever waits must be answered, also while the node falls apart. */
  private Rejection notLeaderNow() {
    try {
      return notLeader.get();
    } catch (RuntimeException e) {
      return Rejection.notLeader(null);
    }
  }

  @Override
  public void close() {
    closed = true;
    batcher.interrupt();
  }
}
