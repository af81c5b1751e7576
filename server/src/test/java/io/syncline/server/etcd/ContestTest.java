package io.syncline.server.etcd;

import static io.syncline.server.etcd.EtcdVoters.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.proto.etcd.election.CampaignRequest;
import io.syncline.proto.etcd.election.CampaignResponse;
import io.syncline.proto.etcd.election.ElectionGrpc;
import io.syncline.proto.etcd.election.ElectionGrpc.ElectionBlockingStub;
import io.syncline.proto.etcd.election.LeaderKey;
import io.syncline.proto.etcd.election.LeaderRequest;
import io.syncline.proto.etcd.election.LeaderResponse;
import io.syncline.proto.etcd.election.ProclaimRequest;
import io.syncline.proto.etcd.election.ResignRequest;
import io.syncline.proto.etcd.lock.LockGrpc;
import io.syncline.proto.etcd.lock.LockRequest;
import io.syncline.proto.etcd.lock.LockResponse;
import io.syncline.proto.etcd.lock.UnlockRequest;
import io.syncline.proto.etcd.v3.LeaseRevokeRequest;
import io.syncline.server.LocalCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks and elections as a client of etcd sees them, at a voter that does not lead. */
@Tag("long")
class ContestTest {
  @TempDir
  static Path root;

  private static EtcdVoters voters;

  @BeforeAll
  static void start() {
    voters = new EtcdVoters(root, 3);
  }

  @AfterAll
  static void stop() {
    voters.close();
  }

  private static RunningCall<LockRequest, LockResponse> lock(String name, long lease) {
    return lock(voters, name, lease);
  }

  private static RunningCall<LockRequest, LockResponse> lock(
      EtcdVoters at, String name, long lease) {
    var call = new RunningCall<LockRequest, LockResponse>();
    LockGrpc.newStub(at.channel(at.notLeader()))
        .lock(LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build(), call);
    return call;
  }

  private static void unlock(ByteString key) {
    var unused = LockGrpc.newBlockingStub(voters.channel(voters.notLeader()))
        .unlock(UnlockRequest.newBuilder().setKey(key).build());
  }

  private static <R> R only(RunningCall<?, R> call) throws Exception {
    List<R> answers = call.end().get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  private static void assertFails(RunningCall<?, ?> call, String as) {
    assertThatThrownBy(() -> call.end().get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessage(as);
  }

  private static String contender(String name, long lease) {
    return name + "/" + Long.toHexString(lease);
  }

  /** Queued up, and not let through. */
  private static void awaitWaiting(String name, long lease) {
    await().atMost(LocalCluster.PATIENCE).until(() -> voters.exists(contender(name, lease)));
  }

  private static void revoke(long lease) {
    var unused =
        voters.lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());
  }

  @Test
  void aLockIsHeldByOneAtATimeInTheOrderInWhichTheyCame() throws Exception {
    long first = voters.grant(60).getID();
    long second = voters.grant(60).getID();
    long third = voters.grant(60).getID();
    LockResponse held = only(lock("order", first));
    assertThat(held.getKey().toStringUtf8()).isEqualTo(contender("order", first));
    assertThat(voters.read(contender("order", first)).getKvs(0).getLease()).isEqualTo(first);

    var next = lock("order", second);
    awaitWaiting("order", second);
    var last = lock("order", third);
    awaitWaiting("order", third);
    assertThat(next.isUnderWay()).isTrue();

    unlock(held.getKey());
    LockResponse passed = only(next);
    assertThat(passed.getKey().toStringUtf8()).isEqualTo(contender("order", second));
    assertThat(passed.getHeader().getRevision()).isGreaterThan(held.getHeader().getRevision());
    assertThat(last.isUnderWay()).isTrue();
    unlock(passed.getKey());
    only(last);
  }

  @Test
  void whoHoldsALockIsGivenItAgain() throws Exception {
    long lease = voters.grant(60).getID();
    LockResponse held = only(lock("again", lease));
    assertThat(only(lock("again", lease)).getKey()).isEqualTo(held.getKey());
  }

  @Test
  void aLockGoesToTheNextWhenItsHoldersLeaseEnds() throws Exception {
    long holder = voters.grant(2).getID();
    long next = voters.grant(60).getID();
    only(lock("expiry", holder));
    assertThat(only(lock("expiry", next)).getKey().toStringUtf8())
        .isEqualTo(contender("expiry", next));
    assertThat(voters.exists(contender("expiry", holder))).isFalse();
  }

  @Test
  void whoDisconnectsWhileHeWaitsLeavesTheQueue() throws Exception {
    long holder = voters.grant(60).getID();
    long leaving = voters.grant(60).getID();
    long patient = voters.grant(60).getID();
    LockResponse held = only(lock("leaving", holder));
    var left = lock("leaving", leaving);
    awaitWaiting("leaving", leaving);
    var next = lock("leaving", patient);
    awaitWaiting("leaving", patient);

    left.cancel();
    await()
        .atMost(LocalCluster.PATIENCE)
        .until(() -> !voters.exists(contender("leaving", leaving)));
    assertThat(next.isUnderWay()).isTrue();
    unlock(held.getKey());
    only(next);
  }

  @Test
  void whoseLeaseEndsWhileHeWaitsIsTold() throws Exception {
    long holder = voters.grant(60).getID();
    long waiting = voters.grant(60).getID();
    only(lock("lost", holder));
    var lost = lock("lost", waiting);
    awaitWaiting("lost", waiting);
    revoke(waiting);
    assertFails(lost, "UNKNOWN: mutex: session is expired");
  }

  @Test
  void aLockNeedsALeaseThatIsThereOrNone() throws Exception {
    assertFails(lock("lease", 31), "UNKNOWN: etcdserver: requested lease not found");
    LockResponse held = only(lock("lease", 0));
    long given = voters.read(held.getKey().toStringUtf8()).getKvs(0).getLease();
    assertThat(held.getKey().toStringUtf8()).isEqualTo(contender("lease", given));
  }

  @Test
  void nobodyHoldsALockWhileAnotherDoes() throws Exception {
    int contenders = 6;
    int rounds = 4;
    voters.put("counter", "0", 0);
    var threads = Executors.newFixedThreadPool(contenders);
    try {
      var done = new ArrayList<Future<?>>();
      for (int i = 0; i < contenders; i++) {
        done.add(threads.submit(() -> {
          long lease = voters.grant(60).getID();
          for (int round = 0; round < rounds; round++) {
            ByteString key = only(lock("exclusive", lease)).getKey();
            int counted =
                Integer.parseInt(voters.read("counter").getKvs(0).getValue().toStringUtf8());
            voters.put("counter", String.valueOf(counted + 1), 0);
            unlock(key);
          }
          return null;
        }));
      }
      for (Future<?> one : done) {
        one.get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(voters.read("counter").getKvs(0).getValue().toStringUtf8())
        .isEqualTo(String.valueOf(contenders * rounds));
  }

  private static ElectionBlockingStub elections() {
    return ElectionGrpc.newBlockingStub(voters.channel(voters.notLeader()));
  }

  private static RunningCall<CampaignRequest, CampaignResponse> campaign(
      String name, long lease, String value) {
    var call = new RunningCall<CampaignRequest, CampaignResponse>();
    ElectionGrpc.newStub(voters.channel(voters.notLeader()))
        .campaign(
            CampaignRequest.newBuilder()
                .setName(bytes(name))
                .setLease(lease)
                .setValue(bytes(value))
                .build(),
            call);
    return call;
  }

  private static LeaderRequest of(String name) {
    return LeaderRequest.newBuilder().setName(bytes(name)).build();
  }

  private static void proclaim(LeaderKey leader, String value) {
    var unused = elections()
        .proclaim(ProclaimRequest.newBuilder()
            .setLeader(leader)
            .setValue(bytes(value))
            .build());
  }

  private static void resign(LeaderKey leader) {
    var unused = elections().resign(ResignRequest.newBuilder().setLeader(leader).build());
  }

  private static String leaderOf(String name) {
    return elections().leader(of(name)).getKv().getValue().toStringUtf8();
  }

  @Test
  void anElectionIsWonProclaimedAndResigned() throws Exception {
    assertThatThrownBy(() -> leaderOf("president")).hasMessage("UNKNOWN: election: no leader");
    long first = voters.grant(60).getID();
    long second = voters.grant(60).getID();
    LeaderKey leader = only(campaign("president", first, "a")).getLeader();
    assertThat(leader.getName()).isEqualTo(bytes("president"));
    assertThat(leader.getKey().toStringUtf8()).isEqualTo(contender("president", first));
    assertThat(leader.getLease()).isEqualTo(first);
    assertThat(leader.getRev())
        .isEqualTo(voters.read(contender("president", first)).getKvs(0).getCreateRevision());

    var next = campaign("president", second, "b");
    awaitWaiting("president", second);
    assertThat(leaderOf("president")).isEqualTo("a");
    proclaim(leader, "a2");
    assertThat(leaderOf("president")).isEqualTo("a2");
    resign(leader);
    LeaderKey successor = only(next).getLeader();
    assertThat(leaderOf("president")).isEqualTo("b");

    assertThatThrownBy(() -> proclaim(leader, "a3")).hasMessage("UNKNOWN: election: not leader");
    resign(leader);
    assertThat(leaderOf("president")).isEqualTo("b");
    assertThatThrownBy(() -> elections().resign(ResignRequest.getDefaultInstance()))
        .hasMessage("UNKNOWN: \"leader\" field must be provided");
    resign(successor);
  }

  @Test
  void whoCampaignsAgainStatesHisNewValue() throws Exception {
    long lease = voters.grant(60).getID();
    LeaderKey leader = only(campaign("twice", lease, "a")).getLeader();
    assertThat(only(campaign("twice", lease, "b")).getLeader()).isEqualTo(leader);
    assertThat(leaderOf("twice")).isEqualTo("b");
  }

  @Test
  void whoCampaignsAndDisconnectsIsNotElected() throws Exception {
    long first = voters.grant(60).getID();
    long leaving = voters.grant(60).getID();
    only(campaign("left", first, "a"));
    var left = campaign("left", leaving, "b");
    awaitWaiting("left", leaving);
    left.cancel();
    await().atMost(LocalCluster.PATIENCE).until(() -> !voters.exists(contender("left", leaving)));
  }

  @Test
  void whoObservesIsToldOfEachLeaderAndOfAllTheyProclaim() throws Exception {
    var early = observe("observed");
    long first = voters.grant(60).getID();
    long second = voters.grant(60).getID();
    LeaderKey leader = only(campaign("observed", first, "a")).getLeader();
    // the early one saw nobody, or the first already
    awaitObserved(early, "a");
    var late = observe("observed");
    awaitObserved(late, "a");
    var next = campaign("observed", second, "b");
    awaitWaiting("observed", second);
    for (int i = 0; i < 20; i++) {
      proclaim(leader, "a" + i);
    }
    resign(leader);
    LeaderKey successor = only(next).getLeader();
    proclaim(successor, "b1");
    resign(successor);
    only(campaign("observed", voters.grant(60).getID(), "c"));

    var expected = new ArrayList<String>(List.of("a"));
    for (int i = 0; i < 20; i++) {
      expected.add("a" + i);
    }
    expected.addAll(List.of("b", "b1", "c"));
    awaitObserved(early, expected.toArray(String[]::new));
    awaitObserved(late, expected.toArray(String[]::new));
    assertThat(late.answers())
        .extracting(answer -> answer.getHeader().getRevision())
        .isSorted();
    early.cancel();
    late.cancel();
  }

  private static RunningCall<LeaderRequest, LeaderResponse> observe(String name) {
    var call = new RunningCall<LeaderRequest, LeaderResponse>();
    ElectionGrpc.newStub(voters.channel(voters.notLeader())).observe(of(name), call);
    return call;
  }

  private static void awaitObserved(
      RunningCall<LeaderRequest, LeaderResponse> call, String... values) {
    await()
        .atMost(LocalCluster.PATIENCE)
        .untilAsserted(() -> assertThat(call.answers())
            .extracting(answer -> answer.getKv().getValue().toStringUtf8())
            .containsExactly(values));
  }

  @Test
  void whoWaitsWhileTheLeaderStopsKeepsHisPlaceWhenHeAsksAgain(@TempDir Path others)
      throws Exception {
    try (var three = new EtcdVoters(others, 3)) {
      long holder = three.grant(600).getID();
      long waiting = three.grant(600).getID();
      ByteString held = only(lock(three, "moved", holder)).getKey();
      var first = lock(three, "moved", waiting);
      await().atMost(LocalCluster.PATIENCE).until(() -> three.exists(contender("moved", waiting)));
      long born = three.read(contender("moved", waiting)).getKvs(0).getCreateRevision();
      String client = three.notLeader();

      three.stop(three.leader());
      assertThatThrownBy(() -> only(first))
          .cause()
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
      three.cluster().awaitLeader();
      three.awaitServing(client);
      var again = new RunningCall<LockRequest, LockResponse>();
      LockGrpc.newStub(three.channel(client))
          .lock(
              LockRequest.newBuilder().setName(bytes("moved")).setLease(waiting).build(), again);
      var unused = LockGrpc.newBlockingStub(three.channel(client))
          .unlock(UnlockRequest.newBuilder().setKey(held).build());
      only(again);
      assertThat(three.read(contender("moved", waiting)).getKvs(0).getCreateRevision())
          .isEqualTo(born);
    }
  }
}
