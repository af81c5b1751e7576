package io.syncline.server.etcd;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A call under way: what came of it so far, and its end. */
final class RunningCall<Q, R> implements ClientResponseObserver<Q, R> {
  private final List<R> answers = new CopyOnWriteArrayList<>();
  private final CompletableFuture<List<R>> end = new CompletableFuture<>();
  private volatile @Nullable ClientCallStreamObserver<Q> stream;

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> requests) {
    stream = requests;
  }

  @Override
  public void onNext(R answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    end.complete(answers);
  }

  List<R> answers() {
    return answers;
  }

  /** Completes with all answers. */
  CompletableFuture<List<R>> end() {
    return end;
  }

  boolean isUnderWay() {
    return answers.isEmpty() && !end.isDone();
  }

  void cancel() {
    ClientCallStreamObserver<Q> begun = stream;
    if (begun != null) {
      begun.cancel("the client goes", null);
    }
  }
}
