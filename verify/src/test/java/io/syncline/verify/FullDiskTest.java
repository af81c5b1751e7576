package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.DigestResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * One voter's disk becomes full under writes; later there is room again. How small the disk is: system
 * property {@code syncline.smallDisk}, as {@code mount} takes sizes; where it fails depends on it.
 */
@Tag("long")
class FullDiskTest {
  private static final String SMALL = System.getProperty("syncline.smallDisk", "200m");
  private static final String AMPLE = "2g";
  private static final int FAULT = 4;
  private static final int WRITES_WITHOUT_IT = 100;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path root;

  @Test
  void aFollowerWithAFullDiskEndsWithOneSentenceAndRejoinsOnceThereIsRoom() throws Exception {
    fillTheDiskOf(FullDiskTest::followerOf);
  }

  @Test
  void aLeaderWithAFullDiskEndsWithOneSentenceAndRejoinsOnceThereIsRoom() throws Exception {
    fillTheDiskOf(ProcessCluster::awaitLeader);
  }

  @Test
  void aVoterWhoseDiskOthersFillEndsBeforeItHasToVoteAndVotesOnceThereIsRoom() throws Exception {
    try (var disk1 = SmallDisk.mount(root.resolve("v1"), AMPLE);
        var disk2 = SmallDisk.mount(root.resolve("v2"), AMPLE);
        var disk3 = SmallDisk.mount(root.resolve("v3"), AMPLE);
        var cluster = ProcessCluster.started(root);
        var client = cluster.client()) {
      client.put(NamespaceName.DEFAULT, Key.of("k"), ByteString.copyFromUtf8("before"));
      VoterProcess leader = cluster.awaitLeader();
      VoterProcess full = followerOf(cluster);
      SmallDisk disk =
          Map.of("v1", disk1, "v2", disk2, "v3", disk3).getOrDefault(full.name(), disk1);
      disk.resize(SMALL);
      disk.fill();
      // nobody writes, so that only an election would show it that the disk is full
      requireEndByFault(full, 1);
      leader.kill();
      assertThat(voteFiles(root.resolve(full.name())))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(file).isNotEmptyFile());
      disk.resize(AMPLE);
      full.start();
      client.put(NamespaceName.DEFAULT, Key.of("k"), ByteString.copyFromUtf8("after"));
      leader.start();
      cluster.awaitAllReady();
      System.out.printf(
          "%s had a disk filled by others; it said:%n%s%n",
          full.name(), String.join("\n", full.sentences()));
    }
  }

  private static List<Path> voteFiles(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(file -> file.endsWith("raft-meta")).toList();
    }
  }

  private static VoterProcess followerOf(ProcessCluster cluster) {
    VoterProcess leader = cluster.awaitLeader();
    return cluster.voters().stream()
        .filter(voter -> !voter.equals(leader))
        .findFirst()
        .orElseThrow();
  }

  private void fillTheDiskOf(Function<ProcessCluster, VoterProcess> choice) throws Exception {
    try (var disk1 = SmallDisk.mount(root.resolve("v1"), AMPLE);
        var disk2 = SmallDisk.mount(root.resolve("v2"), AMPLE);
        var disk3 = SmallDisk.mount(root.resolve("v3"), AMPLE);
        var cluster = ProcessCluster.started(root)) {
      VoterProcess full = choice.apply(cluster);
      SmallDisk disk =
          Map.of("v1", disk1, "v2", disk2, "v3", disk3).getOrDefault(full.name(), disk1);
      try (var filler = Filler.started(cluster::client)) {
        disk.resize(SMALL);
        requireEndByFault(full, 1);
        int before = filler.acknowledged();
        awaitAcknowledged(filler, before + WRITES_WITHOUT_IT);
        full.start();
        requireEndByFault(full, 2);
        disk.resize(AMPLE);
        full.start();
        cluster.awaitAllReady();
        filler.stop();
        verify(cluster, filler);
        System.out.printf(
            "%s had a full disk after %d writes; %d were acknowledged in all; it said:%n%s%n",
            full.name(), before, filler.acknowledged(), String.join("\n", full.sentences()));
      }
    }
  }

  /**
   * @param times how often it has ended so by then
   */
  private static void requireEndByFault(VoterProcess voter, int times) throws IOException {
    assertThat(voter.awaitEnd()).as("exit code; %s", voter.lastWords()).isEqualTo(FAULT);
    List<String> sentences = voter.sentences();
    assertThat(sentences).hasSize(times);
    assertThat(sentences.get(times - 1))
        .startsWith("syncline: stopped by a fault: ")
        .contains("No space left on device");
  }

  private static void awaitAcknowledged(Filler filler, int count) {
    await("writes without the voter")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> filler.acknowledged() >= count);
  }

  private static void verify(ProcessCluster cluster, Filler filler) {
    Revision head;
    try (var client = cluster.client()) {
      head = client.namespace(NamespaceName.DEFAULT).revision();
      filler.verifyNothingIsLost(client);
    }
    Map<String, DigestResponse> digests = cluster.awaitDigests(head);
    DigestResponse any = digests.values().iterator().next();
    digests.forEach((voter, digest) -> {
      assertThat(digest.getHeader().getRevision())
          .as("revision of " + voter)
          .isEqualTo(head.value());
      assertThat(digest.getNamespacesList())
          .as("digests of " + voter)
          .isEqualTo(any.getNamespacesList());
    });
  }
}
