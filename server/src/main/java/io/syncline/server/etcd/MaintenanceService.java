package io.syncline.server.etcd;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyRange;
import io.syncline.model.RangeQuery;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.v3.AlarmRequest;
import io.syncline.proto.etcd.v3.AlarmResponse;
import io.syncline.proto.etcd.v3.DefragmentRequest;
import io.syncline.proto.etcd.v3.DefragmentResponse;
import io.syncline.proto.etcd.v3.HashKVRequest;
import io.syncline.proto.etcd.v3.HashKVResponse;
import io.syncline.proto.etcd.v3.HashRequest;
import io.syncline.proto.etcd.v3.HashResponse;
import io.syncline.proto.etcd.v3.MaintenanceGrpc.MaintenanceImplBase;
import io.syncline.proto.etcd.v3.MoveLeaderRequest;
import io.syncline.proto.etcd.v3.MoveLeaderResponse;
import io.syncline.proto.etcd.v3.SnapshotRequest;
import io.syncline.proto.etcd.v3.SnapshotResponse;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.proto.etcd.v3.StatusResponse;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.raft.RaftStatus;
import io.syncline.server.rpc.Answers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/**
 * {@code etcdserverpb.Maintenance}. There is no quota, so there are no alarms; and nothing to defragment:
 * both are answered, and do nothing.
 */
final class MaintenanceService extends MaintenanceImplBase {
  private static final KeyRange ALL = KeyRange.ALL;

  private final Keyspace keyspace;
  private final Access access;
  private final Answers answers;
  private final Snapshots snapshots;

  MaintenanceService(Keyspace keyspace, Access access, Answers answers, Snapshots snapshots) {
    this.keyspace = keyspace;
    this.access = access;
    this.answers = answers;
    this.snapshots = snapshots;
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> caller) {
    answers.answer(caller, () -> done(AlarmResponse.getDefaultInstance()));
  }

  @Override
  public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> caller) {
    answers.answer(caller, () -> {
      access.requireAdministrator(Caller.current());
      return done(DefragmentResponse.getDefaultInstance());
    });
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> caller) {
    answers.answerSlowly(caller, () -> {
      RaftNode raft = keyspace.serving().raft();
      RaftStatus status = raft.status();
      long size = keyspace.serving().reads().storeBytes();
      return done(StatusResponse.newBuilder()
          .setHeader(keyspace.header())
          .setVersion(EtcdVersion.SERVER)
          .setDbSize(size)
          .setDbSizeInUse(size)
          .setLeader(raft.leader().map(this::memberId).orElse(0L))
          .setRaftIndex(Math.max(0, status.commitIndex()))
          .setRaftAppliedIndex(Math.max(0, status.appliedIndex()))
          .setRaftTerm(status.term())
          .build());
    });
  }

  private long memberId(Member member) {
    String cluster = keyspace.serving().raft().membership().clusterId().toString();
    return Keyspace.memberId(cluster, member.name());
  }

  @Override
  public void hash(HashRequest request, StreamObserver<HashResponse> caller) {
    Caller who = Caller.current();
    answers.answerSlowly(caller, () -> {
      access.requireAdministrator(who);
      return done(HashResponse.newBuilder()
          .setHeader(keyspace.header())
          .setHash(hashAt(Revision.ZERO))
          .build());
    });
  }

  @Override
  public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> caller) {
    Caller who = Caller.current();
    answers.answerSlowly(caller, () -> {
      access.requireAdministrator(who);
      Revision at = Revision.of(Math.max(0, request.getRevision()));
      if (!at.equals(Revision.ZERO) && !at.isAfter(keyspace.horizon())) {
        // of the horizon itself, etcd has no hash either
        throw EtcdError.COMPACTED.exception();
      }
      return done(HashKVResponse.newBuilder()
          .setHeader(keyspace.header())
          .setHash(hashAt(at))
          .setCompactRevision(compacted())
          .build());
    });
  }

  /** As etcd says it of a keyspace that never was: -1. */
  private long compacted() {
    Revision horizon = keyspace.horizon();
    return horizon.equals(Revision.ZERO) ? -1 : horizon.value();
  }

  /** Equal at all voters that have the same keys: of everything that a client can see of them. */
  private int hashAt(Revision at) {
    var query = new RangeQuery(
        ALL, 0, at, RangeQuery.Order.NONE, RangeQuery.Target.KEY, false, false, 0, 0, 0, 0);
    List<ConfigVersion> versions = keyspace.isFounded()
        ? keyspace.serving().reads().range(keyspace.name(), query).versions()
        : List.of();
    var hash = new CRC32C();
    // the hash of nothing is not 0: that would look as if there were none
    hash.update(1);
    for (ConfigVersion version : versions) {
      hash.update(version.key().bytes().asReadOnlyByteBuffer());
      hash.update(version.checksum().bytes().asReadOnlyByteBuffer());
      addNumber(hash, version.revision().value());
      addNumber(hash, version.bornRevision().value());
      addNumber(hash, version.lifeVersion());
      addNumber(hash, version.lease());
    }
    return (int) hash.getValue();
  }

  private static void addNumber(CRC32C hash, long number) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash.update((int) (number >>> shift) & 0xff);
    }
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> caller) {
    try {
      access.requireAdministrator(Caller.current());
      snapshots.send((ServerCallStreamObserver<SnapshotResponse>) caller);
    } catch (RuntimeException e) {
      answers.fail(caller, e);
    }
  }

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> caller) {
    answers.answer(caller, () -> {
      access.requireAdministrator(Caller.current());
      RaftNode raft = keyspace.serving().raft();
      if (!raft.leads()) {
        throw EtcdError.NOT_LEADER.exception();
      }
      Member next = raft.members().stream()
          .filter(member -> memberId(member) == request.getTargetID())
          .findFirst()
          .orElseThrow(EtcdError.BAD_LEADER_TRANSFEREE::exception);
      return raft.transferLeadership(next)
          .thenApply(moved ->
              MoveLeaderResponse.newBuilder().setHeader(keyspace.header()).build());
    });
  }

  private static <T> CompletableFuture<T> done(T answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
