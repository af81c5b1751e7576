package io.syncline.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.RangeQuery;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Compare;
import io.syncline.model.Txn.Operation;
import io.syncline.model.Txn.Relation;
import io.syncline.model.Txn.Target;
import io.syncline.model.TxnResult;
import io.syncline.model.TxnResult.Step;
import io.syncline.server.AppliedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions, leases and compaction, by etcd's rules. */
class KeyspaceDeciderTest {
  private static final NamespaceName ETCD = new NamespaceName("etcd");
  private static final KeyRange ALL = KeyRange.ALL;

  @TempDir
  Path folder;

  private AppliedStore store;

  @BeforeEach
  void found() {
    store = new AppliedStore(folder);
    store.committed(keyspace(new KeyspaceCommand.Found(ETCD)));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Command keyspace(KeyspaceCommand command) {
    return new Command.Keyspace(command, 0);
  }

  private static Command transact(Txn txn) {
    return keyspace(new KeyspaceCommand.Transact(ETCD, txn));
  }

  private TxnResult run(Txn txn) {
    TxnResult result = store.committed(transact(txn)).result();
    assertThat(result).isNotNull();
    return result;
  }

  private TxnResult run(Operation... operations) {
    return run(new Txn(List.of(), List.of(operations), List.of()));
  }

  private Rejection refuse(Operation... operations) {
    return store.rejected(transact(new Txn(List.of(), List.of(operations), List.of())));
  }

  private static Operation put(String key, String value) {
    return put(key, value, 0);
  }

  private static Operation put(String key, String value, long lease) {
    return new Operation.Put(
        Key.of(key), Content.of(ByteString.copyFromUtf8(value), ""), lease, false, false);
  }

  private static Operation delete(String key) {
    return new Operation.Delete(KeyRange.single(Key.of(key)), true);
  }

  private static Operation get(KeyRange keys) {
    return new Operation.Get(RangeQuery.of(keys));
  }

  private static RangeQuery at(long revision) {
    return new RangeQuery(
        ALL,
        0,
        Revision.of(revision),
        RangeQuery.Order.NONE,
        RangeQuery.Target.KEY,
        false,
        false,
        0,
        0,
        0,
        0);
  }

  private static Compare compare(String key, Target target, Relation relation, long number) {
    return new Compare(KeyRange.single(Key.of(key)), target, relation, number, ByteString.EMPTY);
  }

  private static List<String> shown(Step step) {
    return ((Step.Got) step)
        .result().versions().stream()
            .map(v -> v.key() + "=" + v.content().toStringUtf8())
            .toList();
  }

  private Outcome.Committed grant(long id, int seconds) {
    return store.committed(
        keyspace(new KeyspaceCommand.GrantLease(id, Duration.ofSeconds(seconds))));
  }

  @Test
  void aFoundedKeyspaceStandsAtRevisionOneAndIsFoundedOnce() {
    assertThat(store.revision()).isEqualTo(Revision.of(1));

    store.committed(keyspace(new KeyspaceCommand.Found(ETCD)));

    assertThat(store.revision()).isEqualTo(Revision.of(1));
    assertThat(run(put("k", "v")).revision()).isEqualTo(Revision.of(2));
  }

  @Test
  void aTransactionIsOneRevisionAndOneThatChangesNothingIsNone() {
    assertThat(run(put("a", "1"), put("b", "2")).revision()).isEqualTo(Revision.of(2));
    assertThat(run().revision()).isEqualTo(Revision.of(2));
    assertThat(run(delete("none")).revision()).isEqualTo(Revision.of(2));
    assertThat(run(get(ALL)).revision()).isEqualTo(Revision.of(2));
    assertThat(store.revision()).isEqualTo(Revision.of(2));
    assertThat(store.changes()).extracting(v -> v.revision().value()).containsExactly(2L, 2L);
  }

  @Test
  void aPutOfTheSameValueIsAVersionAndTheCountBeginsAnewAfterADelete() {
    run(put("k", "v"));
    run(put("k", "v"));
    assertThat(head("k").lifeVersion()).isEqualTo(2);

    run(delete("k"));
    run(put("k", "v"));

    assertThat(head("k").lifeVersion()).isEqualTo(1);
    assertThat(head("k").bornRevision()).isEqualTo(Revision.of(5));
  }

  @Test
  void operationsSeeWhatTheOnesBeforeThemMade() {
    run(put("a", "1"), put("c", "3"));

    TxnResult result = run(get(ALL), put("b", "2"), get(ALL), delete("c"), get(ALL));

    assertThat(shown(result.steps().get(0))).containsExactly("a=1", "c=3");
    assertThat(shown(result.steps().get(2))).containsExactly("a=1", "b=2", "c=3");
    assertThat(shown(result.steps().get(4))).containsExactly("a=1", "b=2");
    assertThat(((Step.Got) result.steps().get(0)).result().revision()).isEqualTo(Revision.of(2));
    assertThat(((Step.Got) result.steps().get(2)).result().revision()).isEqualTo(Revision.of(3));
  }

  @Test
  void comparisonsOfNestedTransactionsLookAtTheStateBefore() {
    var nested = new Txn(
        List.of(compare("k", Target.VERSION, Relation.EQUAL, 0)),
        List.of(put("seen", "absent")),
        List.of(put("seen", "present")));

    TxnResult result = run(put("k", "v"), new Operation.Nested(nested));

    assertThat(((Step.Nested) result.steps().get(1)).result().succeeded()).isTrue();
    assertThat(head("seen").content().toStringUtf8()).isEqualTo("absent");
  }

  @Test
  void aKeyMayBePutAndDeletedAgainInNestedTransactions() {
    TxnResult result = run(
        new Operation.Nested(new Txn(List.of(), List.of(put("k", "v")), List.of())),
        new Operation.Nested(new Txn(List.of(), List.of(delete("k")), List.of())));

    assertThat(result.revision()).isEqualTo(Revision.of(2));
    assertThat(head("k").live()).isFalse();
    assertThat(store.changes())
        .extracting(v -> v.version().value(), v -> v.revision().value())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, 2L),
            org.assertj.core.groups.Tuple.tuple(2L, 2L));
  }

  @Test
  void aValueOfAKeyThatIsNotThereIsLikeNothing() {
    var range = KeyRange.single(Key.of("none"));
    for (Relation relation : Relation.values()) {
      var compare = new Compare(range, Target.VALUE, relation, 0, ByteString.EMPTY);
      assertThat(run(new Txn(List.of(compare), List.of(), List.of())).succeeded())
          .as("%s", relation)
          .isFalse();
    }
    assertThat(holds(compare("none", Target.VERSION, Relation.EQUAL, 0))).isTrue();
    assertThat(holds(compare("none", Target.CREATE, Relation.GREATER, 0))).isFalse();
  }

  @Test
  void aComparisonOfARangeHoldsIfItHoldsForEveryKey() {
    run(put("a", "1"));
    run(put("b", "2"));
    assertThat(holds(new Compare(ALL, Target.MOD, Relation.GREATER, 1, ByteString.EMPTY)))
        .isTrue();
    assertThat(holds(new Compare(ALL, Target.MOD, Relation.GREATER, 2, ByteString.EMPTY)))
        .isFalse();
  }

  private boolean holds(Compare compare) {
    return run(new Txn(List.of(compare), List.of(), List.of())).succeeded();
  }

  @Test
  void whatIsThereCanBeKept() {
    grant(7, 60);
    run(put("k", "v", 7));
    run(new Operation.Put(Key.of("k"), null, 0, false, false));
    assertThat(head("k").content().toStringUtf8()).isEqualTo("v");
    assertThat(head("k").lease()).isZero();

    run(put("k", "v", 7));
    run(new Operation.Put(
        Key.of("k"), Content.of(ByteString.copyFromUtf8("w"), ""), 0, true, false));
    assertThat(head("k").lease()).isEqualTo(7);

    assertThat(refuse(new Operation.Put(Key.of("none"), null, 0, false, false)))
        .isEqualTo(EtcdError.KEY_NOT_FOUND.rejection());
  }

  @Test
  void aTransactionThatCannotRunChangesNothing() {
    run(put("k", "v"));
    Revision before = store.revision();

    assertThat(refuse(put("a", "1"), put("b", "2", 99)))
        .isEqualTo(EtcdError.LEASE_NOT_FOUND.rejection());
    assertThat(refuse(put("a", "1"), new Operation.Get(at(99))))
        .isEqualTo(EtcdError.FUTURE_REVISION.rejection());

    assertThat(store.revision()).isEqualTo(before);
    assertThat(live()).containsExactly("k");
  }

  @Test
  void thePastIsReadWithinATransactionAlsoIfItIsOfTheSameBatch() {
    run(put("k", "old"));
    List<Outcome> outcomes = store.apply(
        transact(Txn.of(put("k", "new"))),
        transact(Txn.of(put("k", "newer"))),
        transact(Txn.of(new Operation.Get(at(3)))),
        transact(Txn.of(new Operation.Get(at(2)))));

    assertThat(shown(step(outcomes.get(2)))).containsExactly("k=new");
    assertThat(shown(step(outcomes.get(3)))).containsExactly("k=old");
  }

  private static Step step(Outcome outcome) {
    TxnResult result = ((Outcome.Committed) outcome).result();
    assertThat(result).isNotNull();
    return result.steps().get(0);
  }

  @Test
  void aCompactedRevisionIsReadAndWhatIsBeforeItIsNot() {
    run(put("k", "1"));
    run(put("k", "2"));
    run(put("k", "3"));
    store.committed(keyspace(new KeyspaceCommand.Compact(ETCD, Revision.of(3))));

    assertThat(shown(run(new Operation.Get(at(3))).steps().get(0))).containsExactly("k=2");
    assertThat(refuse(new Operation.Get(at(2)))).isEqualTo(EtcdError.COMPACTED.rejection());
    assertThat(store.rejected(keyspace(new KeyspaceCommand.Compact(ETCD, Revision.of(3)))))
        .isEqualTo(EtcdError.COMPACTED.rejection());
    assertThat(store.rejected(keyspace(new KeyspaceCommand.Compact(ETCD, Revision.of(5)))))
        .isEqualTo(EtcdError.FUTURE_REVISION.rejection());
  }

  @Test
  void aLeaseEndsWithItsKeysAtOneRevision() {
    grant(7, 60);
    run(put("a", "1", 7), put("b", "2", 7), put("c", "3"));
    run(put("b", "2"));
    run(put("d", "4", 7));

    Outcome.Committed revoked = store.committed(keyspace(new KeyspaceCommand.RevokeLease(ETCD, 7)));

    assertThat(revoked.revision()).isEqualTo(Revision.of(5));
    assertThat(live()).containsExactly("b", "c");
    assertThat(store.rejected(keyspace(new KeyspaceCommand.RevokeLease(ETCD, 7))))
        .isEqualTo(EtcdError.LEASE_NOT_FOUND.rejection());
  }

  @Test
  void aLeaseEndsWithKeysOfItsOwnBatch() {
    store.apply(
        keyspace(new KeyspaceCommand.GrantLease(7, Duration.ofSeconds(60))),
        transact(new Txn(List.of(), List.of(put("a", "1", 7), put("b", "2", 7)), List.of())),
        transact(Txn.of(put("b", "2"))),
        keyspace(new KeyspaceCommand.RevokeLease(ETCD, 7)));

    assertThat(live()).containsExactly("b");
    boolean nothingLeft = store
        .store()
        .read(reader -> reader.keysOfLease(7).isEmpty() && reader.leases().isEmpty());
    assertThat(nothingLeft).isTrue();
  }

  @Test
  void leasesWithoutKeysRaiseNoRevision() {
    Revision before = store.revision();
    grant(7, 60);
    assertThat(store.rejected(keyspace(new KeyspaceCommand.GrantLease(7, Duration.ofSeconds(9)))))
        .isEqualTo(EtcdError.LEASE_EXISTS.rejection());
    store.committed(keyspace(new NoteLeases(List.of(
        new NoteLeases.Remaining(7, Duration.ofSeconds(5)),
        new NoteLeases.Remaining(8, Duration.ofSeconds(5))))));

    Lease lease = store.store().read(reader -> reader.leases()).get(0);
    assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(5));
    assertThat(lease.ttl()).isEqualTo(Duration.ofSeconds(60));
    assertThat(lease.remainingAt(lease.noted().plusSeconds(2))).isEqualTo(Duration.ofSeconds(3));

    store.committed(keyspace(new KeyspaceCommand.RevokeLease(ETCD, 7)));
    assertThat(store.revision()).isEqualTo(before);
  }

  @Test
  void leasesStayOverAStart() {
    grant(-7, 60);
    run(put("a", "1", -7));
    store.reopen();

    store.committed(keyspace(new KeyspaceCommand.RevokeLease(ETCD, -7)));

    assertThat(live()).isEmpty();
  }

  private ConfigVersion head(String key) {
    ConfigVersion head =
        store.store().read(reader -> reader.head(store.namespace(ETCD).id(), Key.of(key)));
    assertThat(head).isNotNull();
    return head;
  }

  private List<String> live() {
    return shown(run(get(ALL)).steps().get(0)).stream()
        .map(text -> text.substring(0, text.indexOf('=')))
        .toList();
  }
}
