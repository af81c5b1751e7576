package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.syncline.model.Fault;
import io.syncline.server.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.ratis.util.ExitUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a voter refuses to start with, and how it says so. */
class VoterStartTest {
  @TempDir
  Path root;

  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final VoterAddress self = freeAddress("v1");

  @Test
  void onAPortInUse() throws IOException {
    try (var taken = new ServerSocket(self.client().port(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();

      assertRefused("cannot listen on " + self.client());
    }
    start().close();
  }

  /** Left alone, Ratis ends the whole process when its port is taken. */
  @Test
  void onARaftPortInUse() throws IOException {
    ExitUtils.disableSystemExit();
    try (var taken = new ServerSocket(self.raft().port(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();

      assertRefused("cannot listen on " + self.raft());
      assertThat(ExitUtils.isTerminated()).isFalse();
    }
    start().close();
  }

  @Test
  void inAFolderInUse() {
    try (var running = start()) {
      assertThat(running.clientEndpoint()).isEqualTo(self.client());

      assertRefused("in use by another process");
    }
  }

  @Test
  void inAFolderThatIsNone() throws IOException {
    Files.writeString(folder(), "a file");

    assertRefused("data folder");
  }

  @Test
  void inTheFolderOfAnotherVoter() {
    startAndServe().close();
    VoterAddress other = freeAddress("v2");

    assertThatThrownBy(() -> Voter.start(settings(other), faults::add))
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining("belongs to voter \"v1\"")
        .hasMessageContaining("expected: \"v2\"");
  }

  @Test
  void withDataButWithoutItsIdentity() throws IOException {
    startAndServe().close();
    Files.delete(folder().resolve("voter.properties"));

    assertRefused("holds data but no voter.properties");
  }

  @Test
  void withItsIdentityButWithoutItsLog() throws IOException {
    try (var voter = startAndServe()) {
      assertThat(voter.ready()).isTrue();
      await()
          .atMost(LocalCluster.PATIENCE)
          .until(() -> Identity.load(folder()).orElseThrow().started());
    }
    deleteTree(folder().resolve("raft"));

    assertRefused("is missing, though this voter has taken part in its cluster");
  }

  @Test
  void aFolderThatWasRefusedIsNotChangedAndStartsWhenItIsPutRight() throws IOException {
    startAndServe().close();
    Path identity = folder().resolve("voter.properties");
    Path aside = root.resolve("aside");
    Files.move(identity, aside);
    assertRefused("holds data but no voter.properties");
    assertThat(identity).doesNotExist();

    Files.move(aside, identity);
    startAndServe().close();

    assertThat(faults).isEmpty();
  }

  @Test
  void withALogThatLacksWhatItHadAcknowledged() throws IOException {
    startAndServe().close();
    try (Stream<Path> files = Files.walk(folder().resolve("raft"))) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("log_")).toList()) {
        Files.delete(file);
      }
    }

    try (var voter = start()) {
      await().atMost(LocalCluster.PATIENCE).until(() -> !faults.isEmpty());
      assertThat(voter.ready()).isFalse();
    }

    assertThat(faults.element())
        .hasMessageContaining("a part of its log is lost")
        .hasMessageContaining("must not vote");
  }

  @Test
  void inTheFolderOfAnotherCluster() throws IOException {
    startAndServe().close();
    try (var cluster = new LocalCluster(root.resolve("other"), 3, builder -> builder)) {
      cluster.startAll();
      cluster.awaitLeader();
      cluster.stop("v1");
      deleteTree(cluster.folder("v1"));
      Files.move(folder(), cluster.folder("v1"));

      Voter stranger = cluster.start("v1");
      await().atMost(LocalCluster.PATIENCE).until(() -> !cluster.faults().isEmpty());

      assertThat(cluster.faults().get(0))
          .hasMessageContaining("belongs to cluster")
          .hasMessageContaining("use the folder of this cluster");
      assertThat(stranger.ready()).isFalse();
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> start().close())
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining(message);
  }

  private Voter start() {
    return Voter.start(settings(self), faults::add);
  }

  private Voter startAndServe() {
    Voter voter = start();
    await()
        .atMost(LocalCluster.PATIENCE)
        .untilAsserted(() -> assertThat(voter.notReadyReasons()).isEmpty());
    return voter;
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Path folder() {
    return root.resolve("data");
  }

  private VoterSettings settings(VoterAddress voter) {
    return VoterSettings.builder()
        .name(voter.name())
        .data(folder())
        .listen(voter.client())
        .raftListen(voter.raft())
        .voters(List.of(voter))
        .build();
  }

  private static VoterAddress freeAddress(String name) {
    List<Integer> ports = LocalCluster.freePorts(2);
    return VoterAddress.parse(name + "=127.0.0.1:" + ports.get(0) + "/127.0.0.1:" + ports.get(1));
  }
}
