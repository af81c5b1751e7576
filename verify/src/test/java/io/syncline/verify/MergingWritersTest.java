package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.ConflictQuery;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.client.WriteResult;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.OnConflict;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers that each change a field of their own of one document, from whatever version they read last,
 * and have their writes merged, while leaders are killed. No acknowledged change may be missing.
 */
class MergingWritersTest {
  private static final int ROUNDS = Integer.getInteger("syncline.rounds", 1);
  private static final int WRITERS = 4;
  private static final int WRITES_BETWEEN = 40;
  private static final Key KEY = Key.of("shared.yaml");

  @TempDir
  Path root;

  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger merged = new AtomicInteger();

  /** Changes its field: the number there goes up by one each time. */
  private final class Writer extends Thread {
    private final int number;
    private final SynclineClient client;
    private final AtomicLong last = new AtomicLong();
    private volatile boolean stopped;
    private volatile boolean uncertain;

    Writer(int number, SynclineClient client) {
      super("writer-" + number);
      this.number = number;
      this.client = client;
    }

    @Override
    public void run() {
      while (!stopped) {
        try {
          ConfigVersion base = client.get(NamespaceName.DEFAULT, KEY).orElseThrow();
          write(base);
        } catch (UnavailableException e) {
          // nothing was written; the next attempt finds another leader
        } catch (UnknownOutcomeException e) {
          // written or not: the next value is one that was never written before
          uncertain = true;
          last.incrementAndGet();
        }
      }
    }

    private void write(ConfigVersion base) {
      long next = last.get() + 1;
      String changed = base.content()
          .toStringUtf8()
          .replaceAll("(?m)^w" + number + ": \\d+$", "w" + number + ": " + next);
      var put = new Command.Put(
          NamespaceName.DEFAULT,
          KEY,
          Content.of(ByteString.copyFromUtf8(changed), ""),
          new Precondition.AtVersion(base.version()),
          false,
          null);
      WriteResult result = client.write(put, "", OnConflict.by("merge"));
      last.set(next);
      uncertain = false;
      acknowledged.incrementAndGet();
      merged.addAndGet(result.conflictId() > 0 ? 1 : 0);
    }
  }

  @Test
  void S4_52_noChangeThatOnlyOneSideMadeIsLostWhenLeadersAreKilled() throws Exception {
    try (var cluster = ProcessCluster.started(root);
        SynclineClient client = cluster.client()) {
      String document = IntStream.range(0, WRITERS)
          .mapToObj(i -> "w" + i + ": 0\n")
          .collect(Collectors.joining());
      client.put(NamespaceName.DEFAULT, KEY, ByteString.copyFromUtf8(document));
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new Writer(i, cluster.client()));
      }
      writers.forEach(Thread::start);
      for (int round = 0; round < ROUNDS; round++) {
        awaitMore();
        VoterProcess leader = cluster.awaitLeader();
        leader.kill();
        var unused = cluster.awaitLeaderOtherThan(leader);
        awaitMore();
        leader.start();
        cluster.awaitAllReady();
      }
      awaitMore();
      for (Writer writer : writers) {
        writer.stopped = true;
        writer.join();
        writer.client.close();
      }

      assertNothingLost(client, writers);
      assertSameEverywhere(cluster, client);
      System.out.printf(
          "merging writers: leader killed %d times, %d writes acknowledged, %d of them merged%n",
          ROUNDS, acknowledged.get(), merged.get());
    }
  }

  private void awaitMore() {
    int before = acknowledged.get();
    await("writes to be acknowledged")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> acknowledged.get() >= before + WRITES_BETWEEN);
  }

  private void assertNothingLost(SynclineClient client, List<Writer> writers) {
    String document =
        client.get(NamespaceName.DEFAULT, KEY).orElseThrow().content().toStringUtf8();
    for (Writer writer : writers) {
      Matcher field = Pattern.compile("(?m)^w" + writer.number + ": (\\d+)$").matcher(document);
      assertThat(field.find()).as(document).isTrue();
      long found = Long.parseLong(field.group(1));
      if (writer.uncertain) {
        assertThat(found).isBetween(writer.last.get() - 1, writer.last.get());
      } else {
        assertThat(found).as("the field of " + writer.getName()).isEqualTo(writer.last.get());
      }
      assertThat(field.find()).as("each field stands once: " + document).isFalse();
    }
    assertThat(merged.get()).as("writers did meet").isPositive();
    List<Conflict> conflicts = client.conflicts().listAll(ConflictQuery.ALL).toList();
    assertThat(conflicts).hasSizeGreaterThanOrEqualTo(merged.get());
    assertThat(conflicts).allSatisfy(conflict -> {
      assertThat(conflict.state()).isEqualTo(Conflict.State.RESOLVED);
      assertThat(conflict.strategy()).isEqualTo("merge");
    });
  }

  private static void assertSameEverywhere(ProcessCluster cluster, SynclineClient client) {
    Revision head = client.namespace(NamespaceName.DEFAULT).revision();
    var digests = cluster.awaitDigests(head);
    assertThat(
            digests.values().stream().map(digest -> digest.getNamespacesList()).distinct())
        .hasSize(1);
  }
}
