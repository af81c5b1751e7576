package io.syncline.server.etcd;

import io.grpc.stub.StreamObserver;
import io.syncline.model.EtcdError;
import java.util.concurrent.CompletableFuture;

/** The first answer to a call of the leader; those after it are not looked at. Any thread. */
final class FirstAnswer<T> implements StreamObserver<T> {
  private final CompletableFuture<T> answer = new CompletableFuture<>();

  /** Fails with a status as the call does, and as if nobody led if the call ends without an answer. */
  CompletableFuture<T> future() {
    return answer;
  }

  @Override
  public void onNext(T value) {
    answer.complete(value);
  }

  @Override
  public void onError(Throwable error) {
    answer.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    // after an answer this does nothing
    answer.completeExceptionally(EtcdStatus.of(EtcdError.NO_LEADER));
  }
}
