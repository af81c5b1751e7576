package io.syncline.client;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call of its own. Calls back on a network thread, or on that of {@link #start}. */
final class UnaryAttempt<Q, A> extends ClientStreamTracer implements Attempt, StreamObserver<A> {
  private final Q message;
  private final ClientCall<Q, A> call;
  private final Consumer<A> onAnswer;
  private final Consumer<Failure> onFailure;

  /** Without a stream on a connection no byte of the request can have left. */
  private volatile boolean handedOver;

  private volatile boolean started;

  private @Nullable A answer;

  UnaryAttempt(
      Channel channel,
      MethodDescriptor<Q, A> method,
      Q message,
      Deadline deadline,
      Consumer<A> onAnswer,
      Consumer<Failure> onFailure) {
    this.message = message;
    this.onAnswer = onAnswer;
    this.onFailure = onFailure;
    this.call = channel.newCall(
        method, CallOptions.DEFAULT.withDeadline(deadline).withStreamTracerFactory(tracing(this)));
  }

  private static ClientStreamTracer.Factory tracing(ClientStreamTracer tracer) {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
        return tracer;
      }
    };
  }

  @Override
  public void start() {
    ClientCalls.asyncUnaryCall(call, message, this);
    started = true;
  }

  /** A call cannot be cancelled before it began. */
  @Override
  public void cancel() {
    if (started) {
      call.cancel("given up by the caller", null);
    }
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    handedOver = true;
  }

  @Override
  public void onNext(A message) {
    answer = message;
  }

  @Override
  public void onError(Throwable error) {
    onFailure.accept(Failure.of(error, handedOver));
  }

  @Override
  public void onCompleted() {
    if (answer == null) {
      onError(Status.INTERNAL.withDescription("the voter gave no answer").asRuntimeException());
    } else {
      onAnswer.accept(answer);
    }
  }
}
