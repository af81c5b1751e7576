package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Subscription;
import io.syncline.proto.api.v1.VerifyResponse;
import io.syncline.proto.api.v1.VerifyResponse.Comparison;
import io.syncline.proto.api.v1.VerifyResponse.Difference;
import io.syncline.proto.api.v1.VerifyResponse.Kind;
import io.syncline.server.LocalCluster;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower that is asked whether its copy is right. */
class FollowerVerifyTest {
  private static final int KEYS = 100;

  @TempDir
  Path root;

  private LocalCluster cluster;
  private LocalFollowers followers;
  private Endpoint voter;
  private Follower follower;
  private SynclineClient client;

  @BeforeEach
  void startWithACopy() {
    cluster = new LocalCluster(root, 1, builder -> builder);
    followers = new LocalFollowers(root);
    cluster.startAll();
    String leader = cluster.awaitLeader();
    voter = cluster.address(leader).client();
    for (int i = 0; i < KEYS; i++) {
      cluster.put(leader, "key/" + i, "content " + i);
    }
    follower = followers.start("edge", Mode.AUTO, Subscription.EVERYTHING, List.of(voter));
    followers.awaitAt(follower, KEYS);
    await().atMost(PATIENCE).until(follower::ready);
    client = followers.client("operator", follower.endpoint());
  }

  @AfterEach
  void stopAll() {
    followers.close();
    cluster.close();
    assertThat(followers.faults()).isEmpty();
  }

  @Test
  void whatIsRightIsFoundRight() {
    Comparison found = onlyOf(verify(false));

    assertThat(found.getNamespace()).isEqualTo("default");
    assertThat(found.getRevision()).isEqualTo(KEYS);
    assertThat(found.getDifferences()).isZero();
    assertThat(found.getNamedList()).isEmpty();
  }

  @Test
  void everyDifferenceIsNamedAndOnlyRepairedWhenAskedTo() {
    LocalFollowers.flipByteOf(follower, "key/42");
    drop("key/7");

    Comparison seen = onlyOf(verify(false));
    assertThat(seen.getDifferences()).isEqualTo(2);
    assertThat(seen.getRepaired()).isZero();
    assertThat(seen.getNamedList())
        .containsExactlyInAnyOrder(
            difference("key/42", Kind.OTHER_CONTENT), difference("key/7", Kind.MISSING));
    assertThat(onlyOf(verify(false)).getDifferences()).as("left as it is").isEqualTo(2);

    Comparison repaired = onlyOf(verify(true));
    assertThat(repaired.getDifferences()).isEqualTo(2);
    assertThat(repaired.getRepaired()).isEqualTo(2);
    assertThat(onlyOf(verify(false)).getDifferences()).isZero();
    assertThat(client
            .get(
                NamespaceName.DEFAULT,
                Key.of("key/42"),
                io.syncline.model.ReadAt.NOW,
                io.syncline.model.Consistency.ANY)
            .content()
            .toStringUtf8())
        .isEqualTo("content 42");
  }

  @Test
  void aNamespaceThatTheCopyHasNothingOfIsRefused() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(
            () -> client.verify(follower.endpoint(), List.of(new NamespaceName("nowhere")), false))
        .withMessage("namespace \"nowhere\": not in this follower's copy of *");
  }

  @Test
  void aFollowerThatIsCutOffSaysThatItHasNothingToCompareWith() {
    cluster.stopAll();
    await().atMost(PATIENCE).until(() -> !follower.ready());

    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> verify(false))
        .withMessageContaining("cut off from what it follows");
  }

  @Test
  void aVoterIsNoCopy() {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> followers.client("operator", voter).verify(voter, List.of(), true))
        .withMessageContaining("it is no copy of another; verify a follower");
  }

  private VerifyResponse verify(boolean repair) {
    return client.verify(follower.endpoint(), List.of(), repair);
  }

  private static Comparison onlyOf(VerifyResponse response) {
    assertThat(response.getComparisonsCount()).isEqualTo(1);
    return response.getComparisons(0);
  }

  private static Difference difference(String key, Kind kind) {
    return Difference.newBuilder().setKey(Key.of(key).bytes()).setKind(kind).build();
  }

  private void drop(String key) {
    Store store = follower.replica().store();
    var batch = new StoreBatch();
    batch.dropHead(store.namespace(NamespaceName.DEFAULT).orElseThrow().id(), Key.of(key));
    store.write(batch);
  }
}
