package io.syncline.server.etcd;

import static io.syncline.server.etcd.EtcdVoters.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseGrantResponse;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveResponse;
import io.syncline.proto.etcd.v3.LeaseLeasesRequest;
import io.syncline.proto.etcd.v3.LeaseRevokeRequest;
import io.syncline.proto.etcd.v3.LeaseStatus;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveRequest;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveResponse;
import io.syncline.server.LocalCluster;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases as a client of etcd sees them, at a voter that does not lead. */
class LeaseServiceTest {
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

  private static LeaseGrantResponse grant(long id, long ttl) {
    return voters
        .lease()
        .leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl).build());
  }

  private static void revoke(long id) {
    var unused =
        voters.lease().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
  }

  private static LeaseTimeToLiveResponse timeToLive(long id) {
    return voters
        .lease()
        .leaseTimeToLive(
            LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build());
  }

  private static void assertRefused(ThrowingCallable call, String as) {
    assertThatThrownBy(call).isInstanceOf(StatusRuntimeException.class).hasMessage(as);
  }

  @Test
  void clientsChooseIdsOrAreGivenOne() {
    assertThat(grant(4711, 60).getID()).isEqualTo(4711);
    assertThat(grant(-4711, 60).getID()).isEqualTo(-4711);
    LeaseGrantResponse given = grant(0, 60);
    assertThat(given.getID()).isPositive();
    assertThat(given.getTTL()).isEqualTo(60);
    assertThat(given.getHeader().getRevision()).isPositive();

    assertThat(
            voters.lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance()).getLeasesList())
        .extracting(LeaseStatus::getID)
        .contains(4711L, -4711L, given.getID());
  }

  @Test
  void refusalsAreWordedAsEtcdWordsThem() {
    grant(1, 60);
    assertRefused(() -> grant(1, 60), "FAILED_PRECONDITION: etcdserver: lease already exists");
    assertRefused(() -> grant(2, 9_000_000_001L), "OUT_OF_RANGE: etcdserver: too large lease TTL");
    assertRefused(() -> revoke(3), "NOT_FOUND: etcdserver: requested lease not found");
  }

  @Test
  void aLeaseWithoutATimeIsGrantedForTheShortest() {
    assertThat(grant(0, 0).getTTL()).isEqualTo(2);
    assertThat(grant(0, -7).getTTL()).isEqualTo(2);
    assertThat(grant(0, 9_000_000_000L).getTTL()).isEqualTo(9_000_000_000L);
  }

  @Test
  void grantingIsNoRevisionAndRevokingIsOneForAllKeys() {
    voters.put("revoked/other", "x", 0);
    long before = voters.read("revoked/other").getHeader().getRevision();
    long lease = grant(0, 60).getID();
    assertThat(voters.read("revoked/other").getHeader().getRevision()).isEqualTo(before);

    voters.put("revoked/b", "x", lease);
    voters.put("revoked/a", "x", lease);
    assertThat(timeToLive(lease).getKeysList())
        .containsExactly(bytes("revoked/a"), bytes("revoked/b"));
    revoke(lease);

    assertThat(voters.exists("revoked/a")).isFalse();
    assertThat(voters.read("revoked/b").getHeader().getRevision()).isEqualTo(before + 3);
    assertThat(voters.exists("revoked/other")).isTrue();
  }

  @Test
  void theTimeToLiveOfALeaseThatIsNotIsMinusOne() {
    LeaseTimeToLiveResponse missing = timeToLive(987);
    assertThat(missing.getTTL()).isEqualTo(-1);
    assertThat(missing.getGrantedTTL()).isZero();
    assertThat(missing.getKeysList()).isEmpty();

    long lease = grant(0, 60).getID();
    assertThat(timeToLive(lease).getGrantedTTL()).isEqualTo(60);
    assertThat(timeToLive(lease).getTTL()).isBetween(1L, 60L);
  }

  @Test
  void aStreamOfRenewalsGoesOnAfterALeaseThatIsNot() throws Exception {
    long lease = grant(0, 60).getID();
    var renewals = new RunningCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(voters.channel(voters.notLeader())).leaseKeepAlive(renewals);
    for (int i = 0; i < 500; i++) {
      requests.onNext(
          LeaseKeepAliveRequest.newBuilder().setID(i % 2 == 0 ? 55 : lease).build());
    }
    requests.onCompleted();

    var answers = renewals.end().get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(answers).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(answers.get(i).getID()).isEqualTo(i % 2 == 0 ? 55 : lease);
      assertThat(answers.get(i).getTTL()).isEqualTo(i % 2 == 0 ? 0 : 60);
    }
  }

  @Test
  void keysGoWithALeaseThatNobodyRenews() {
    long lease = grant(0, 2).getID();
    voters.put("ephemeral", "x", lease);
    assertThat(voters.exists("ephemeral")).isTrue();
    await().atMost(LocalCluster.PATIENCE).until(() -> !voters.exists("ephemeral"));
    assertThat(timeToLive(lease).getTTL()).isEqualTo(-1);
  }

  @Test
  void aClientThatRenewsKeepsItsLeaseWhileLeadersComeAndGo(@TempDir Path others) throws Exception {
    try (var three = new EtcdVoters(others, 3)) {
      long kept = three.grant(5).getID();
      long left = three.grant(5).getID();
      three.put("kept", "x", kept);
      three.put("left", "x", left);
      String stopped = three.leader();
      String client = three.notLeader();
      var open = new RunningCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>();
      LeaseGrpc.newStub(three.channel(stopped))
          .leaseKeepAlive(open)
          .onNext(LeaseKeepAliveRequest.newBuilder().setID(kept).build());
      await().atMost(LocalCluster.PATIENCE).until(() -> open.answers().size() == 1);
      var elsewhere = new RunningCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>();
      StreamObserver<LeaseKeepAliveRequest> goingOn =
          LeaseGrpc.newStub(three.channel(client)).leaseKeepAlive(elsewhere);
      goingOn.onNext(LeaseKeepAliveRequest.newBuilder().setID(kept).build());
      await().atMost(LocalCluster.PATIENCE).until(() -> elsewhere.answers().size() == 1);
      var renewing = new Renewing(three, client, kept);
      try {
        three.stop(stopped);
        // clients of etcd give up renewing for ever if they are told anything else
        assertThatThrownBy(() -> open.end().join())
            .cause()
            .hasMessage("UNAVAILABLE: etcdserver: server stopped");
        // at another voter the stream goes on, with the next leader
        goingOn.onNext(LeaseKeepAliveRequest.newBuilder().setID(kept).build());
        goingOn.onCompleted();
        assertThat(elsewhere.end().get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
            .extracting(LeaseKeepAliveResponse::getTTL)
            .containsExactly(5L, 5L);
        three.cluster().awaitLeader();
        three.awaitServing(client);
        await()
            .atMost(LocalCluster.PATIENCE)
            .ignoreException(StatusRuntimeException.class)
            .until(() -> !three.exists("left"));
        assertThat(three.exists("kept")).isTrue();
      } finally {
        renewing.stop();
      }
      await()
          .atMost(LocalCluster.PATIENCE)
          .ignoreException(StatusRuntimeException.class)
          .until(() -> !three.exists("kept"));
    }
  }

  /** Renews one lease again and again, as clients do. */
  private static final class Renewing {
    private volatile boolean stopped;
    private final Thread thread;

    Renewing(EtcdVoters voters, String at, long lease) {
      thread = new Thread(() -> {
        var stub = LeaseGrpc.newStub(voters.channel(at));
        while (!stopped) {
          var renewals = new RunningCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse>();
          StreamObserver<LeaseKeepAliveRequest> requests = stub.leaseKeepAlive(renewals);
          requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
          requests.onCompleted();
          // an error means: try again
          renewals.end().handle((answers, error) -> true).join();
        }
      });
      thread.start();
    }

    void stop() throws InterruptedException {
      stopped = true;
      thread.join();
    }
  }
}
