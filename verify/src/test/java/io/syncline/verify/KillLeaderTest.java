package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.verify.ChangeLog.Change;
import io.syncline.verify.Writers.Fate;
import io.syncline.verify.Writers.Write;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Voters are killed as by {@code kill -9} while 16 writers write. How often: system property
 * {@code syncline.rounds}.
 */
class KillLeaderTest {
  private static final int ROUNDS = Integer.getInteger("syncline.rounds", 1);
  private static final int WRITERS = 16;
  private static final int WRITES_BETWEEN = 200;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path root;

  @Test
  void nothingAcknowledgedIsLostOrAppliedTwiceWhenLeadersAreKilled() throws Exception {
    underWriters("the leader", (cluster, writers) -> {
      VoterProcess leader = cluster.awaitLeader();
      leader.kill();
      var unused = cluster.awaitLeaderOtherThan(leader);
      awaitMore(writers);
      leader.start();
    });
  }

  @Test
  void nothingAcknowledgedIsLostOrAppliedTwiceWhenAllAreKilledAtOnce() throws Exception {
    underWriters("all three", (cluster, writers) -> {
      cluster.voters().parallelStream().forEach(VoterProcess::kill);
      cluster.voters().forEach(VoterProcess::start);
    });
  }

  private void underWriters(String killed, BiConsumer<ProcessCluster, Writers> round)
      throws Exception {
    var momentsNanos = new ArrayList<Long>();
    try (var cluster = ProcessCluster.started(root);
        var writers = Writers.started(WRITERS, cluster::client)) {
      for (int i = 0; i < ROUNDS; i++) {
        awaitMore(writers);
        momentsNanos.add(System.nanoTime());
        round.accept(cluster, writers);
        cluster.awaitAllReady();
      }
      awaitMore(writers);
      List<Write> writes = writers.stop();
      long head = audit(cluster, writes);
      System.out.printf(
          "killed %s %d times: %d writes acknowledged, %d of unknown outcome, %d revisions; %s%n",
          killed,
          ROUNDS,
          writers.acknowledged(),
          writes.stream().filter(w -> w.fate() == Fate.UNKNOWN).count(),
          head,
          Gaps.of(writes, momentsNanos));
    }
  }

  private static void awaitMore(Writers writers) {
    int before = writers.acknowledged();
    await("writes to be acknowledged")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> writers.acknowledged() >= before + WRITES_BETWEEN);
  }

  private static long audit(ProcessCluster cluster, List<Write> writes) {
    Revision head;
    try (var client = cluster.client()) {
      head = client.namespace(NamespaceName.DEFAULT).revision();
    }
    var digests = cluster.awaitDigests(head);
    DigestResponse any = digests.values().iterator().next();
    digests.forEach((voter, digest) -> {
      assertThat(digest.getHeader().getRevision())
          .as("revision of " + voter)
          .isEqualTo(head.value());
      assertThat(digest.getNamespacesList())
          .as("digests of " + voter)
          .isEqualTo(any.getNamespacesList());
    });
    List<Change> log = null;
    for (VoterProcess voter : cluster.voters()) {
      List<Change> read = ChangeLog.read(voter.client(), 1, head.value());
      if (log == null) {
        log = read;
        new WriteAudit(log).check(writes);
      } else {
        assertThat(read.equals(log))
            .as("the log of %s is that of the others", voter.name())
            .isTrue();
      }
    }
    return head.value();
  }
}
