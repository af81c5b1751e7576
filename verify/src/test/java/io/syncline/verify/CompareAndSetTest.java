package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.client.HistoryQuery;
import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Put;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many writers count one counter up, each by a read and a write with a precondition. How far: system
 * property {@code syncline.increments}.
 */
class CompareAndSetTest {
  private static final int WRITERS = 64;
  private static final int CLIENTS = 8;
  private static final int INCREMENTS = Integer.getInteger("syncline.increments", 400);
  private static final Key COUNTER = Key.of("counter");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path root;

  @Test
  void noIncrementIsLostAndEveryValueIsInTheHistory() throws Exception {
    try (var cluster = ProcessCluster.started(root);
        SynclineClient client = cluster.client()) {
      client.put(NamespaceName.DEFAULT, COUNTER, text(0));
      long beganNanos = System.nanoTime();
      long refused = incrementAll(cluster);
      var took = Duration.ofNanos(System.nanoTime() - beganNanos);

      ConfigVersion last = client.get(NamespaceName.DEFAULT, COUNTER).orElseThrow();
      assertThat(last.content().toStringUtf8()).isEqualTo(Integer.toString(INCREMENTS));
      assertThat(client.historyAll(HistoryQuery.of(NamespaceName.DEFAULT, COUNTER)))
          .extracting(
              version -> version.version().value() + ": " + version.content().toStringUtf8())
          .isEqualTo(IntStream.rangeClosed(0, INCREMENTS)
              .mapToObj(i -> (i + 1) + ": " + i)
              .collect(Collectors.toList()));
      System.out.printf(
          "%d writers: %d increments, %d writes refused by their precondition, in %d ms%n",
          WRITERS, INCREMENTS, refused, took.toMillis());
    }
  }

  private static ByteString text(int value) {
    return ByteString.copyFromUtf8(Integer.toString(value));
  }

  private static long incrementAll(ProcessCluster cluster) throws Exception {
    var left = new AtomicInteger(INCREMENTS);
    var refused = new AtomicLong();
    var threads = Executors.newFixedThreadPool(WRITERS);
    var clients = new ArrayList<SynclineClient>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(cluster.client());
      }
      List<Future<?>> writers = IntStream.range(0, WRITERS)
          .<Future<?>>mapToObj(i -> threads.submit(() -> {
            while (left.getAndDecrement() > 0) {
              while (!increment(clients.get(i % CLIENTS))) {
                refused.incrementAndGet();
              }
            }
          }))
          .toList();
      for (Future<?> writer : writers) {
        writer.get();
      }
      return refused.get();
    } finally {
      threads.shutdownNow();
      clients.forEach(SynclineClient::close);
    }
  }

  private static boolean increment(SynclineClient client) {
    ConfigVersion read = client.get(NamespaceName.DEFAULT, COUNTER).orElseThrow();
    Content next = Content.of(text(Integer.parseInt(read.content().toStringUtf8()) + 1), "");
    var unchanged = new Precondition.AtVersion(read.version());
    try {
      client.write(new Put(NamespaceName.DEFAULT, COUNTER, next, unchanged, false, null), "");
      return true;
    } catch (RejectedException e) {
      if (e.rejection().reason() == Reason.PRECONDITION_FAILED) {
        return false;
      }
      throw e;
    }
  }
}
