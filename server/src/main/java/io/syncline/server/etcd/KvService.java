package io.syncline.server.etcd;

import io.grpc.stub.StreamObserver;
import io.syncline.codec.EtcdCodec;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.Outcome;
import io.syncline.model.RangeQuery;
import io.syncline.model.RangeResult;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import io.syncline.model.TxnResult;
import io.syncline.model.TxnResult.Step;
import io.syncline.proto.etcd.v3.CompactionRequest;
import io.syncline.proto.etcd.v3.CompactionResponse;
import io.syncline.proto.etcd.v3.DeleteRangeRequest;
import io.syncline.proto.etcd.v3.DeleteRangeResponse;
import io.syncline.proto.etcd.v3.KVGrpc.KVImplBase;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.PutResponse;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.proto.etcd.v3.TxnResponse;
import io.syncline.server.rpc.Answers;
import java.util.concurrent.CompletableFuture;

/** {@code etcdserverpb.KV}. */
final class KvService extends KVImplBase {
  private final Keyspace keyspace;
  private final Access access;
  private final Answers answers;

  KvService(Keyspace keyspace, Access access, Answers answers) {
    this.keyspace = keyspace;
    this.access = access;
    this.answers = answers;
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> caller) {
    answers.answer(caller, () -> {
      RangeQuery query = EtcdCodec.toDomain(request);
      Caller who = Caller.current();
      CompletableFuture<Void> ready = request.getSerializable() && keyspace.isFounded()
          ? CompletableFuture.completedFuture(null)
          : keyspace.fresh().thenCompose(fresh -> keyspace.found());
      boolean small = query.keys().singleKey().isPresent();
      return small
          ? ready.thenApply(fresh -> answer(who, query))
          : answers.onWorkersAfter(ready, () -> answer(who, query));
    });
  }

  private RangeResponse answer(Caller who, RangeQuery query) {
    RangeResult result = access.reading(
        who, query.keys(), () -> keyspace.serving().reads().range(keyspace.name(), query));
    return EtcdCodec.toProto(result, keyspace.header());
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> caller) {
    answers.answer(
        caller,
        () -> single(EtcdCodec.toDomain(request))
            .thenApply(step -> EtcdCodec.toProto((Step.Put) step, keyspace.header())));
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> caller) {
    answers.answer(
        caller,
        () -> single(EtcdCodec.toDomain(request))
            .thenApply(step -> EtcdCodec.toProto((Step.Deleted) step, keyspace.header())));
  }

  private CompletableFuture<Step> single(Operation operation) {
    return transact(Txn.of(operation)).thenApply(result -> result.steps().get(0));
  }

  @Override
  public void txn(TxnRequest request, StreamObserver<TxnResponse> caller) {
    answers.answer(caller, () -> {
      keyspace.requireSize(request);
      return transact(EtcdCodec.toDomain(request, Keyspace.MAX_OPERATIONS))
          .thenApply(result -> EtcdCodec.toProto(result, keyspace.header()));
    });
  }

  private CompletableFuture<TxnResult> transact(Txn txn) {
    Caller caller = Caller.current();
    return access
        .permitted(
            caller, () -> access.require(caller, txn), known -> keyspace.transact(known, txn))
        .thenApply(KvService::resultOf);
  }

  private static TxnResult resultOf(Outcome.Committed committed) {
    TxnResult result = committed.result();
    if (result == null) {
      throw new IllegalStateException("a transaction was carried out, and has no result");
    }
    return result;
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> caller) {
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      if (request.getRevision() < 0) {
        throw EtcdError.COMPACTED.exception();
      }
      var compact =
          new KeyspaceCommand.Compact(keyspace.name(), Revision.of(request.getRevision()));
      return keyspace
          .found()
          .thenCompose(there -> access.permitted(
              who, () -> access.requireKnown(who), known -> keyspace.carryOut(known, compact)))
          .thenApply(done -> CompactionResponse.newBuilder()
              .setHeader(keyspace.header(done.revision()))
              .build());
    });
  }
}
