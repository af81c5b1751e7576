package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.v3.ClusterGrpc;
import io.syncline.proto.etcd.v3.CompactionRequest;
import io.syncline.proto.etcd.v3.Compare;
import io.syncline.proto.etcd.v3.DeleteRangeRequest;
import io.syncline.proto.etcd.v3.HashKVRequest;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.KVGrpc.KVBlockingStub;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.Member;
import io.syncline.proto.etcd.v3.MemberListRequest;
import io.syncline.proto.etcd.v3.MoveLeaderRequest;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.proto.etcd.v3.StatusResponse;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.server.LocalCluster;
import io.syncline.server.node.EtcdSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The etcd door of three voters, as a client of etcd sees it. */
class EtcdDoorTest {
  @TempDir
  static Path root;

  private static LocalCluster cluster;
  private static final List<ManagedChannel> CHANNELS = new ArrayList<>();

  @BeforeAll
  static void start() {
    cluster = new LocalCluster(
        root,
        3,
        builder -> builder.etcd(EtcdSettings.DEFAULT.withListen(new Endpoint("127.0.0.1", 0))));
    for (var address : cluster.addresses()) {
      Optional<Endpoint> etcd = cluster.start(address.name()).etcdEndpoint();
      CHANNELS.add(
          NettyChannelBuilder.forAddress("127.0.0.1", etcd.orElseThrow().port())
              .usePlaintext()
              .build());
    }
    cluster.awaitLeader();
    // a voter that does not know the leader yet says so
    CHANNELS.forEach(channel -> await()
        .atMost(LocalCluster.PATIENCE)
        .ignoreException(StatusRuntimeException.class)
        .until(() -> kv(channel).range(all()).hasHeader()));
  }

  @AfterAll
  static void stop() {
    CHANNELS.forEach(ManagedChannel::shutdownNow);
    cluster.close();
  }

  private static KVBlockingStub kv(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel);
  }

  private static KVBlockingStub kv() {
    return kv(CHANNELS.get(0));
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static RangeRequest all() {
    ByteString zero = ByteString.copyFrom(new byte[1]);
    return RangeRequest.newBuilder().setKey(zero).setRangeEnd(zero).build();
  }

  private static PutRequest put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  private static RangeRequest get(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key)).build();
  }

  @Test
  void aHashIsOfARevisionAfterWhatWasCompacted() {
    var maintenance = MaintenanceGrpc.newBlockingStub(CHANNELS.get(0));
    long revision = kv().put(put("hashed", "1")).getHeader().getRevision();
    var unused = kv().put(put("hashed", "2"));
    assertThat(kv().compact(CompactionRequest.newBuilder().setRevision(revision).build())
            .hasHeader())
        .isTrue();

    assertThat(maintenance.hashKV(hashAt(revision + 1)).getHash()).isNotZero();
    assertThatThrownBy(() -> maintenance.hashKV(hashAt(revision)))
        .hasMessage("OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted");
  }

  private static HashKVRequest hashAt(long revision) {
    return HashKVRequest.newBuilder().setRevision(revision).build();
  }

  @Test
  void whoWritesThroughAVoterFindsItThere() {
    for (int i = 0; i < 30; i++) {
      for (ManagedChannel channel : CHANNELS) {
        String key = "own/" + i % 7;
        long revision = kv(channel).put(put(key, "v" + i)).getHeader().getRevision();
        RangeResponse read =
            kv(channel).range(get(key).toBuilder().setSerializable(true).build());
        assertThat(read.getHeader().getRevision()).isEqualTo(revision);
        assertThat(read.getKvs(0).getModRevision()).isEqualTo(revision);
      }
    }
  }

  @Test
  void everyVoterTakesWritesAndReadsWhatAnotherTook() {
    for (int i = 0; i < CHANNELS.size(); i++) {
      long revision =
          kv(CHANNELS.get(i)).put(put("at/" + i, "v" + i)).getHeader().getRevision();
      for (ManagedChannel channel : CHANNELS) {
        RangeResponse read = kv(channel).range(get("at/" + i));
        assertThat(read.getKvsList())
            .singleElement()
            .satisfies(kv -> assertThat(kv.getModRevision()).isEqualTo(revision));
        assertThat(read.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
      }
    }
  }

  @Test
  void whatAClientOfEtcdWroteIsAVersionLikeAnyOther() {
    kv().put(put("native", "one"));
    kv().put(put("native", "two"));

    var history = cluster
        .config(cluster.awaitLeader())
        .history(io.syncline.proto.api.v1.HistoryRequest.newBuilder()
            .setNamespace("etcd")
            .setKey(bytes("native"))
            .build());

    assertThat(history.getVersionsList())
        .extracting(
            version -> version.getVersion(), version -> version.getChecksum().size())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, 32),
            org.assertj.core.groups.Tuple.tuple(2L, 32));
  }

  @Test
  void refusalsAreWordedAsEtcdWordsThem() {
    assertRefused(() -> kv().range(get("")), "INVALID_ARGUMENT: etcdserver: key is not provided");
    assertRefused(
        () -> kv().put(put("", "v")), "INVALID_ARGUMENT: etcdserver: key is not provided");
    assertRefused(
        () -> kv().range(get("k").toBuilder().setRevision(1L << 40).build()),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
    assertRefused(
        () -> kv().put(put("k", "v").toBuilder().setLease(404).build()),
        "NOT_FOUND: etcdserver: requested lease not found");
    assertRefused(
        () -> kv().compact(CompactionRequest.newBuilder().setRevision(1L << 40).build()),
        "OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision");
    assertRefused(
        () -> kv().put(put("k", "x".repeat((1 << 20) + 1))),
        "INVALID_ARGUMENT: etcdserver: request is too large");
    assertRefused(
        () -> kv().range(get("k").toBuilder().setSortOrderValue(7).build()),
        "INVALID_ARGUMENT: etcdserver: sort_order: sort order: 7 (expected: 0 to 2)");
  }

  private static void assertRefused(Runnable request, String status) {
    assertThatThrownBy(request::run).isInstanceOf(StatusRuntimeException.class).hasMessage(status);
  }

  private static TxnRequest puts(int count) {
    var txn = TxnRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      txn.addSuccess(RequestOp.newBuilder().setRequestPut(put("many/" + i, "v")));
    }
    return txn.build();
  }

  @Test
  void aTransactionHas128OperationsAndNoMore() {
    assertThat(kv().txn(puts(128)).getResponsesCount()).isEqualTo(128);
    assertRefused(
        () -> kv().txn(puts(129)),
        "INVALID_ARGUMENT: etcdserver: too many operations in txn request");
  }

  @Test
  void aBranchPutsAKeyOnceAndBothBranchesMay() {
    RequestOp put = RequestOp.newBuilder().setRequestPut(put("twice", "v")).build();
    assertRefused(
        () -> kv().txn(TxnRequest.newBuilder().addSuccess(put).addSuccess(put).build()),
        "INVALID_ARGUMENT: etcdserver: duplicate key given in txn request");
    assertThat(kv().txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                    .setKey(bytes("nobody"))
                    .setTarget(Compare.CompareTarget.VERSION)
                    .setVersion(3))
                .addSuccess(put)
                .addFailure(put)
                .build())
            .getSucceeded())
        .isFalse();
  }

  @Test
  void rangesAreFilteredSortedAndCutAndCountedWhole() {
    for (int i = 0; i < 5; i++) {
      kv().put(put("range/" + i, String.valueOf(9 - i)));
    }
    RangeRequest base = RangeRequest.newBuilder()
        .setKey(bytes("range/"))
        .setRangeEnd(bytes("range0"))
        .build();

    RangeResponse sorted = kv().range(base.toBuilder()
        .setSortTarget(RangeRequest.SortTarget.VALUE)
        .setSortOrder(RangeRequest.SortOrder.ASCEND)
        .setLimit(2)
        .build());

    assertThat(sorted.getKvsList())
        .extracting(kv -> kv.getKey().toStringUtf8())
        .containsExactly("range/4", "range/3");
    assertThat(sorted.getMore()).isTrue();
    assertThat(sorted.getCount()).isEqualTo(5);
    // where no order is asked for, etcd cuts before it sorts
    assertThat(kv().range(base.toBuilder()
                .setSortTarget(RangeRequest.SortTarget.VALUE)
                .setLimit(1)
                .build())
            .getKvsList())
        .extracting(kv -> kv.getKey().toStringUtf8())
        .containsExactly("range/1");
    assertThat(kv().range(
                base.toBuilder().setSortTarget(RangeRequest.SortTarget.VALUE).build())
            .getKvsList())
        .extracting(kv -> kv.getKey().toStringUtf8())
        .containsExactly("range/4", "range/3", "range/2", "range/1", "range/0");
    assertThat(kv().range(base.toBuilder().setCountOnly(true).build()))
        .satisfies(counted -> assertThat(counted.getKvsCount()).isZero())
        .satisfies(counted -> assertThat(counted.getCount()).isEqualTo(5));
    assertThat(kv().range(base.toBuilder().setRangeEnd(bytes("a")).build()).getCount())
        .isZero();
    assertThat(kv().deleteRange(DeleteRangeRequest.newBuilder()
                .setKey(bytes("range/"))
                .setRangeEnd(bytes("range0"))
                .setPrevKv(true)
                .build())
            .getPrevKvsCount())
        .isEqualTo(5);
  }

  @Test
  void membersAreListedAlikeEverywhereAndTheLeaderCanBeMoved() {
    List<List<Member>> lists = CHANNELS.stream()
        .map(channel -> ClusterGrpc.newBlockingStub(channel)
            .memberList(MemberListRequest.getDefaultInstance())
            .getMembersList())
        .toList();
    assertThat(lists).containsOnly(lists.get(0));
    assertThat(lists.get(0))
        .extracting(Member::getName)
        .containsExactlyInAnyOrder("v1", "v2", "v3");
    assertThat(lists.get(0)).allSatisfy(m -> assertThat(m.getClientURLsList()).hasSize(1));

    StatusResponse before = status(CHANNELS.get(0));
    long next = lists.get(0).stream()
        .map(Member::getID)
        .filter(id -> id != before.getLeader())
        .findFirst()
        .orElseThrow();
    ManagedChannel leader = CHANNELS.stream()
        .filter(channel -> {
          StatusResponse status = status(channel);
          return status.getHeader().getMemberId() == status.getLeader();
        })
        .findFirst()
        .orElseThrow();
    var unused = MaintenanceGrpc.newBlockingStub(leader)
        .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(next).build());
    await()
        .atMost(LocalCluster.PATIENCE)
        .until(() -> CHANNELS.stream().allMatch(channel -> status(channel).getLeader() == next));
    cluster.awaitLeader();
  }

  private static StatusResponse status(ManagedChannel channel) {
    return MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance());
  }
}
