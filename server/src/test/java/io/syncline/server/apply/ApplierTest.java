package io.syncline.server.apply;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.atRevision;
import static io.syncline.server.Commands.atVersion;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.compare;
import static io.syncline.server.Commands.content;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.deleteRange;
import static io.syncline.server.Commands.deleting;
import static io.syncline.server.Commands.prune;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.putting;
import static io.syncline.server.Commands.rollback;
import static io.syncline.server.Commands.transaction;
import static io.syncline.server.Commands.undelete;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of each command. */
class ApplierTest {
  @TempDir
  Path folder;

  private AppliedStore store;

  @BeforeEach
  void open() {
    store = new AppliedStore(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void S4_34_S4_36_aPutMakesTheNextVersionAtTheNextRevisionWithItsChecksum() {
    Outcome.Committed first = store.committed(put("key", "one"));
    Outcome.Committed second = store.committed(put("key", "two"));

    assertThat(first.revision()).isEqualTo(new Revision(1));
    assertThat(second.revision()).isEqualTo(new Revision(2));
    assertThat(second.changed()).isTrue();
    ConfigVersion head = store.head("key");
    assertThat(head.version()).isEqualTo(new Version(2));
    assertThat(head.revision()).isEqualTo(new Revision(2));
    assertThat(head.content().toStringUtf8()).isEqualTo("two");
    assertThat(head.checksum()).isEqualTo(content("two").checksum());
    assertThat(head.createdBy()).isEqualTo(AppliedStore.ACTOR);
    assertThat(head.reason()).isEqualTo("because");
    assertThat(head.bornVersion()).isEqualTo(new Version(1));
    assertThat(second.versions()).containsExactly(head.withoutContent());
  }

  @Test
  void S0_9_aPutOfEqualContentMakesNoVersionUnlessForced() {
    store.committed(put("key", "same"));

    Outcome.Committed repeated = store.committed(put("key", "same"));
    assertThat(repeated.changed()).isFalse();
    assertThat(repeated.revision()).isEqualTo(new Revision(1));
    assertThat(repeated.versions()).containsExactly(store.head("key").withoutContent());
    assertThat(store.head("key").version()).isEqualTo(new Version(1));

    Outcome.Committed forced =
        store.committed(put(DEFAULT, "key", "same", Precondition.NONE, true));
    assertThat(forced.changed()).isTrue();
    assertThat(store.head("key").version()).isEqualTo(new Version(2));
  }

  @Test
  void theSourceTimeOfAnImportIsKept() {
    Instant then = Instant.ofEpochMilli(1_500_000_000_000L);
    store.committed(
        new Command.Put(DEFAULT, Key.of("key"), content("x"), Precondition.NONE, false, then));

    assertThat(store.head("key").sourceTime()).isEqualTo(then);
  }

  @Test
  void S1_32_aPutIsCarriedOutOnlyIfItsPreconditionHolds() {
    store.committed(put("key", "one"));
    Checksum one = content("one").checksum();
    Checksum two = content("two").checksum();

    for (Precondition wrong : List.of(
        Precondition.ABSENT,
        atVersion(0),
        atVersion(2),
        atRevision(0),
        atRevision(2),
        new Precondition.AtChecksum(two))) {
      Rejection refusal = store.rejected(put("key", "two", wrong));
      assertThat(refusal.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
      assertThat(refusal.current()).isEqualTo(store.head("key").withoutContent());
      assertThat(refusal.message()).contains("\"key\"", "version 1", wrong.describe());
    }
    assertThat(store.revision()).isEqualTo(new Revision(1));

    store.committed(put("key", "two", new Precondition.AtChecksum(one)));
    store.committed(put("key", "three", atVersion(2)));
    store.committed(put("key", "four", atRevision(3)));
    store.committed(put("new", "one", Precondition.ABSENT));
    store.committed(put("newer", "one", atVersion(0)));
    assertThat(store.revision()).isEqualTo(new Revision(6));
  }

  @Test
  void ofTwoWritersThatReadTheSameVersionOneIsRefused() {
    store.committed(put("counter", "0"));

    List<Outcome> outcomes =
        store.apply(put("counter", "1", atVersion(1)), put("counter", "1", atVersion(1)));

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Committed.class);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void aDeletedKeyIsAbsentButNotAsIfItHadNeverExisted() {
    store.committed(put("key", "one"));
    store.committed(delete("key"));

    assertThat(store.rejected(put("key", "x", atVersion(0))).message())
        .contains("deleted at version 2");
    store.committed(put("key", "one", Precondition.ABSENT));

    ConfigVersion head = store.head("key");
    assertThat(head.version()).isEqualTo(new Version(3));
    assertThat(head.beginsLife()).isTrue();
    assertThat(head.bornRevision()).isEqualTo(new Revision(3));
  }

  @Test
  void S4_10_aDeleteIsATombstoneWithActorAndReason() {
    store.committed(put("key", "one"));
    Outcome.Committed deleted = store.committed(delete("key"));

    ConfigVersion head = store.head("key");
    assertThat(deleted.versions()).containsExactly(head);
    assertThat(head.tombstone()).isTrue();
    assertThat(head.version()).isEqualTo(new Version(2));
    assertThat(head.checksum()).isEqualTo(Checksum.OF_NOTHING);
    assertThat(head.createdBy()).isEqualTo(AppliedStore.ACTOR);
    assertThat(head.reason()).isEqualTo("because");
    assertThat(head.bornVersion()).isEqualTo(new Version(1));
    assertThat(versionOf("key", 1).content().toStringUtf8()).isEqualTo("one");
  }

  @Test
  void whatIsNotThereCannotBeDeleted() {
    assertThat(store.rejected(delete("key")).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    store.committed(put("key", "one"));
    store.committed(delete("key"));
    assertThat(store.rejected(delete("key")).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(store
            .rejected(new Command.Delete(DEFAULT, Key.of("key"), atVersion(1), null))
            .reason())
        .isEqualTo(Reason.PRECONDITION_FAILED);
    assertThat(store.revision()).isEqualTo(new Revision(2));
  }

  @Test
  void aRangeIsDeletedAtOneRevisionInOrderOfItsKeys() {
    store.apply(put("a/2", "x"), put("a/1", "x"), put("b/1", "x"), put("a/3", "x"));
    store.committed(delete("a/3"));

    Outcome.Committed deleted = store.committed(deleteRange("a/"));

    assertThat(deleted.revision()).isEqualTo(new Revision(6));
    assertThat(deleted.versions())
        .extracting(v -> v.key().toString())
        .containsExactly("a/1", "a/2");
    assertThat(deleted.versions()).allMatch(ConfigVersion::tombstone);
    assertThat(deleted.versions())
        .extracting(ConfigVersion::revision)
        .containsOnly(new Revision(6));
    assertThat(store.head("b/1").live()).isTrue();
    Outcome.Committed again = store.committed(deleteRange("a/"));
    assertThat(again.changed()).isFalse();
    assertThat(again.revision()).isEqualTo(new Revision(6));
  }

  @Test
  void aRangeDeleteSeesWhatItsBatchDidBefore() {
    store.apply(put("a/1", "x"), put("a/2", "x"));

    store.apply(put("a/3", "x"), delete("a/1"), deleteRange("a/"));

    assertThat(store.changes().subList(4, 6))
        .extracting(v -> v.key().toString())
        .containsExactly("a/2", "a/3");
    assertThat(namespace().liveKeys()).isZero();
  }

  @Test
  void aRangeOfMoreThanTenThousandKeysIsRefusedWhole() {
    List<Operation> operations =
        IntStream.range(0, 10_001).mapToObj(i -> putting("key/" + i, "x")).toList();
    store.committed(transaction(List.of(), operations, List.of()));

    Rejection refusal = store.rejected(deleteRange("key/"));

    assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY);
    assertThat(refusal.given()).isEqualTo(10_001);
    assertThat(refusal.limit()).isEqualTo(10_000);
    assertThat(namespace().liveKeys()).isEqualTo(10_001);
    store.committed(deleteRange("key/1000"));
    store.committed(deleteRange("key/"));
    assertThat(namespace().liveKeys()).isZero();
  }

  @Test
  void anUndeleteBringsBackWhatWasThereBeforeTheDelete() {
    store.committed(put("key", "one"));
    store.committed(put("key", "two"));
    store.committed(delete("key"));

    store.committed(undelete("key"));

    ConfigVersion head = store.head("key");
    assertThat(head.content().toStringUtf8()).isEqualTo("two");
    assertThat(head.rollbackOf()).isEqualTo(new Version(2));
    assertThat(head.version()).isEqualTo(new Version(4));
    assertThat(head.beginsLife()).isTrue();
    assertThat(head.contentType()).isEqualTo("text/plain");
  }

  @Test
  void onlyADeletedKeyIsUndeleted() {
    assertThat(store.rejected(undelete("key")).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    store.committed(put("key", "one"));
    assertThat(store.rejected(undelete("key")).reason()).isEqualTo(Reason.WRONG_STATE);
    store.committed(delete("key"));
    assertThat(store
            .rejected(new Command.Undelete(DEFAULT, Key.of("key"), atVersion(1)))
            .reason())
        .isEqualTo(Reason.PRECONDITION_FAILED);
    assertThat(store.revision()).isEqualTo(new Revision(2));
  }

  @Test
  void S4_44_aRollbackIsANewVersionWithTheOldContentAndChecksum() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "three"));

    Outcome.Committed rolledBack = store.committed(rollback("key", 1));

    ConfigVersion head = store.head("key");
    assertThat(rolledBack.versions()).containsExactly(head.withoutContent());
    assertThat(head.version()).isEqualTo(new Version(4));
    assertThat(head.content().toStringUtf8()).isEqualTo("one");
    assertThat(head.checksum()).isEqualTo(content("one").checksum());
    assertThat(head.rollbackOf()).isEqualTo(new Version(1));
    assertThat(head.bornVersion()).isEqualTo(new Version(1));
  }

  @Test
  void S4_45_rollbackIsWrittenByTheRealActorAlsoAfterADeleteAndByCompareAndSet() {
    store.apply(put("key", "one"), put("key", "two"));
    store.committed(delete("key"));
    var operator = new Actor("oncall", true);

    Rejection refusal = store.rejected(rollback("key", 1, atVersion(2)));
    store.apply(List.of(
        new ProposedCommand(null, operator, "bad deploy", rollback("key", 1, atVersion(3)))));

    assertThat(refusal.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
    ConfigVersion head = store.head("key");
    assertThat(head.createdBy()).isEqualTo(operator);
    assertThat(head.reason()).isEqualTo("bad deploy");
    assertThat(head.rollbackOf()).isEqualTo(new Version(1));
    assertThat(head.version()).isEqualTo(new Version(4));
    assertThat(head.beginsLife()).isTrue();
  }

  @Test
  void aRollbackToWhatIsThereMakesNoVersion() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "one"));

    assertThat(store.committed(rollback("key", 3)).changed()).isFalse();
    assertThat(store.committed(rollback("key", 1)).changed()).isFalse();
    assertThat(store.revision()).isEqualTo(new Revision(3));
  }

  @Test
  void aRollbackToNoContentIsRefused() {
    store.apply(put("key", "one"), delete("key"), put("key", "two"));

    assertThat(store.rejected(rollback("key", 2)).reason()).isEqualTo(Reason.WRONG_STATE);
    Rejection beyond = store.rejected(rollback("key", 4));
    assertThat(beyond.reason()).isEqualTo(Reason.VERSION_NOT_FOUND);
    assertThat(beyond.message()).contains("version 4", "1 to 3");
    assertThat(store.rejected(rollback("key", 0)).reason()).isEqualTo(Reason.VERSION_NOT_FOUND);
    assertThat(store.rejected(rollback("none", 1)).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    store.committed(delete("key"));
    assertThat(store.rejected(rollback("key", 4)).reason()).isEqualTo(Reason.WRONG_STATE);
    assertThat(store.revision()).isEqualTo(new Revision(4));
  }

  @Test
  void aRollbackToACompactedVersionIsRefusedWhetherItWasSweptOrNot() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "three"), put("key", "four"));
    store.committed(compact(3));

    Rejection refusal = store.rejected(rollback("key", 2));

    assertThat(refusal.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(refusal.nearest()).isEqualTo(new Revision(3));
    assertThat(store.committed(rollback("key", 3)).changed()).isTrue();
    assertThat(store.committed(rollback("key", 4)).changed()).isTrue();
  }

  @Test
  void anUndeleteOfACompactedContentIsRefused() {
    store.apply(put("key", "one"), delete("key"), put("other", "x"));
    store.committed(compact(2));

    assertThat(store.rejected(undelete("key")).reason()).isEqualTo(Reason.COMPACTED);
  }

  @Test
  void aTransactionRunsTheBranchItsComparesChooseWholeAtOneRevision() {
    store.apply(put("a", "1"), put("b", "1"));
    Command transfer = transaction(
        List.of(compare("a", atVersion(1)), compare("b", atVersion(1))),
        List.of(putting("a", "0"), putting("b", "2"), putting("log", "moved")),
        List.of(putting("log", "refused")));

    Outcome.Committed moved = store.committed(transfer);
    Outcome.Committed refused = store.committed(transfer);

    assertThat(moved.comparesHeld()).isTrue();
    assertThat(moved.revision()).isEqualTo(new Revision(3));
    assertThat(moved.versions())
        .extracting(v -> v.key() + "@" + v.revision())
        .containsExactly("a@3", "b@3", "log@3");
    assertThat(refused.comparesHeld()).isFalse();
    assertThat(refused.changed()).isTrue();
    assertThat(store.head("log").content().toStringUtf8()).isEqualTo("refused");
    assertThat(store.head("a").content().toStringUtf8()).isEqualTo("0");
  }

  @Test
  void aBranchThatChangesNothingMakesNoRevision() {
    store.apply(put("a", "1"), put("b", "1"), delete("b"));

    Outcome.Committed same = store.committed(transaction(
        List.of(), List.of(putting("a", "1"), deleting("b"), deleting("c")), List.of()));
    Outcome.Committed empty = store.committed(
        transaction(List.of(compare("a", atVersion(9))), List.of(putting("a", "2")), List.of()));

    assertThat(same.changed()).isFalse();
    assertThat(same.versions()).extracting(v -> v.key().toString()).containsExactly("a", "b");
    assertThat(empty.changed()).isFalse();
    assertThat(empty.comparesHeld()).isFalse();
    assertThat(store.revision()).isEqualTo(new Revision(3));
  }

  @Test
  void aNamespaceIsMadeOnceAndItsSettingsChanged() {
    store.committed(createNamespace(OTHER));
    assertThat(store.rejected(createNamespace(OTHER)).reason()).isEqualTo(Reason.NAMESPACE_EXISTS);
    var settings = new NamespaceSettings(Duration.ofDays(1), 5);
    store.committed(new Command.UpdateNamespace(OTHER, settings));

    NamespaceRecord record = store.namespace(OTHER);
    assertThat(record.settings()).isEqualTo(settings);
    assertThat(record.createdBy()).isEqualTo(AppliedStore.ACTOR);
    assertThat(record.id()).isNotEqualTo(namespace().id());
    assertThat(store.revision()).isEqualTo(Revision.ZERO);
  }

  @Test
  void sameKeysOfTwoNamespacesAreStrangers() {
    store.apply(
        createNamespace(OTHER),
        put("key", "one"),
        put(OTHER, "key", "two", Precondition.ABSENT, false));

    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("one");
    assertThat(store.namespace(OTHER).liveKeys()).isEqualTo(1);
    assertThat(store.namespace(OTHER).revision()).isEqualTo(new Revision(2));
    store.committed(deleteRange(""));
    assertThat(store.namespace(OTHER).liveKeys()).isEqualTo(1);
    assertThat(namespace().liveKeys()).isZero();
  }

  @Test
  void thereAreAtMostTenThousandNamespaces() {
    Command[] creates = IntStream.range(0, 10_000)
        .mapToObj(i -> createNamespace(new NamespaceName("n" + i)))
        .toArray(Command[]::new);

    List<Outcome> outcomes = store.apply(creates);

    assertThat(outcomes.subList(0, 9_999)).allMatch(Outcome.Committed.class::isInstance);
    assertThat(outcomes.get(9_999)).isInstanceOfSatisfying(Outcome.Rejected.class, refused -> {
      assertThat(refused.rejection().reason()).isEqualTo(Reason.TOO_MANY);
      assertThat(refused.rejection().limit()).isEqualTo(10_000);
    });
  }

  static List<Command> commandsInAnUnknownNamespace() {
    NamespaceName none = new NamespaceName("none");
    Key key = Key.of("key");
    return List.of(
        put(none, "key", "x", Precondition.NONE, false),
        new Command.Delete(none, key, Precondition.NONE, null),
        new Command.DeleteRange(none, KeyRange.ALL),
        new Command.Undelete(none, key, Precondition.NONE),
        new Command.Rollback(none, key, new Version(1), Precondition.NONE),
        new Command.Transaction(none, List.of(), List.of(), List.of()),
        new Command.UpdateNamespace(none, NamespaceSettings.KEEP_ALL),
        new Command.Compact(none, Revision.ZERO),
        new Command.Prune(none, List.of()));
  }

  @ParameterizedTest
  @MethodSource("commandsInAnUnknownNamespace")
  void everyCommandInAnUnknownNamespaceIsRefusedByItsName(Command command) {
    Rejection refusal = store.rejected(command);

    assertThat(refusal.reason()).isEqualTo(Reason.NAMESPACE_NOT_FOUND);
    assertThat(refusal.message()).contains("\"none\"");
    assertThat(store.revision()).isEqualTo(Revision.ZERO);
  }

  @Test
  void aCompactionRaisesTheHorizonNeverLowersItAndIsNoRevision() {
    store.apply(put("key", "1"), put("key", "2"), put("key", "3"));

    store.committed(compact(2));
    store.committed(compact(2));
    store.committed(compact(1));

    assertThat(namespace().horizon()).isEqualTo(new Revision(2));
    assertThat(store.revision()).isEqualTo(new Revision(3));
    Rejection future = store.rejected(compact(4));
    assertThat(future.reason()).isEqualTo(Reason.FUTURE_REVISION);
    assertThat(future.nearest()).isEqualTo(new Revision(3));
  }

  @Test
  void aCompactionOfAllNamespacesRaisesEveryHorizon() {
    store.apply(
        createNamespace(OTHER), put("key", "1"), new Command.Compact(null, new Revision(1)));

    assertThat(namespace().horizon()).isEqualTo(new Revision(1));
    assertThat(store.namespace(OTHER).horizon()).isEqualTo(new Revision(1));
  }

  @Test
  void aPruneDropsOldVersionsOfItsKeyAndLeavesOtherKeysTheirs() {
    store.apply(put("key", "1"), put("key", "2"), put("key", "3"), put("key", "4"));
    store.apply(put("quiet", "1"), put("quiet", "2"));

    store.committed(prune("key", 3));

    assertThat(namespace().horizon()).isEqualTo(Revision.ZERO);
    assertThat(namespace().completeFrom()).isEqualTo(new Revision(3));
    store.committed(rollback("quiet", 1));
    assertThat(store.rejected(rollback("key", 2)).reason()).isEqualTo(Reason.COMPACTED);
    assertThat(versionOf("key", 3).content().toStringUtf8()).isEqualTo("3");
    assertThat(store.revision()).isEqualTo(new Revision(7));
    NamespaceRecord before = namespace();
    store.apply(prune("key", 3), prune("none", 3));
    assertThat(namespace()).isEqualTo(before);
  }

  @Test
  void aPruneNeverDropsTheNewestVersion() {
    store.apply(put("key", "1"), put("key", "2"));

    store.committed(prune("key", 99));

    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("2");
    assertThat(versionOf("key", 2).content().toStringUtf8()).isEqualTo("2");
  }

  @Test
  void aPruneOfWhatItsOwnBatchSupersededSaysThatTheChangeLogHasAHole() {
    store.committed(put("key", "1"));

    store.apply(put("key", "2"), prune("key", 2));

    assertThat(namespace().completeFrom()).isEqualTo(new Revision(2));
    assertThat(store.rejected(rollback("key", 1)).reason()).isEqualTo(Reason.COMPACTED);
  }

  @Test
  void aBarrierChangesNothing() {
    store.committed(put("key", "1"));
    NamespaceRecord before = namespace();

    Outcome.Committed passed = store.committed(new Command.Barrier());

    assertThat(passed.changed()).isFalse();
    assertThat(passed.revision()).isEqualTo(new Revision(1));
    assertThat(namespace()).isEqualTo(before);
  }

  @Test
  void commandsOfOneBatchSeeEachOther() {
    store.apply(
        put("key", "one"),
        put("key", "two", atVersion(1)),
        delete("key"),
        rollback("key", 1, atVersion(3)),
        put("key", "one"),
        put("key", "five", atRevision(4)));

    ConfigVersion head = store.head("key");
    assertThat(head.version()).isEqualTo(new Version(5));
    assertThat(head.bornVersion()).isEqualTo(new Version(4));
    assertThat(head.content().toStringUtf8()).isEqualTo("five");
    assertThat(store.revision()).isEqualTo(new Revision(5));
    assertThat(namespace().liveKeys()).isEqualTo(1);
  }

  @Test
  void S4_32_revisionsAreContiguousAndARefusalTakesNone() {
    var made = new ArrayList<Long>();
    for (int i = 0; i < 50; i++) {
      store.apply(
          put("key", "x" + i), put("key", "y", atVersion(99)), delete("none"), put("b", "" + i));
    }
    store.changes().forEach(change -> made.add(change.revision().value()));

    assertThat(made)
        .isEqualTo(IntStream.rangeClosed(1, 100).mapToObj(i -> (long) i).toList());
  }

  @Test
  void S0_52_timeNeverRunsBackwardsWhenTheProposersClockDoes() {
    store.applyAt(2_000_000, List.of(AppliedStore.proposed(put("key", "1"))));
    store.applyAt(1_000_000, List.of(AppliedStore.proposed(put("key", "2"))));
    store.reopen();
    store.applyAt(1_500_000, List.of(AppliedStore.proposed(put("key", "3"))));
    store.applyAt(2_000_001, List.of(AppliedStore.proposed(put("key", "4"))));

    assertThat(store.changes())
        .extracting(change -> change.createdAt().toEpochMilli())
        .containsExactly(2_000_000L, 2_000_000L, 2_000_000L, 2_000_001L);
    assertThat(store.changes())
        .extracting(change -> change.version().value())
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void liveKeysAndBytesAreCounted() {
    store.apply(put("k1", "12345"), put("k2", "1"), put("k1", "123"), put("k3", ""));
    assertThat(namespace().liveKeys()).isEqualTo(3);
    assertThat(namespace().liveBytes()).isEqualTo(5 + 3 + 2);
    assertThat(namespace().changes()).isEqualTo(4);

    store.apply(delete("k1"), delete("k3"));
    assertThat(namespace().liveKeys()).isEqualTo(1);
    assertThat(namespace().liveBytes()).isEqualTo(3);

    store.apply(undelete("k1"));
    assertThat(namespace().liveBytes()).isEqualTo(3 + 5);
  }

  private NamespaceRecord namespace() {
    return store.namespace(DEFAULT);
  }

  private ConfigVersion versionOf(String key, long version) {
    ConfigVersion found =
        store.store().read(r -> r.version(namespace().id(), Key.of(key), new Version(version)));
    if (found == null) {
      throw new AssertionError("no version " + version + " of " + key);
    }
    return found;
  }
}
