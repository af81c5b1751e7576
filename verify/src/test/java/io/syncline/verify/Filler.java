package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.client.HistoryQuery;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.client.WriteResult;
import io.syncline.model.Checksum;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Threads that write large contents which do not compress, to fill disks. Each has its own keys. */
final class Filler implements AutoCloseable {
  private static final int WRITERS = 4;
  private static final int KEYS_OF_EACH = 8;
  private static final int CONTENT_BYTES = 128 << 10;

  private final Supplier<SynclineClient> clients;
  /** What was acknowledged, by revision. */
  private final Map<Long, Checksum> acknowledged = new ConcurrentHashMap<>();

  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final List<Future<?>> running;
  private volatile boolean stopping;

  private Filler(Supplier<SynclineClient> clients) {
    this.clients = clients;
    running = IntStream.range(0, WRITERS)
        .<Future<?>>mapToObj(writer -> threads.submit(() -> run(writer)))
        .toList();
  }

  /**
   * @param clients makes a client for each writer, which closes it
   */
  static Filler started(Supplier<SynclineClient> clients) {
    return new Filler(clients);
  }

  /** How many writes were acknowledged so far. */
  int acknowledged() {
    return acknowledged.size();
  }

  /** Lets each writer finish its write. */
  void stop() throws InterruptedException, ExecutionException {
    stopping = true;
    for (Future<?> writer : running) {
      writer.get();
    }
  }

  private void run(int writer) {
    try (SynclineClient client = clients.get()) {
      for (int number = 0; !stopping; number++) {
        write(client, key(writer, number % KEYS_OF_EACH));
      }
    }
  }

  private static Key key(int writer, int number) {
    return Key.of("fill/" + writer + "/" + number);
  }

  private void write(SynclineClient client, Key key) {
    byte[] bytes = new byte[CONTENT_BYTES];
    ThreadLocalRandom.current().nextBytes(bytes);
    ByteString content = ByteString.copyFrom(bytes);
    try {
      WriteResult result = client.put(NamespaceName.DEFAULT, key, content);
      acknowledged.put(result.revision().value(), Checksum.of(content));
    } catch (UnavailableException | UnknownOutcomeException e) {
      // nothing was promised
    }
  }

  /** After the end: every acknowledged write is in the history of its key, with its bytes. */
  void verifyNothingIsLost(SynclineClient client) {
    var found = new HashMap<Long, Checksum>();
    for (int writer = 0; writer < WRITERS; writer++) {
      for (int number = 0; number < KEYS_OF_EACH; number++) {
        client
            .historyAll(HistoryQuery.of(NamespaceName.DEFAULT, key(writer, number)))
            .forEach(
                version -> found.put(version.revision().value(), Checksum.of(version.content())));
      }
    }
    assertThat(found).as("all versions, by revision").containsAllEntriesOf(acknowledged);
  }

  /** Ends the writers at once if they have not been stopped. */
  @Override
  public void close() {
    stopping = true;
    threads.shutdownNow();
  }
}
