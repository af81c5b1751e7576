package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.ConflictQuery;
import io.syncline.client.Conflicts;
import io.syncline.client.SynclineClient;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.CommandId;
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
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.Draft;
import io.syncline.server.LocalCluster;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conflicts on three voters with a follower, from where they are found to where they are settled. */
class ConflictsTest {
  private static final String BASE = "a: 1\nb: 1\nc: 1\n";
  private static final String OURS = "a: 2\nb: 1\nc: 1\n";
  private static final String THEIRS = "a: 1\nb: 1\nc: 2\n";
  private static final Precondition AT_BASE = new Precondition.AtVersion(new Version(1));

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

  private static final Key REQUESTED = Key.of("requested.yaml");
  private static final Key DRAFTED = Key.of("drafted.yaml");
  private static final Key ALTERED = Key.of("altered.yaml");

  @TempDir
  Path root;

  private LocalCluster cluster;
  private LocalFollowers followers;
  private Endpoint[] voters;
  private SynclineClient client;

  @BeforeEach
  void start() {
    cluster = LocalCluster.started(root);
    followers = new LocalFollowers(root);
    voters = cluster.addresses().stream().map(VoterAddress::client).toArray(Endpoint[]::new);
    client = followers.client("alice", voters);
  }

  @AfterEach
  void stopAll() {
    followers.close();
    cluster.close();
    assertThat(followers.faults()).isEmpty();
    assertThat(cluster.faults()).isEmpty();
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

  @Test
  void S4_49_anOpenConflictIsResolvedInTheCommitOfTheActAndTheActCanBeUndone() {
    Conflict open = openConflict();

    Conflict closed = client.conflicts().resolve(open.id(), "accept-target", "agreed");

    assertThat(closed.state()).isEqualTo(State.RESOLVED);
    ConfigVersion head = head(REQUESTED);
    Conflict.Closing closing = Objects.requireNonNull(closed.closing());
    assertThat(closing.version()).isEqualTo(head.version());
    assertThat(closing.revision()).isEqualTo(head.revision());
    assertThat(closing.by().name()).isEqualTo("alice");
    assertThat(head.content().toStringUtf8()).isEqualTo(THEIRS);
    assertThat(head.createdBy().name()).as("S4.52: not \"system\"").isEqualTo("alice");
    client.write(
        new Command.Rollback(NamespaceName.DEFAULT, REQUESTED, open.ours(), Precondition.NONE),
        "undone");
    assertThat(head(REQUESTED).content().toStringUtf8()).isEqualTo(OURS);
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> client.conflicts().resolve(open.id(), "accept-source", ""))
        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(Reason.WRONG_STATE));
  }

  @Test
  void anOpenConflictIsResolvedByAContentOnTopOfWhatTheKeyIsNow() {
    Conflict open = openConflict();
    put(NamespaceName.DEFAULT, REQUESTED, "a: 9\n", Precondition.NONE);

    client.conflicts().resolve(open.id(), ByteString.copyFromUtf8("a: 10\n"), "", "by hand");

    assertThat(head(REQUESTED).content().toStringUtf8()).isEqualTo("a: 10\n");
    assertThat(head(REQUESTED).version()).isEqualTo(new Version(4));
    assertThat(client.conflicts().get(open.id()).conflict().strategy()).isEqualTo("manual");
  }

  @Test
  void aMergeThatIsNotCertainWaitsAndNamesThePathsAndIsRecordedOnce() {
    put(NamespaceName.DEFAULT, REQUESTED, BASE, Precondition.NONE);
    put(NamespaceName.DEFAULT, REQUESTED, OURS, AT_BASE);
    var other = new Command.Put(
        NamespaceName.DEFAULT, REQUESTED, content("a: 3\nb: 1\nc: 1\n"), AT_BASE, false, null);
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(RejectedException.class)
          .isThrownBy(() -> client.write(other, "", OnConflict.by("merge")));
    }

    List<Conflict> open = client.conflicts().listAll(ConflictQuery.OPEN).toList();

    assertThat(open).hasSize(1);
    assertThat(open.get(0).paths()).extracting(path -> path.path()).containsExactly("a");
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> client.conflicts().resolve(open.get(0).id(), "merge", ""))
        .withMessageContaining("stays open");
    assertThat(client.conflicts().resolve(open.get(0).id(), "reject", "").state())
        .isEqualTo(State.REJECTED);
    assertThat(head(REQUESTED).content().toStringUtf8()).isEqualTo(OURS);
  }

  @Test
  void S4_47_lagIsNoConflictAndADamagedCopyIsNeverWritten() {
    client.write(
        new Command.UpdateNamespace(
            NamespaceName.DEFAULT,
            new NamespaceSettings(Duration.ZERO, 0, "accept-target", List.of())),
        "");
    put(NamespaceName.DEFAULT, ALTERED, BASE, Precondition.NONE);
    Follower follower = startFollower();
    awaitLevel(follower);
    LocalFollowers.flipByteOf(follower, ALTERED.toString());

    follower.verify();

    List<Conflict> found = await()
        .atMost(PATIENCE)
        .until(
            () -> client.conflicts().listAll(ConflictQuery.ALL).toList(),
            conflicts -> !conflicts.isEmpty());
    assertThat(found).hasSize(1);
    assertThat(found.get(0).type()).isEqualTo(ConflictType.CONTENT_CONFLICT);
    assertThat(found.get(0).strategy()).isEqualTo("accept-source");
    assertThat(head(ALTERED).content().toStringUtf8()).isEqualTo(BASE);
    ConfigVersion old = head(ALTERED);
    put(NamespaceName.DEFAULT, ALTERED, OURS, Precondition.NONE);
    assertThat(client.conflicts().report("edge", old, false)).as("lag").isZero();
  }

  @Test
  void aRetriedWriteIsToldWhatBecameOfItTheFirstTime() {
    put(NamespaceName.DEFAULT, REQUESTED, BASE, Precondition.NONE);
    put(NamespaceName.DEFAULT, REQUESTED, OURS, AT_BASE);
    var id = new CommandId(ByteString.copyFrom(new byte[CommandId.CLIENT_ID_SIZE_BYTES]), 1);
    var write =
        new Command.Put(NamespaceName.DEFAULT, REQUESTED, content(THEIRS), AT_BASE, false, null);
    var first = client.async().write(write, id, "", OnConflict.by("merge")).join();
    // now the same merge would not be certain any more
    put(NamespaceName.DEFAULT, REQUESTED, "a: 9\nb: 9\nc: 9\n", Precondition.NONE);

    var again = client.async().write(write, id, "", OnConflict.by("merge")).join();

    assertThat(again).isEqualTo(first);
    assertThat(client.conflicts().listAll(ConflictQuery.ALL)).hasSize(1);
    assertThat(head(REQUESTED).version()).isEqualTo(new Version(4));
  }

  @Test
  void aWatchTellsOfWhatIsRecordedAndClosed() {
    Endpoint leader = cluster.address(cluster.awaitLeader()).client();
    try (Stream<Conflict> watched = client.conflicts().watch(leader, Optional.empty())) {
      Conflict open = openConflict();
      client.conflicts().resolve(open.id(), "accept-source", "");

      assertThat(watched.limit(2).map(Conflict::state)).containsExactly(State.OPEN, State.RESOLVED);
    }
  }

  @Test
  void conflictsWithoutAWordAreOrdinaryRefusalsAndLeaveNoRecord() {
    put(NamespaceName.DEFAULT, REQUESTED, BASE, Precondition.NONE);
    put(NamespaceName.DEFAULT, REQUESTED, OURS, AT_BASE);

    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> put(NamespaceName.DEFAULT, REQUESTED, THEIRS, AT_BASE))
        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(Reason.PRECONDITION_FAILED));

    assertThat(client.conflicts().listAll(ConflictQuery.ALL)).isEmpty();
  }

  @Test
  void whatIsNotAStrategyOrHasNoBaseIsRefused() {
    var put = new Command.Put(
        NamespaceName.DEFAULT, REQUESTED, content(BASE), Precondition.NONE, false, null);
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> client.write(put, "", OnConflict.by("merge")))
        .withMessageContaining("needs to know what the change was made from");
    var based =
        new Command.Put(NamespaceName.DEFAULT, REQUESTED, content(BASE), AT_BASE, false, null);
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> client.write(based, "", OnConflict.by("newest")))
        .withMessageContaining("expected: reject, accept-source");
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> client.conflicts().get(7))
        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(Reason.KEY_NOT_FOUND));
  }

  @Test
  void tenThousandRecordsArePagedAndFiltered() throws Exception {
    NamespaceName other = new NamespaceName("other");
    client.write(new Command.CreateNamespace(other, NamespaceSettings.KEEP_ALL), "");
    for (NamespaceName namespace : List.of(NamespaceName.DEFAULT, other)) {
      put(namespace, REQUESTED, BASE, Precondition.NONE);
      put(namespace, REQUESTED, OURS, AT_BASE);
    }
    var written = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 10_000; i++) {
      // each content is another conflict
      var put = new Command.Put(
          i % 4 == 0 ? other : NamespaceName.DEFAULT,
          REQUESTED,
          content("a: 3\nn: " + i + "\n"),
          AT_BASE,
          false,
          null);
      written.add(client
          .async()
          .write(
              put, "", new OnConflict(i % 2 == 0 ? "manual" : "reject", i % 5 == 0 ? "edge-5" : ""))
          .handle((done, error) -> true));
      if (written.size() >= 500) {
        CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
        written.clear();
      }
    }
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();

    assertThat(client.conflicts().listAll(ConflictQuery.ALL).mapToLong(Conflict::id))
        .hasSize(10_000)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(client.conflicts().list(ConflictQuery.ALL, "").conflicts()).hasSize(100);
    assertThat(count(query(Optional.of(other), Optional.empty(), Optional.empty())))
        .isEqualTo(2500);
    assertThat(count(ConflictQuery.OPEN)).isEqualTo(5000);
    assertThat(count(query(Optional.empty(), Optional.of("edge-5"), Optional.empty())))
        .isEqualTo(2000);
    assertThat(count(
            query(Optional.empty(), Optional.empty(), Optional.of(ConflictType.VERSION_CONFLICT))))
        .as("those of drafts")
        .isEqualTo(2000);
    assertThat(count(new ConflictQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ofDays(1),
            Duration.ZERO,
            0)))
        .isZero();
  }

  private long count(ConflictQuery query) {
    return client.conflicts().listAll(query).count();
  }

  private static ConflictQuery query(
      Optional<NamespaceName> namespace, Optional<String> node, Optional<ConflictType> type) {
    return new ConflictQuery(
        namespace,
        Optional.empty(),
        type,
        Optional.empty(),
        node,
        Duration.ZERO,
        Duration.ZERO,
        1000);
  }

  private Conflict openConflict() {
    put(NamespaceName.DEFAULT, REQUESTED, BASE, Precondition.NONE);
    put(NamespaceName.DEFAULT, REQUESTED, OURS, AT_BASE);
    var put =
        new Command.Put(NamespaceName.DEFAULT, REQUESTED, content(THEIRS), AT_BASE, false, null);
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> client.write(put, "", OnConflict.by("manual")));
    return client.conflicts().listAll(ConflictQuery.OPEN).findFirst().orElseThrow();
  }

  private ConfigVersion head(Key key) {
    return client.get(NamespaceName.DEFAULT, key).orElseThrow();
  }

  private void put(NamespaceName namespace, Key key, String text, Precondition precondition) {
    client.write(new Command.Put(namespace, key, content(text), precondition, false, null), "");
  }

  private static Content content(String text) {
    return Content.of(ByteString.copyFromUtf8(text), "");
  }

  private Follower startFollower() {
    return followers.start("edge", Mode.PUSH, Subscription.EVERYTHING, List.of(voters));
  }

  private void awaitLevel(Follower follower) {
    Revision head = new Revision(client
        .status(cluster.address(cluster.awaitLeader()).client())
        .getHeader()
        .getRevision());
    followers.awaitAt(follower, head.value());
  }

  private static String read(SynclineClient from, NamespaceName namespace, Key key) {
    return from.get(namespace, key, ReadAt.NOW, new Consistency.Stale(Duration.ofMinutes(1)))
        .content()
        .toStringUtf8();
  }
}
