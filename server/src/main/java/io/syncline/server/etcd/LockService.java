package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.model.KeyRange;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import io.syncline.proto.etcd.lock.LockGrpc.LockImplBase;
import io.syncline.proto.etcd.lock.LockRequest;
import io.syncline.proto.etcd.lock.LockResponse;
import io.syncline.proto.etcd.lock.UnlockRequest;
import io.syncline.proto.etcd.lock.UnlockResponse;
import io.syncline.server.rpc.Answers;
import java.util.concurrent.CompletableFuture;

/** {@code v3lockpb.Lock}; at the leader. */
final class LockService extends LockImplBase {
  private final Keyspace keyspace;
  private final Contest contest;
  private final Answers answers;

  /**
   * @param answers that word refusals as {@link ContestStatus} does
   */
  LockService(Keyspace keyspace, Contest contest, Answers answers) {
    this.keyspace = keyspace;
    this.contest = contest;
    this.answers = answers;
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockResponse> caller) {
    CompletableFuture<Void> abandoned = abandonment(caller);
    answers.answer(caller, () -> {
      Caller who = Caller.current();
      return contest
          .session(who, request.getLease())
          .thenCompose(lease -> contest.join(who, request.getName(), lease, ByteString.EMPTY))
          .thenCompose(place -> contest
              .awaitTurn(place, abandoned)
              .thenApply(revision -> LockResponse.newBuilder()
                  .setHeader(keyspace.header(revision))
                  .setKey(place.key().bytes())
                  .build()));
    });
  }

  /** Completes when the caller has gone. */
  static CompletableFuture<Void> abandonment(StreamObserver<?> caller) {
    var abandoned = new CompletableFuture<Void>();
    ((ServerCallStreamObserver<?>) caller).setOnCancelHandler(() -> abandoned.complete(null));
    return abandoned;
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> caller) {
    answers.answer(caller, () -> {
      KeyRange key = KeyRange.single(Contest.key(request.getKey()));
      return contest
          .transact(Caller.current(), Txn.of(new Operation.Delete(key, false)))
          .thenApply(result -> UnlockResponse.newBuilder()
              .setHeader(keyspace.header(result.revision()))
              .build());
    });
  }
}
