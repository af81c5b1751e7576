package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.assertRefused;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.Maintenance;
import io.etcd.jetcd.maintenance.AlarmMember;
import io.etcd.jetcd.maintenance.AlarmType;
import io.etcd.jetcd.maintenance.HashKVResponse;
import io.etcd.jetcd.maintenance.SnapshotResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.cluster.Member;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The state and care of the cluster by jetcd. */
@ExtendWith(SharedCluster.class)
class MaintenanceTest {
  private Client client;
  private Maintenance maintenance;

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    maintenance = client.getMaintenanceClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void everyMemberTellsItsStateAndTheSameLeader(Cluster cluster) {
    Set<Long> leaders = cluster.members().stream()
        .map(member -> {
          StatusResponse status = answer(maintenance.statusMember(member.endpoint()));
          assertThat(status.getVersion()).matches("3\\.\\d+\\.\\d+");
          assertThat(status.getDbSize()).isPositive();
          assertThat(status.getRaftTerm()).isPositive();
          assertThat(status.getRaftIndex()).isPositive();
          return status.getLeader();
        })
        .collect(Collectors.toSet());
    assertThat(leaders).hasSize(1).doesNotContain(0L);
  }

  @Test
  void theMembersAreListedWithWhereToReachThem(Cluster cluster) {
    var listed = answer(client.getClusterClient().listMember());
    assertThat(listed.getHeader().getClusterId()).isNotZero();
    assertThat(listed.getMembers())
        .extracting(io.etcd.jetcd.cluster.Member::getName)
        .containsExactlyInAnyOrderElementsOf(
            cluster.members().stream().map(Member::name).toList());
    assertThat(listed.getMembers())
        .flatExtracting(io.etcd.jetcd.cluster.Member::getClientURIs)
        .extracting(Object::toString)
        .containsExactlyInAnyOrderElementsOf(cluster.endpoints());
    assertThat(listed.getMembers()).noneMatch(io.etcd.jetcd.cluster.Member::isLearner);
    assertThat(listed.getMembers())
        .extracting(io.etcd.jetcd.cluster.Member::getId)
        .doesNotHaveDuplicates()
        .contains(listed.getHeader().getMemberId());
  }

  @Test
  void membersThatHoldTheSameHashTheSame(Cluster cluster) {
    long revision = answer(client.getKVClient().put(bytes("maintenance/hash"), bytes("1")))
        .getHeader()
        .getRevision();
    cluster.members().forEach(member -> awaitRevision(member, revision));
    Set<Integer> hashes = cluster.members().stream()
        .map(member -> answer(maintenance.hashKV(member.endpoint(), revision)))
        .map(HashKVResponse::getHash)
        .collect(Collectors.toSet());
    assertThat(hashes).hasSize(1);
  }

  private void awaitRevision(Member member, long revision) {
    Calls.await(
        member + " to have it",
        () -> answer(maintenance.statusMember(member.endpoint())).getHeader().getRevision()
            >= revision);
  }

  @Test
  void nothingAlarms(Cluster cluster) {
    assertThat(answer(maintenance.listAlarms()).getAlarms()).isEmpty();
    String any = cluster.members().get(0).endpoint();
    long id = answer(maintenance.statusMember(any)).getHeader().getMemberId();
    var none = new AlarmMember(id, AlarmType.NOSPACE);
    assertThat(answer(maintenance.alarmDisarm(none)).getAlarms()).isEmpty();
  }

  @Test
  void everyMemberTakesADefragmentation(Cluster cluster) {
    cluster.members().forEach(member -> answer(maintenance.defragmentMember(member.endpoint())));
    var unused = answer(client.getKVClient().get(bytes("maintenance/defragmented")));
  }

  @Test
  void aSnapshotCanBeTaken() {
    answer(client.getKVClient().put(bytes("maintenance/snapshot"), bytes("1")));
    var out = new ByteArrayOutputStream();
    assertThat(answer(maintenance.snapshot(out))).isPositive().isEqualTo(out.size());

    var done = new CompletableFuture<Long>();
    maintenance.snapshot(new StreamObserver<SnapshotResponse>() {
      private long bytes;

      @Override
      public void onNext(SnapshotResponse response) {
        bytes += response.getBlob().size();
      }

      @Override
      public void onError(Throwable failure) {
        done.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {
        done.complete(bytes);
      }
    });
    assertThat(answer(done)).isPositive();
  }

  @Test
  void theLeaderCanBeMovedByTheLeaderAlone(Cluster cluster) {
    Member old = cluster.awaitLeader();
    Member other = cluster.members().stream()
        .filter(member -> !member.equals(old))
        .findAny()
        .orElseThrow();
    long target = answer(maintenance.statusMember(other.endpoint())).getHeader().getMemberId();
    try (var follower = Cluster.clientOf(other)) {
      assertRefused(
          follower.getMaintenanceClient().moveLeader(target),
          Status.Code.FAILED_PRECONDITION,
          "etcdserver: not leader");
    }
    try (var leader = Cluster.clientOf(old)) {
      var unused = answer(leader.getMaintenanceClient().moveLeader(target));
    }
    assertThat(cluster.awaitLeaderOtherThan(old)).isEqualTo(other);
  }
}
