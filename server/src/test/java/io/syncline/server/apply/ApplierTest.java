package io.syncline.server.apply;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.atRevision;
import static io.syncline.server.Commands.atVersion;
import static io.syncline.server.Commands.compare;
import static io.syncline.server.Commands.content;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.deleteRange;
import static io.syncline.server.Commands.deleting;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.putting;
import static io.syncline.server.Commands.rollback;
import static io.syncline.server.Commands.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of commands about keys. */
class ApplierTest extends ApplierFixture {
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
}
