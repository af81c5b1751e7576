package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.ConflictQuery;
import io.syncline.client.Conflicts;
import io.syncline.client.SynclineClient;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.Conflict.State;
import io.syncline.model.ConflictType;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.OnConflict;
import io.syncline.model.Precondition;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.Draft;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every type of conflict, settled by every strategy, on three voters with a follower. */
class ConflictStrategiesTest extends ConflictsFixture {
  /** What each strategy makes of it. */
  private record Case(String strategy, State state, String content) {
    NamespaceName namespace() {
      return new NamespaceName("s-" + strategy.replace(':', '-'));
    }
  }

  private static final List<Case> CASES = List.of(
      new Case("reject", State.REJECTED, OURS),
      new Case("accept-source", State.RESOLVED, OURS),
      new Case("accept-target", State.RESOLVED, THEIRS),
      new Case("merge", State.RESOLVED, "a: 2\nb: 1\nc: 2\n"),
      new Case("custom:both", State.RESOLVED, OURS + THEIRS),
      new Case("manual", State.OPEN, OURS));

  private static final Key DRAFTED = Key.of("drafted.yaml");

  ConflictStrategiesTest() {
    super(3);
  }

  @Test
  void S4_14_S4_16_everyTypeEndsAsEveryStrategySaysOnEveryVoterAndFollower() {
    for (Case each : CASES) {
      client.write(
          new Command.CreateNamespace(
              each.namespace(),
              new NamespaceSettings(Duration.ZERO, 0, each.strategy(), List.of())),
          "");
      Stream.of(REQUESTED, DRAFTED, ALTERED)
          .forEach(key -> put(each.namespace(), key, BASE, Precondition.NONE));
    }
    Follower follower = startFollower();
    awaitLevel(follower);
    draftWhileCutOff(follower);

    for (Case each : CASES) {
      Stream.of(REQUESTED, DRAFTED, ALTERED)
          .forEach(key -> put(each.namespace(), key, OURS, AT_BASE));
      request(each);
    }
    Follower again = startFollower();
    awaitLevel(again);
    CASES.forEach(each -> alter(again, each.namespace()));
    again.verify();

    for (Case each : CASES) {
      assertSettled(each, ConflictType.CONCURRENT_MODIFICATION, REQUESTED, "");
      assertSettled(each, ConflictType.VERSION_CONFLICT, DRAFTED, "edge");
      assertSettled(each, ConflictType.CONTENT_CONFLICT, ALTERED, "edge");
    }
    awaitLevel(again);
    await().atMost(PATIENCE).until(() -> again.view().suspects().isEmpty());
    SynclineClient atFollower = followers.client("reader", again.endpoint());
    for (Case each : CASES) {
      for (Key key : List.of(REQUESTED, DRAFTED, ALTERED)) {
        assertThat(read(atFollower, each.namespace(), key))
            .as(each + " " + key + " at the follower")
            .isEqualTo(each.content());
        for (Endpoint voter : voters) {
          assertThat(read(followers.client("reader", voter), each.namespace(), key))
              .as(each + " " + key + " at " + voter)
              .isEqualTo(each.content());
        }
      }
    }
  }

  /** The draft is made from the base, and proposed when the key is at ours. */
  private void draftWhileCutOff(Follower follower) {
    cluster.stopAll();
    SynclineClient atFollower = followers.client("bob", follower.endpoint());
    for (Case each : CASES) {
      Draft made = atFollower
          .drafts(follower.endpoint())
          .create(
              new Command.Put(
                  each.namespace(), DRAFTED, content(THEIRS), Precondition.NONE, false, null),
              "while cut off");
      assertThat(made.getBaseVersion()).isEqualTo(1);
    }
    followers.stop(follower);
    cluster.startAll();
    cluster.awaitLeader();
  }

  private void request(Case each) {
    var put = new Command.Put(each.namespace(), REQUESTED, content(THEIRS), AT_BASE, false, null);
    if (each.state() == State.RESOLVED) {
      assertThat(client.write(put, "", OnConflict.by(each.strategy())).conflictId())
          .isPositive();
    } else {
      assertThatExceptionOfType(RejectedException.class)
          .isThrownBy(() -> client.write(put, "", OnConflict.by(each.strategy())))
          .satisfies(e -> {
            assertThat(e.rejection().reason()).isEqualTo(Reason.CONFLICT);
            assertThat(e.rejection().given()).isPositive();
            assertThat(e.rejection().current()).isNotNull();
          });
    }
  }

  /** As somebody would who writes into the copy's files: content and checksum belong together. */
  private static void alter(Follower follower, NamespaceName namespace) {
    Store store = follower.replica().store();
    int id = store.namespace(namespace).orElseThrow().id();
    ConfigVersion head = store.read(reader -> reader.head(id, ALTERED));
    ByteString other = ByteString.copyFromUtf8(THEIRS);
    var batch = new StoreBatch();
    batch.replaceHead(
        new ConfigVersion(
            head.namespace(),
            head.key(),
            head.version(),
            head.revision(),
            other,
            head.contentType(),
            Checksum.of(other),
            other.size(),
            head.createdAt(),
            head.createdBy(),
            head.reason(),
            head.rollbackOf(),
            false,
            head.bornVersion(),
            head.bornRevision(),
            head.sourceTime()),
        id);
    store.write(batch);
  }

  private void assertSettled(Case each, ConflictType type, Key key, String node) {
    Conflict found = await()
        .atMost(PATIENCE)
        .until(
            () -> client
                .conflicts()
                .listAll(ConflictQuery.ALL.withKey(each.namespace(), key))
                .toList(),
            conflicts -> !conflicts.isEmpty())
        .get(0);
    assertThat(found.type()).as(each + " " + key).isEqualTo(type);
    assertThat(found.state()).as(each + " " + key + ": " + found).isEqualTo(each.state());
    assertThat(found.strategy()).isEqualTo(each.strategy());
    assertThat(found.node()).isEqualTo(node);
    assertThat(found.base()).isEqualTo(new Version(1));
    assertThat(found.ours()).isEqualTo(new Version(2));
    Conflicts.Found whole = client.conflicts().get(found.id());
    assertThat(whole.contents().base().map(ByteString::toStringUtf8)).contains(BASE);
    assertThat(whole.contents().ours().map(ByteString::toStringUtf8)).contains(OURS);
    assertThat(whole.contents().theirs().map(ByteString::toStringUtf8)).contains(THEIRS);
    boolean written = !each.content().equals(OURS);
    if (found.isOpen()) {
      assertThat(found.closing()).isNull();
    } else {
      assertThat(found.closing()).isNotNull();
      assertThat(found.closing().version()).isEqualTo(written ? new Version(3) : Version.NONE);
    }
  }

  private static String read(SynclineClient from, NamespaceName namespace, Key key) {
    return from.get(namespace, key, ReadAt.NOW, new Consistency.Stale(Duration.ofMinutes(1)))
        .content()
        .toStringUtf8();
  }
}
