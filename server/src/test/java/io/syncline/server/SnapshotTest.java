package io.syncline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.server.node.Voter;
import io.syncline.server.node.VoterAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots, what they spare, and what a voter is without its log. */
class SnapshotTest {
  private static final int LARGE_CONTENT = 1_000_000;

  @TempDir
  Path root;

  @Test
  void aSnapshotIsTakenByBytesOfLogAndARestartAppliesOnlyWhatIsAfterThat() {
    try (var cluster = started(128 << 10)) {
      String leader = cluster.awaitLeader();
      write(cluster, leader, 100, 4 << 10);
      for (VoterAddress voter : cluster.addresses()) {
        await()
            .atMost(LocalCluster.PATIENCE)
            .until(() -> cluster.status(voter.name()).getSnapshotIndex() > 0);
      }
      long revision = cluster.put(leader, "key", "last").getHeader().getRevision();
      ClusterTest.assertAllEqual(cluster, revision);

      cluster.stopAll();
      cluster.startAll();
      leader = cluster.awaitLeader();
      for (VoterAddress voter : cluster.addresses()) {
        // one more for as long as it takes to delete the oldest
        await()
            .atMost(LocalCluster.PATIENCE)
            .untilAsserted(() -> assertThat(snapshots(cluster, voter.name())).hasSizeBetween(1, 2));
      }

      assertThat(
              ClusterTest.get(cluster, leader, "key").getVersion().getContent().toStringUtf8())
          .isEqualTo("last");
      assertThat(cluster.put(leader, "key", "after").getHeader().getRevision())
          .as("nothing was applied twice")
          .isEqualTo(revision + 1);
      ClusterTest.assertAllEqual(cluster, revision + 1);
      assertThat(cluster.faults()).isEmpty();
    }
  }

  @Test
  void aVoterThatLaggedBehindTheKeptLogCatchesUpByASnapshot() {
    try (var cluster = started(8 << 20)) {
      String leader = cluster.awaitLeader();
      write(cluster, leader, 20, 10);
      String lagging = follower(cluster, leader);
      long left = cluster.status(lagging).getAppliedIndex();
      cluster.stop(lagging);
      List<Path> had = snapshots(cluster, lagging);
      // past a whole segment of the log, for only whole ones are purged
      await().atMost(LocalCluster.PATIENCE).until(() -> {
        write(cluster, leader, 20, LARGE_CONTENT);
        return firstLogIndex(cluster, leader) > left + 1;
      });

      Voter restarted = cluster.start(lagging);
      await().atMost(LocalCluster.PATIENCE).until(restarted::ready);

      long revision = cluster.put(leader, "key", "last").getHeader().getRevision();
      ClusterTest.assertAllEqual(cluster, revision);
      assertThat(snapshots(cluster, lagging)).as("it was sent one").isNotEqualTo(had);
      assertThat(cluster.faults()).isEmpty();
    }
  }

  @Test
  void aVoterThatLostPartOfItsLogRefusesToVoteAndTheOthersGoOn() throws IOException {
    try (var cluster = started(256 << 20)) {
      String leader = cluster.awaitLeader();
      write(cluster, leader, 20, 10);
      String damaged = follower(cluster, leader);
      await()
          .atMost(LocalCluster.PATIENCE)
          .until(() -> cluster.status(damaged).getHeader().getRevision() >= 20);
      cluster.stop(damaged);
      for (Path segment : logSegments(cluster, damaged)) {
        Files.delete(segment);
      }

      Voter restarted = cluster.start(damaged);
      await().atMost(LocalCluster.PATIENCE).until(() -> !cluster.faults().isEmpty());

      assertThat(cluster.faults().get(0))
          .hasMessageContaining("a part of its log is lost")
          .hasMessageContaining("must not vote")
          .hasMessageContaining("wipe its data folder");
      assertThat(restarted.ready()).isFalse();
      assertThat(cluster.put(leader, "key", "on").getHeader().getRevision()).isEqualTo(21);
    }
  }

  /** With patience for a loaded machine: who leads shall not change in between. */
  private LocalCluster started(long snapshotLogBytes) {
    var cluster = new LocalCluster(
        root,
        3,
        builder ->
            builder.snapshotLogBytes(snapshotLogBytes).electionTimeout(Duration.ofSeconds(3)));
    cluster.startAll();
    return cluster;
  }

  private static void write(LocalCluster cluster, String leader, int count, int size) {
    String content = "x".repeat(size);
    for (int i = 0; i < count; i++) {
      cluster.put(leader, "key/" + i, content + System.nanoTime());
    }
  }

  private static String follower(LocalCluster cluster, String leader) {
    return cluster.addresses().stream()
        .map(VoterAddress::name)
        .filter(name -> !name.equals(leader))
        .filter(name -> cluster.status(name).getRole() == StatusResponse.Role.VOTER)
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> snapshots(LocalCluster cluster, String voter) {
    return walk(cluster.folder(voter).resolve("raft"), "snapshot.");
  }

  private static List<Path> logSegments(LocalCluster cluster, String voter) {
    return walk(cluster.folder(voter).resolve("raft"), "log_");
  }

  /** Segments are named log_first-last and log_inprogress_first. */
  private static long firstLogIndex(LocalCluster cluster, String voter) {
    return logSegments(cluster, voter).stream()
        .map(path -> path.getFileName().toString().replace("inprogress_", "").substring(4))
        .mapToLong(range -> Long.parseLong(range.split("-", -1)[0]))
        .min()
        .orElse(0);
  }

  private static List<Path> walk(Path folder, String prefix) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
