package io.syncline.verify;

import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.client.WriteResult;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Put;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Version;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Threads that write without pause, and note what became of each write. Every content is unique, and
 * written by force, so that a write applied twice would show. Each writer has keys of its own; every
 * fourth write counts a counter that all share up by one, by compare-and-set.
 */
final class Writers implements AutoCloseable {
  static final String COUNTER = "counter";

  private static final int OWN_KEYS = 8;
  private static final int COUNTER_EVERY = 4;

  enum Fate {
    ACKNOWLEDGED,
    UNKNOWN,
    /** The client says that surely nothing was done. */
    NOTHING
  }

  /**
   * @param revision 0 unless acknowledged
   */
  record Write(String key, String content, Fate fate, long revision, long endedNanos) {}

  private final Supplier<SynclineClient> clients;
  private final ConcurrentLinkedQueue<Write> writes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final ExecutorService threads;
  private final List<Future<?>> running;
  private volatile boolean stopping;

  private Writers(int count, Supplier<SynclineClient> clients) {
    this.clients = clients;
    threads = Executors.newFixedThreadPool(count);
    running = IntStream.range(0, count)
        .<Future<?>>mapToObj(writer -> threads.submit(() -> run(writer)))
        .toList();
  }

  /**
   * @param clients makes a client for each writer, which closes it
   */
  static Writers started(int count, Supplier<SynclineClient> clients) {
    return new Writers(count, clients);
  }

  /** How many writes were acknowledged so far. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** Lets each writer finish its write, and returns all that were made, in no order. */
  List<Write> stop() throws InterruptedException, ExecutionException {
    stopping = true;
    for (Future<?> writer : running) {
      writer.get();
    }
    return List.copyOf(writes);
  }

  private void run(int writer) {
    try (SynclineClient client = clients.get()) {
      for (int number = 1; !stopping; number++) {
        String unique = writer + ":" + number;
        if (number % COUNTER_EVERY == 0) {
          count(client, unique);
        } else {
          write(client, "own/" + writer + "/" + number % OWN_KEYS, unique, Precondition.NONE);
        }
      }
    }
  }

  private void count(SynclineClient client, String unique) {
    Optional<ConfigVersion> head;
    try {
      head = client.get(NamespaceName.DEFAULT, Key.of(COUNTER));
    } catch (UnavailableException e) {
      return;
    }
    int next = head.map(Writers::countOf).orElse(0) + 1;
    Version version = head.map(ConfigVersion::version).orElse(Version.NONE);
    write(client, COUNTER, next + " by " + unique, new Precondition.AtVersion(version));
  }

  private static int countOf(ConfigVersion counter) {
    return countOf(counter.content().toStringUtf8());
  }

  /** The count that a content of the counter states. */
  static int countOf(String content) {
    return Integer.parseInt(content.substring(0, content.indexOf(' ')));
  }

  private void write(SynclineClient client, String key, String content, Precondition precondition) {
    var put = new Put(
        NamespaceName.DEFAULT,
        Key.of(key),
        Content.of(ByteString.copyFromUtf8(content), ""),
        precondition,
        true,
        null);
    Fate fate;
    long revision = 0;
    try {
      WriteResult result = client.write(put, "");
      fate = Fate.ACKNOWLEDGED;
      revision = result.revision().value();
      acknowledged.incrementAndGet();
    } catch (RejectedException e) {
      if (e.rejection().reason() != Reason.PRECONDITION_FAILED) {
        throw e;
      }
      fate = Fate.NOTHING;
    } catch (UnknownOutcomeException e) {
      fate = Fate.UNKNOWN;
    } catch (UnavailableException e) {
      fate = Fate.NOTHING;
    }
    writes.add(new Write(key, content, fate, revision, System.nanoTime()));
  }

  /** Ends the writers at once if they have not been stopped. */
  @Override
  public void close() {
    stopping = true;
    threads.shutdownNow();
  }
}
