package io.syncline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.proto.api.v1.DigestRequest;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.IdentifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What three voters promise together. */
class ClusterTest {
  @TempDir
  Path root;

  @Test
  void whatIsAcknowledgedIsReadBackAfterAllWereRestarted() {
    try (var cluster = LocalCluster.started(root)) {
      String leader = cluster.awaitLeader();
      for (int i = 0; i < 100; i++) {
        cluster.put(leader, "key/" + i % 10, "content " + i);
      }

      cluster.stopAll();
      cluster.startAll();
      leader = cluster.awaitLeader();

      GetResponse read = get(cluster, leader, "key/9");
      assertThat(read.getVersion().getContent().toStringUtf8()).isEqualTo("content 99");
      assertThat(read.getVersion().getVersion()).isEqualTo(10);
      assertThat(read.getHeader().getRevision()).isEqualTo(100);
      assertAllEqual(cluster, 100);
      assertThat(cluster.faults()).isEmpty();
    }
  }

  @Test
  void aWipedVoterNeverVotesUnderItsOldIdentityAndRejoinsWhileWritesGoOn() throws IOException {
    try (var cluster = LocalCluster.started(root)) {
      String leader = cluster.awaitLeader();
      cluster.put(leader, "key", "before");
      String wiped = cluster.addresses().stream()
          .map(a -> a.name())
          .filter(name -> !name.equals(leader))
          .findFirst()
          .orElseThrow();
      String before =
          cluster.cluster(wiped).identify(IdentifyRequest.getDefaultInstance()).getIncarnation();
      cluster.stop(wiped);
      delete(cluster.folder(wiped));
      cluster.put(leader, "key", "while it was away");

      var voter = cluster.start(wiped);
      await().atMost(LocalCluster.PATIENCE).until(() -> {
        cluster.put(cluster.awaitLeader(), "key", "while it rejoins " + System.nanoTime());
        return voter.ready();
      });

      String after =
          cluster.cluster(wiped).identify(IdentifyRequest.getDefaultInstance()).getIncarnation();
      assertThat(after).isNotEqualTo(before);
      long revision = cluster.put(leader, "key", "last").getHeader().getRevision();
      assertAllEqual(cluster, revision);
      assertThat(cluster.faults()).isEmpty();
    }
  }

  static GetResponse get(LocalCluster cluster, String voter, String key) {
    return cluster
        .config(voter)
        .get(GetRequest.newBuilder()
            .setNamespace("default")
            .setKey(ByteString.copyFromUtf8(key))
            .build());
  }

  /** All voters reach the revision, and hold the very same state there. */
  static void assertAllEqual(LocalCluster cluster, long revision) {
    List<DigestResponse> digests = cluster.addresses().stream()
        .map(address -> await()
            .atMost(LocalCluster.PATIENCE)
            .until(
                () -> cluster
                    .cluster(address.name())
                    .digest(DigestRequest.newBuilder().setWithBuckets(true).build()),
                d -> d.getHeader().getRevision() >= revision))
        .toList();
    assertThat(digests)
        .extracting(DigestResponse::getNamespacesList)
        .containsOnly(digests.get(0).getNamespacesList());
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
