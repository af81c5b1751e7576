package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.Draft;
import io.syncline.proto.api.v1.Draft.State;
import io.syncline.server.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes written down at a follower while the centre is gone. */
class FollowerDraftsTest {
  private static final Key KEY = Key.of("routes/api");

  @TempDir
  Path root;

  private LocalCluster cluster;
  private LocalFollowers followers;
  private String leader;
  private Follower follower;

  @BeforeEach
  void startWithACopy() {
    cluster = new LocalCluster(root, 1, builder -> builder);
    followers = new LocalFollowers(root);
    cluster.startAll();
    leader = cluster.awaitLeader();
    cluster.put(leader, "routes/api", "blue");
    follower = startFollower(Subscription.EVERYTHING);
    followers.awaitAt(follower, 1);
  }

  @AfterEach
  void stopAll() {
    followers.close();
    cluster.close();
    assertThat(followers.faults()).isEmpty();
  }

  @Test
  void aDraftIsKeptWhileCutOffAndBecomesAVersionByItsAuthorOnReconnect() {
    cluster.stopAll();
    Draft made = drafts("alice").create(put(KEY, "green"), "the blue ones are gone");

    assertThat(made.getState()).isEqualTo(State.PENDING);
    assertThat(made.getBaseVersion()).isEqualTo(1);
    assertThat(atFollower(KEY).content().toStringUtf8())
        .as("nothing that is read has changed")
        .isEqualTo("blue");
    followers.stop(follower);
    follower = startFollower(Subscription.EVERYTHING);
    assertThat(drafts("alice").list()).extracting(Draft::getId).containsExactly(made.getId());

    cluster.startAll();
    leader = cluster.awaitLeader();

    Draft decided = awaitDecided(made.getId());
    assertThat(decided.getState()).isEqualTo(State.ACCEPTED);
    assertThat(decided.getVersion()).isEqualTo(2);
    followers.awaitAt(follower, 2);
    ConfigVersion head = atFollower(KEY);
    assertThat(head.content().toStringUtf8()).isEqualTo("green");
    assertThat(head.createdBy().name()).isEqualTo("alice");
    assertThat(head.reason()).isEqualTo("the blue ones are gone (draft 1 of edge)");
  }

  @Test
  void aStaleDraftIsRefusedAndBothVersionsAreNamed() {
    cluster.stopAll();
    Draft made = drafts("alice").create(put(KEY, "green"), "");
    followers.stop(follower);
    cluster.startAll();
    leader = cluster.awaitLeader();
    cluster.put(leader, "routes/api", "red");

    follower = startFollower(Subscription.EVERYTHING);

    Draft decided = awaitDecided(made.getId());
    assertThat(decided.getState()).isEqualTo(State.REFUSED);
    assertThat(decided.getBaseVersion()).isEqualTo(1);
    assertThat(decided.getHeadVersion()).isEqualTo(2);
    assertThat(decided.getDetail())
        .startsWith("made from version 1, but the key is at version 2, by ")
        .endsWith("; compare them and decide anew; recorded as conflict 1");
    assertThat(decided.getContent().toStringUtf8()).as("nothing is lost").isEqualTo("green");
    assertThat(atVoter(KEY).content().toStringUtf8()).isEqualTo("red");
  }

  @Test
  void aDraftOfADeletionAndOneOfANewKeyAreProposedInOrder() {
    cluster.stopAll();
    Draft deletion = drafts("bob")
        .create(new Command.Delete(NamespaceName.DEFAULT, KEY, Precondition.NONE, null), "");
    Draft creation = drafts("bob").create(put(Key.of("routes/new"), "x"), "");
    assertThat(creation.getBaseVersion()).isZero();

    cluster.startAll();
    leader = cluster.awaitLeader();

    assertThat(awaitDecided(deletion.getId()).getRevision()).isEqualTo(2);
    assertThat(awaitDecided(creation.getId()).getRevision()).isEqualTo(3);
    followers.awaitAt(follower, 3);
    assertThat(atFollower(Key.of("routes/new")).content().toStringUtf8()).isEqualTo("x");
  }

  @Test
  void aLaterDraftOfAKeyReplacesTheOneThatWaitsAndKeepsItsBase() {
    cluster.stopAll();
    drafts("alice").create(put(KEY, "green"), "");
    Draft second = drafts("alice").create(put(KEY, "yellow"), "");

    assertThat(drafts("alice").list()).extracting(Draft::getId).containsExactly(second.getId());
    assertThat(second.getBaseVersion()).isEqualTo(1);
    assertThat(drafts("alice").discard(second.getId()).getSizeBytes()).isEqualTo(6);
    assertThat(drafts("alice").list()).isEmpty();
  }

  @Test
  void aDraftOfWhatTheFollowerHasNoCopyOfIsRefused() {
    followers.stop(follower);
    follower = startFollower(Subscription.parse("default:limits/"));
    followers.awaitAt(follower, 1);

    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> drafts("alice").create(put(KEY, "green"), ""))
        .withMessageContaining("not in this follower's copy of default:limits/");
  }

  @Test
  void aDraftWhoseConditionDoesNotHoldInTheCopyIsRefusedAtOnce() {
    var stale = new Command.Put(
        NamespaceName.DEFAULT,
        KEY,
        content("green"),
        new Precondition.AtVersion(new Version(7)),
        false,
        null);

    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> drafts("alice").create(stale, ""))
        .withMessageContaining("it is at version 1")
        .withMessageContaining("expected: version 7");
  }

  @Test
  void aVoterKeepsNoDrafts() {
    Endpoint voter = cluster.address(leader).client();

    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> followers.client("alice", voter).drafts(voter).list())
        .withMessageContaining("drafts are kept by followers");
  }

  @Test
  void aDamagedDraftIsSetAsideAndTheOthersAreKept() throws IOException {
    cluster.stopAll();
    Draft damaged = drafts("alice").create(put(KEY, "green"), "");
    Draft whole = drafts("alice").create(put(Key.of("other"), "x"), "");
    followers.stop(follower);
    Path file = root.resolve("edge/drafts/" + damaged.getId());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    follower = startFollower(Subscription.EVERYTHING);

    assertThat(drafts("alice").list()).extracting(Draft::getId).containsExactly(whole.getId());
    assertThat(file.resolveSibling(damaged.getId() + ".damaged")).exists();
  }

  private Follower startFollower(Subscription subscription) {
    return followers.start(
        "edge", Mode.AUTO, subscription, List.of(cluster.address(leader).client()));
  }

  private FollowerDrafts drafts(String actor) {
    Endpoint node = follower.endpoint();
    return followers.client(actor, node).drafts(node);
  }

  private Draft awaitDecided(long id) {
    return await()
        .atMost(PATIENCE)
        .until(() -> drafts("alice").get(id), draft -> draft.getState() != State.PENDING);
  }

  private ConfigVersion atFollower(Key key) {
    return read(followers.client("reader", follower.endpoint()), key);
  }

  private ConfigVersion atVoter(Key key) {
    return read(followers.client("reader", cluster.address(leader).client()), key);
  }

  private static ConfigVersion read(SynclineClient client, Key key) {
    return client.get(
        NamespaceName.DEFAULT,
        key,
        io.syncline.model.ReadAt.NOW,
        io.syncline.model.Consistency.ANY);
  }

  private static Command put(Key key, String content) {
    return new Command.Put(
        NamespaceName.DEFAULT, key, content(content), Precondition.NONE, false, null);
  }

  private static Content content(String text) {
    return Content.of(ByteString.copyFromUtf8(text), "text/plain");
  }
}
