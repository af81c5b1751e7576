package io.syncline.client;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Rejection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** What a fake answers to the requests of one method, in their order; the last step repeats. */
final class Script<Q, A> {
  private final List<Q> requests = new CopyOnWriteArrayList<>();
  private final List<Step<Q, A>> steps;

  @FunctionalInterface
  interface Step<Q, A> {
    void answer(Q request, StreamObserver<A> observer);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  Script(Step<Q, A>... steps) {
    this.steps = List.of(steps);
  }

  static <Q, A> Step<Q, A> answers(A answer) {
    return computes(request -> answer);
  }

  static <Q, A> Step<Q, A> computes(Function<Q, A> answer) {
    return (request, observer) -> {
      observer.onNext(answer.apply(request));
      observer.onCompleted();
    };
  }

  static <Q, A> Step<Q, A> refuses(Rejection rejection) {
    return (request, observer) -> observer.onError(StatusCodec.toStatus(rejection));
  }

  static <Q, A> Step<Q, A> fails(Status status) {
    return (request, observer) -> observer.onError(status.asRuntimeException());
  }

  static <Q, A> Step<Q, A> isSilent() {
    return (request, observer) -> {};
  }

  /** The requests so far. */
  List<Q> requests() {
    return requests;
  }

  void play(Q request, StreamObserver<A> observer) {
    Step<Q, A> step;
    synchronized (this) {
      step = steps.get(Math.min(requests.size(), steps.size() - 1));
      requests.add(request);
    }
    step.answer(request, observer);
  }
}
