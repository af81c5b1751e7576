package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.client.SynclineClient;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Command;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.ReadAt;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.server.LocalCluster;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S4.37: one bit that is flipped on the way, between real nodes on real sockets. */
class FollowerCorruptionTest {
  private static final String MARKER = "to-be-flipped";

  @TempDir
  Path root;

  private LocalCluster cluster;
  private LocalFollowers followers;
  private String leader;
  private Endpoint voter;

  @BeforeEach
  void start() {
    cluster = new LocalCluster(root, 1, builder -> builder.feedChanges(4));
    followers = new LocalFollowers(root);
    cluster.startAll();
    leader = cluster.awaitLeader();
    voter = cluster.address(leader).client();
  }

  @AfterEach
  void stopAll() {
    followers.close();
    cluster.close();
    assertThat(followers.faults()).isEmpty();
  }

  @Test
  void S4_37_aBatchThatARelayPassedOnIsRefusedByNameAndSentAgain() {
    Follower relay = followers.start("relay", Mode.PUSH, Subscription.EVERYTHING, List.of(voter));
    cluster.put(leader, "first", "x");
    followers.awaitAt(relay, 1);
    try (var proxy = new FlippingProxy(relay.endpoint(), MARKER.getBytes(UTF_8))) {
      Follower edge =
          followers.start("edge", Mode.PUSH, Subscription.EVERYTHING, List.of(proxy.endpoint()));
      followers.awaitAt(edge, 1);

      cluster.put(leader, "routes/api", MARKER);

      followers.awaitAt(edge, 2);
      assertThat(proxy.flipped()).isTrue();
      assertThat(read(edge, "routes/api")).as("what is served").isEqualTo(MARKER);
      assertThat(edge.view().counts().corrupt()).isEqualTo(1);
      FollowerStatus seen = await()
          .atMost(PATIENCE)
          .until(() -> statusOf(relay.endpoint(), "edge"), status -> status.getRefusals() == 1);
      assertThat(seen.getCursor()).isEqualTo(2);
    }
  }

  @Test
  void S4_37_theRefusalNamesNamespaceKeyAndVersion() {
    cluster.put(leader, "first", "x");
    try (var proxy = new FlippingProxy(voter, MARKER.getBytes(UTF_8))) {
      Follower edge =
          followers.start("edge", Mode.PULL, Subscription.EVERYTHING, List.of(proxy.endpoint()));
      followers.awaitAt(edge, 1);

      cluster.put(leader, "routes/api", MARKER);

      await().atMost(PATIENCE).until(() -> edge.view().counts().corrupt() == 1);
      followers.awaitAt(edge, 2);
      assertThat(edge.view().lastCorruption())
          .contains("the content of namespace \"default\", key \"routes/api\", version 1")
          .contains("does not match its checksum");
      assertThat(read(edge, "routes/api")).isEqualTo(MARKER);
    }
  }

  @Test
  void S4_37_aSnapshotPartIsRefusedAndTakenAgain() {
    for (int i = 0; i < 50; i++) {
      cluster.put(leader, "key/" + i, i == 20 ? MARKER : "content " + i);
    }
    followers.client("operator", voter).write(new Command.Compact(null, new Revision(50)), "");
    try (var proxy = new FlippingProxy(voter, MARKER.getBytes(UTF_8))) {
      Follower edge =
          followers.start("edge", Mode.PUSH, Subscription.EVERYTHING, List.of(proxy.endpoint()));

      followers.awaitAt(edge, 50);

      assertThat(proxy.flipped()).isTrue();
      assertThat(edge.view().counts().snapshots()).isEqualTo(1);
      assertThat(edge.view().counts().corrupt()).isEqualTo(1);
      assertThat(edge.view().lastCorruption()).contains("key \"key/20\"");
      assertThat(read(edge, "key/20")).isEqualTo(MARKER);
      await()
          .atMost(PATIENCE)
          .until(() -> statusOf(voter, "edge"), FollowerStatus::getDigestsEqual);
    }
  }

  private FollowerStatus statusOf(Endpoint node, String id) {
    return followers.client("operator", node).followers(node).stream()
        .filter(status -> status.getFollowerId().equals(id))
        .findFirst()
        .orElse(FollowerStatus.getDefaultInstance());
  }

  private String read(Follower follower, String key) {
    SynclineClient client = followers.client("reader", follower.endpoint());
    return client
        .get(NamespaceName.DEFAULT, Key.of(key), ReadAt.NOW, Consistency.ANY)
        .content()
        .toStringUtf8();
  }
}
