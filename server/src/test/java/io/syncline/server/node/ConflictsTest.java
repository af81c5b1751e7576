package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.ConflictQuery;
import io.syncline.model.Command;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.Conflict.State;
import io.syncline.model.ConflictType;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.OnConflict;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Conflicts from where they are found to where they are settled. */
class ConflictsTest extends ConflictsFixture {
  ConflictsTest() {
    super(1);
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
}
