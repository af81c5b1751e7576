package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.assertRefused;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.grpc.Status;
import io.syncline.verify.etcd.cluster.Cluster;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions by jetcd. */
@ExtendWith(SharedCluster.class)
class TransactionTest {
  private static final int MOST_OPERATIONS = 128;

  private Client client;
  private KV kv;

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    kv = client.getKVClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aTransactionIsOneRevisionAndAnswersEachOperation() {
    put("txn/old", "1");
    PutResponse before = put("txn/read", "2");

    TxnResponse done = answer(kv.txn()
        .Then(
            Op.put(bytes("txn/new"), bytes("3"), PutOption.DEFAULT),
            Op.get(bytes("txn/new"), GetOption.DEFAULT),
            Op.delete(bytes("txn/old"), DeleteOption.builder().withPrevKV(true).build()),
            Op.get(
                bytes("txn/"),
                GetOption.builder().isPrefix(true).withKeysOnly(true).build()))
        .commit());

    assertThat(done.isSucceeded()).isTrue();
    long revision = done.getHeader().getRevision();
    assertThat(revision).isEqualTo(before.getHeader().getRevision() + 1);
    assertThat(done.getPutResponses()).hasSize(1);
    assertThat(done.getDeleteResponses().get(0).getPrevKvs())
        .extracting(Calls::pair)
        .containsExactly("txn/old=1");
    KeyValue within = done.getGetResponses().get(0).getKvs().get(0);
    assertThat(within.getModRevision()).isEqualTo(revision);
    assertThat(done.getGetResponses().get(1).getKvs())
        .extracting(Calls::pair)
        .contains("txn/new=", "txn/read=")
        .doesNotContain("txn/old=");
  }

  @Test
  void everyComparisonDecides() {
    long created = put("txn/compared", "b").getHeader().getRevision();
    long changed = put("txn/compared", "c").getHeader().getRevision();

    assertThat(holds(Cmp.Op.EQUAL, CmpTarget.version(2))).isTrue();
    assertThat(holds(Cmp.Op.LESS, CmpTarget.version(2))).isFalse();
    assertThat(holds(Cmp.Op.GREATER, CmpTarget.version(1))).isTrue();
    assertThat(holds(Cmp.Op.NOT_EQUAL, CmpTarget.version(2))).isFalse();
    assertThat(holds(Cmp.Op.EQUAL, CmpTarget.createRevision(created))).isTrue();
    assertThat(holds(Cmp.Op.GREATER, CmpTarget.createRevision(created))).isFalse();
    assertThat(holds(Cmp.Op.EQUAL, CmpTarget.modRevision(changed))).isTrue();
    assertThat(holds(Cmp.Op.LESS, CmpTarget.modRevision(changed + 1))).isTrue();
    assertThat(holds(Cmp.Op.EQUAL, CmpTarget.value(bytes("c")))).isTrue();
    assertThat(holds(Cmp.Op.LESS, CmpTarget.value(bytes("ca")))).isTrue();
    assertThat(holds(Cmp.Op.GREATER, CmpTarget.value(bytes("bz")))).isTrue();
    assertThat(holds(Cmp.Op.NOT_EQUAL, CmpTarget.value(bytes("c")))).isFalse();
  }

  private boolean holds(Cmp.Op operator, CmpTarget<?> target) {
    return compared("txn/compared", operator, target);
  }

  private boolean compared(String key, Cmp.Op operator, CmpTarget<?> target) {
    TxnResponse done = answer(kv.txn().If(new Cmp(bytes(key), operator, target)).commit());
    return done.isSucceeded();
  }

  @Test
  void aMissingKeyHasVersionZeroAndNoValue() {
    assertThat(compared("txn/missing", Cmp.Op.EQUAL, CmpTarget.version(0))).isTrue();
    assertThat(compared("txn/missing", Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
        .isTrue();
    assertThat(compared("txn/missing", Cmp.Op.EQUAL, CmpTarget.value(bytes(""))))
        .isFalse();
    assertThat(compared("txn/missing", Cmp.Op.NOT_EQUAL, CmpTarget.value(bytes("x"))))
        .isFalse();
  }

  @Test
  void ofTwoBranchesOneIsDone() {
    put("txn/branch", "1");
    TxnResponse done = answer(kv.txn()
        .If(
            new Cmp(bytes("txn/branch"), Cmp.Op.EQUAL, CmpTarget.value(bytes("1"))),
            new Cmp(bytes("txn/branch"), Cmp.Op.EQUAL, CmpTarget.version(7)))
        .Then(Op.put(bytes("txn/branch"), bytes("then"), PutOption.DEFAULT))
        .Else(Op.put(
            bytes("txn/branch"), bytes("else"), PutOption.builder().withPrevKV().build()))
        .commit());
    assertThat(done.isSucceeded()).isFalse();
    assertThat(Calls.pair(done.getPutResponses().get(0).getPrevKv())).isEqualTo("txn/branch=1");
    assertThat(answer(kv.get(bytes("txn/branch"))).getKvs())
        .extracting(Calls::pair)
        .containsExactly("txn/branch=else");
  }

  @Test
  void transactionsNest() {
    Op inner = Op.txn(
        new Cmp[] {new Cmp(bytes("txn/outer"), Cmp.Op.EQUAL, CmpTarget.version(1))},
        new Op[] {Op.put(bytes("txn/inner"), bytes("2"), PutOption.DEFAULT)},
        new Op[] {Op.get(bytes("txn/outer"), GetOption.DEFAULT)});
    TxnResponse first = answer(
        kv.txn().Then(Op.put(bytes("txn/outer"), bytes("1"), PutOption.DEFAULT)).commit());
    TxnResponse done = answer(kv.txn().Then(inner).commit());

    assertThat(done.getTxnResponses()).hasSize(1);
    assertThat(done.getTxnResponses().get(0).isSucceeded()).isTrue();
    assertThat(done.getTxnResponses().get(0).getPutResponses()).hasSize(1);
    assertThat(done.getHeader().getRevision()).isEqualTo(first.getHeader().getRevision() + 1);
  }

  @Test
  void aTransactionThatWritesNothingIsNoRevision() {
    long before = put("txn/empty", "1").getHeader().getRevision();
    assertThat(answer(kv.txn().commit()).getHeader().getRevision()).isEqualTo(before);
    TxnResponse nothing = answer(kv.txn()
        .Then(
            Op.delete(bytes("txn/never"), DeleteOption.DEFAULT),
            Op.get(bytes("txn/empty"), GetOption.DEFAULT))
        .commit());
    assertThat(nothing.getHeader().getRevision()).isEqualTo(before);
  }

  @Test
  void aKeyIsPutOnceInABranchAndMayBePutInBoth() {
    Op one = Op.put(bytes("txn/twice"), bytes("1"), PutOption.DEFAULT);
    Op two = Op.put(bytes("txn/twice"), bytes("2"), PutOption.DEFAULT);
    assertRefused(
        kv.txn().Then(one, two).commit(),
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: duplicate key given in txn request");
    assertThat(answer(kv.txn().Then(one).Else(two).commit()).isSucceeded()).isTrue();
  }

  @Test
  void aTransactionHasAMostOfOperations() {
    assertThat(answer(kv.txn().Then(puts(MOST_OPERATIONS)).commit()).getPutResponses())
        .hasSize(MOST_OPERATIONS);
    assertRefused(
        kv.txn().Then(puts(MOST_OPERATIONS + 1)).commit(),
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: too many operations in txn request");
  }

  private static Op[] puts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Op.put(bytes("txn/many/" + i), bytes("1"), PutOption.DEFAULT))
        .toArray(Op[]::new);
  }

  private PutResponse put(String key, String value) {
    return answer(kv.put(bytes(key), bytes(value)));
  }
}
