package io.syncline.server.etcd;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.Lease;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseGrantResponse;
import io.syncline.proto.etcd.v3.LeaseGrpc.LeaseImplBase;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveResponse;
import io.syncline.proto.etcd.v3.LeaseLeasesRequest;
import io.syncline.proto.etcd.v3.LeaseLeasesResponse;
import io.syncline.proto.etcd.v3.LeaseRevokeRequest;
import io.syncline.proto.etcd.v3.LeaseRevokeResponse;
import io.syncline.proto.etcd.v3.LeaseStatus;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveRequest;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveResponse;
import io.syncline.server.rpc.Answers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/** {@code etcdserverpb.Lease}; at the leader, but for streams of renewals. */
final class LeaseService extends LeaseImplBase {
  private final Keyspace keyspace;
  private final Access access;
  private final Answers answers;
  private final Lessor lessor;
  private final Renewals renewals;
  private final RandomGenerator random;
  private final Set<KeepAlives> streams = ConcurrentHashMap.newKeySet();

  /**
   * @param random chooses the ids of leases for which clients choose none; used by any thread
   */
  LeaseService(
      Keyspace keyspace,
      Access access,
      Answers answers,
      Lessor lessor,
      Renewals renewals,
      RandomGenerator random) {
    this.keyspace = keyspace;
    this.access = access;
    this.answers = answers;
    this.lessor = lessor;
    this.renewals = renewals;
    this.random = random;
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> caller) {
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      if (request.getTTL() > Lease.MAX_TTL_SECONDS) {
        throw EtcdError.LEASE_TTL_TOO_LARGE.exception();
      }
      Duration wanted = Duration.ofSeconds(Math.max(0, request.getTTL()));
      long id = request.getID() == 0 ? anyId() : request.getID();
      return keyspace
          .found()
          .thenCompose(there -> access.permitted(
              who, () -> access.requireKnown(who), known -> lessor.grant(known, id, wanted)))
          .thenApply(granted -> LeaseGrantResponse.newBuilder()
              .setHeader(keyspace.header(granted.outcome().revision()))
              .setID(id)
              .setTTL(granted.ttl().toSeconds())
              .build());
    });
  }

  private long anyId() {
    return random.nextLong(1, Long.MAX_VALUE);
  }

  @Override
  public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> caller) {
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      long id = request.getID();
      // who may not delete what hangs on it may not end it
      Runnable looking =
          () -> keysOf(id).forEach(key -> access.requireWrite(who, KeyRange.single(key)));
      return access
          .permitted(
              who,
              looking,
              known -> lessor.revoke(known, new KeyspaceCommand.RevokeLease(keyspace.name(), id)))
          .thenApply(done -> LeaseRevokeResponse.newBuilder()
              .setHeader(keyspace.header(done.revision()))
              .build());
    });
  }

  private List<Key> keysOf(long id) {
    return keyspace.serving().reads().keysOfLease(keyspace.name(), id);
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> caller) {
    var stream = (ServerCallStreamObserver<LeaseKeepAliveResponse>) caller;
    LongFunction<CompletableFuture<LeaseKeepAliveResponse>> renewing =
        ToLeader.isHandedOn() ? renewals::renewHere : renewals::renew;
    var keepAlives = new KeepAlives(renewing, answers, stream, streams::remove);
    streams.add(keepAlives);
    keepAlives.begin();
    return keepAlives;
  }

  /** Clients whose streams are cut off give up, those that are told why go on elsewhere. */
  void endStreams() {
    streams.forEach(stream -> stream.fail(EtcdError.STOPPED.exception()));
  }

  @Override
  public void leaseTimeToLive(
      LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> caller) {
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      return keyspace
          .fresh()
          .thenCompose(fresh -> keyspace.found())
          .thenApply(there -> timeToLive(who, request));
    });
  }

  private LeaseTimeToLiveResponse timeToLive(Caller who, LeaseTimeToLiveRequest request) {
    var response =
        LeaseTimeToLiveResponse.newBuilder().setHeader(keyspace.header()).setID(request.getID());
    lessor
        .standing(request.getID())
        .ifPresentOrElse(
            standing -> response
                .setTTL(standing.left().toSeconds())
                .setGrantedTTL(standing.ttl().toSeconds()),
            () -> response.setTTL(-1));
    if (request.getKeys() && response.getTTL() >= 0) {
      for (Key key : keysOf(request.getID())) {
        access.requireRead(who, KeyRange.single(key));
        response.addKeys(key.bytes());
      }
    }
    return response.build();
  }

  @Override
  public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> caller) {
    answers.answer(
        caller,
        () -> keyspace.fresh().thenCompose(fresh -> keyspace.found()).thenApply(there -> leases()));
  }

  private LeaseLeasesResponse leases() {
    var response = LeaseLeasesResponse.newBuilder().setHeader(keyspace.header());
    lessor.ids().forEach(id -> response.addLeases(LeaseStatus.newBuilder().setID(id)));
    return response.build();
  }
}
