package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.EtcdCodec;
import io.syncline.model.Command.Content;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.RangeResult;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import io.syncline.model.TxnResult;
import io.syncline.proto.etcd.election.CampaignRequest;
import io.syncline.proto.etcd.election.CampaignResponse;
import io.syncline.proto.etcd.election.ElectionGrpc.ElectionImplBase;
import io.syncline.proto.etcd.election.LeaderKey;
import io.syncline.proto.etcd.election.LeaderRequest;
import io.syncline.proto.etcd.election.LeaderResponse;
import io.syncline.proto.etcd.election.ProclaimRequest;
import io.syncline.proto.etcd.election.ProclaimResponse;
import io.syncline.proto.etcd.election.ResignRequest;
import io.syncline.proto.etcd.election.ResignResponse;
import io.syncline.server.etcd.Contest.Place;
import io.syncline.server.rpc.Answers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** {@code v3electionpb.Election}; at the leader. */
final class ElectionService extends ElectionImplBase {
  private final Keyspace keyspace;
  private final Access access;
  private final Contest contest;
  private final Answers answers;
  private final Set<Observation> observations = ConcurrentHashMap.newKeySet();

  /**
   * @param answers that word refusals as {@link ContestStatus} does
   */
  ElectionService(Keyspace keyspace, Access access, Contest contest, Answers answers) {
    this.keyspace = keyspace;
    this.access = access;
    this.contest = contest;
    this.answers = answers;
  }

  @Override
  public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> caller) {
    CompletableFuture<Void> abandoned = LockService.abandonment(caller);
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      ByteString value = request.getValue();
      return contest
          .session(who, request.getLease())
          .thenCompose(lease -> contest.join(who, request.getName(), lease, value))
          .thenCompose(place -> state(place, value))
          .thenCompose(
              place -> contest.awaitTurn(place, abandoned).thenApply(revision -> elected(place)));
    });
  }

  /** Sees to it that a place that was there already holds what its contender says now. */
  private CompletableFuture<Place> state(Place place, ByteString value) {
    if (place.value().equals(value)) {
      return CompletableFuture.completedFuture(place);
    }
    return proclaim(place.caller(), place.key(), place.born(), place.lease(), value)
        .thenApply(stated -> place);
  }

  private CampaignResponse elected(Place place) {
    return CampaignResponse.newBuilder()
        .setHeader(keyspace.header(place.joined()))
        .setLeader(LeaderKey.newBuilder()
            .setName(place.name())
            .setKey(place.key().bytes())
            .setRev(place.born().value())
            .setLease(place.lease()))
        .build();
  }

  @Override
  public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> caller) {
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      LeaderKey leader = required(request.hasLeader(), request.getLeader());
      Key key = Contest.key(leader.getKey());
      return contest
          .session(who, leader.getLease())
          .thenCompose(lease -> proclaim(who, key, born(leader), lease, request.getValue()))
          .thenApply(result -> ProclaimResponse.newBuilder()
              .setHeader(keyspace.header(result.revision()))
              .build());
    });
  }

  private static LeaderKey required(boolean given, LeaderKey leader) {
    if (!given) {
      throw refused(ContestStatus.NO_LEADER_KEY);
    }
    return leader;
  }

  private static Revision born(LeaderKey leader) {
    return Revision.of(Math.max(0, leader.getRev()));
  }

  private CompletableFuture<TxnResult> proclaim(
      Caller caller, Key key, Revision born, long lease, ByteString value) {
    var put = new Operation.Put(key, Content.of(value, ""), lease, false, false);
    var txn = new Txn(List.of(Contest.isBornAt(key, born)), List.of(put), List.of());
    return contest.transact(caller, txn).thenApply(result -> {
      if (!result.succeeded()) {
        throw refused(ContestStatus.NOT_LEADER);
      }
      return result;
    });
  }

  private static RejectedException refused(String why) {
    return new RejectedException(Rejection.of(Reason.WRONG_STATE, why));
  }

  @Override
  public void leader(LeaderRequest request, StreamObserver<LeaderResponse> caller) {
    answers.answer(caller, () -> {
      access.requireRead(Caller.current(), Contest.contenders(request.getName()));
      CompletableFuture<Void> ready = keyspace.fresh().thenCompose(fresh -> keyspace.found());
      return answers.onWorkersAfter(ready, () -> leader(request.getName()));
    });
  }

  private LeaderResponse leader(ByteString name) {
    RangeResult found = contest.winner(name);
    if (found.versions().isEmpty()) {
      throw refused(ContestStatus.NO_LEADER);
    }
    return LeaderResponse.newBuilder()
        .setHeader(keyspace.header(found.revision()))
        .setKv(EtcdCodec.toProto(found.versions().get(0)))
        .build();
  }

  @Override
  public void observe(LeaderRequest request, StreamObserver<LeaderResponse> caller) {
    var stream = (ServerCallStreamObserver<LeaderResponse>) caller;
    var observation = new Observation(
        keyspace, contest, answers, request.getName(), stream, observations::remove);
    observations.add(observation);
    stream.setOnCancelHandler(observation::cancel);
    stream.setOnReadyHandler(observation::resume);
    try {
      access.requireRead(Caller.current(), Contest.contenders(request.getName()));
      CompletableFuture<Void> ready = keyspace.fresh().thenCompose(fresh -> keyspace.found());
      var unused = answers.onWorkersAfter(ready, observation::begin).exceptionally(error -> {
        observations.remove(observation);
        answers.fail(stream, error);
        return false;
      });
    } catch (RuntimeException | Error e) {
      observations.remove(observation);
      answers.fail(stream, e);
    }
  }

  /** Who observes is told to ask another voter. */
  void endStreams() {
    observations.forEach(observation -> observation.stop(EtcdError.STOPPED.rejection()));
  }

  @Override
  public void resign(ResignRequest request, StreamObserver<ResignResponse> caller) {
    answers.answer(caller, () -> {
      LeaderKey leader = required(request.hasLeader(), request.getLeader());
      return contest
          .leave(Caller.current(), Contest.key(leader.getKey()), born(leader))
          .thenApply(result -> ResignResponse.newBuilder()
              .setHeader(keyspace.header(result.revision()))
              .build());
    });
  }
}
