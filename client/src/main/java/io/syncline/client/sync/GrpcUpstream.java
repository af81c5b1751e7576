package io.syncline.client.sync;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A voter or a relay, reached by gRPC. Answers are handed to the loop. */
public final class GrpcUpstream implements Upstream, AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 32 << 20;
  private static final long KEEP_ALIVE_SECONDS = 5;

  /** Messages of a stream that may wait for the loop. */
  static final int TAKEN_AHEAD = 4;

  private final Endpoint endpoint;
  private final Loop loop;
  private final ManagedChannel channel;

  public GrpcUpstream(Endpoint endpoint, Loop loop) {
    this.endpoint = endpoint;
    this.loop = loop;
    this.channel = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
        .usePlaintext()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .directExecutor()
        .build();
  }

  @Override
  public String name() {
    return endpoint.toString();
  }

  @Override
  public Call pull(PullRequest request, Answer<PullResponse> answer) {
    return unary(SyncServiceGrpc.getPullMethod(), request, answer);
  }

  @Override
  public Call compare(CompareRequest request, Answer<CompareResponse> answer) {
    return unary(SyncServiceGrpc.getCompareMethod(), request, answer);
  }

  @Override
  public Call fetch(FetchRequest request, Answer<FetchResponse> answer) {
    return unary(SyncServiceGrpc.getFetchMethod(), request, answer);
  }

  @Override
  public Call snapshot(SnapshotRequest request, Answer<SnapshotResponse> answer) {
    var observer = new OnLoop<SnapshotRequest, SnapshotResponse>(answer, Inflow.ON_DEMAND);
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(SyncServiceGrpc.getSnapshotMethod(), CallOptions.DEFAULT),
        request,
        observer);
    return observer;
  }

  @Override
  public Stream stream(Answer<StreamResponse> answer) {
    var observer = new OnLoop<StreamRequest, StreamResponse>(answer, Inflow.AS_TAKEN);
    var requests = ClientCalls.asyncBidiStreamingCall(
        channel.newCall(SyncServiceGrpc.getStreamMethod(), CallOptions.DEFAULT), observer);
    return new Stream() {
      @Override
      public void send(StreamRequest request) {
        if (!observer.ended) {
          requests.onNext(request);
        }
      }

      @Override
      public void cancel() {
        observer.cancel();
      }
    };
  }

  private <Q, A> Call unary(MethodDescriptor<Q, A> method, Q request, Answer<A> answer) {
    var observer = new OnLoop<Q, A>(answer, Inflow.FREE);
    ClientCalls.asyncUnaryCall(channel.newCall(method, CallOptions.DEFAULT), request, observer);
    return observer;
  }

  /** When messages are asked for. */
  private enum Inflow {
    /** As they come: there is one. */
    FREE,
    /** As the loop is done with those before, so that a slow loop slows the sender down. */
    AS_TAKEN,
    /** By {@link Call#more}. */
    ON_DEMAND
  }

  /** Hands over to the loop what arrives on the network's thread. */
  private final class OnLoop<Q, A> implements ClientResponseObserver<Q, A>, Call {
    private final Answer<A> answer;
    private final Inflow inflow;
    private @Nullable ClientCallStreamObserver<Q> requests;
    private volatile boolean ended;

    OnLoop(Answer<A> answer, Inflow inflow) {
      this.answer = answer;
      this.inflow = inflow;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> stream) {
      requests = stream;
      if (inflow != Inflow.FREE) {
        stream.disableAutoRequestWithInitial(inflow == Inflow.AS_TAKEN ? TAKEN_AHEAD : 1);
      }
    }

    @Override
    public void onNext(A message) {
      loop.execute(() -> take(message));
    }

    private void take(A message) {
      try {
        answer.message(message);
      } finally {
        if (inflow == Inflow.AS_TAKEN && !ended) {
          more();
        }
      }
    }

    @Override
    public void onError(Throwable error) {
      ended = true;
      loop.execute(() -> answer.ended(asRefusal(error)));
    }

    @Override
    public void onCompleted() {
      ended = true;
      loop.execute(() -> answer.ended(null));
    }

    @Override
    public void more() {
      ClientCallStreamObserver<Q> stream = requests;
      if (stream != null) {
        stream.request(1);
      }
    }

    @Override
    public void cancel() {
      ClientCallStreamObserver<Q> stream = requests;
      if (stream != null && !ended) {
        ended = true;
        stream.cancel("no longer wanted", null);
      }
    }
  }

  private Throwable asRefusal(Throwable error) {
    if (error instanceof StatusRuntimeException status) {
      return StatusCodec.fromStatus(status)
          .<Throwable>map(RejectedException::new)
          .orElseGet(() -> new IllegalStateException(describe(status.getStatus())));
    }
    return error;
  }

  private static String describe(Status status) {
    String description = status.getDescription();
    return status.getCode() == Status.Code.UNAVAILABLE
        ? "cannot be reached" + (description == null ? "" : " (" + description + ")")
        : String.valueOf(description);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
