package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.syncline.bench.load.Completion;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.Compare;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.PutResponse;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.proto.etcd.v3.StatusResponse;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.proto.etcd.v3.TxnResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * etcd's v3 API over gRPC, whoever serves it: one connection to one member, one thread.
 *
 * <p>It has no retries and no failover; give it the leader's endpoint, or what is measured is another
 * member passing requests on.
 */
public final class EtcdTarget implements Target {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  /** Waits for the connection instead of failing while it is made. */
  private static final CallOptions CALL = CallOptions.DEFAULT.withWaitForReady();

  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;

  public EtcdTarget(Endpoint member) {
    channel = NettyChannelBuilder.forAddress(member.host(), member.port())
        .usePlaintext()
        .directExecutor()
        .eventLoopGroup(eventLoop)
        .channelType(NioSocketChannel.class)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .build();
  }

  @Override
  public String name() {
    return "etcd";
  }

  /**
   * The member's view of the cluster.
   *
   * @throws io.grpc.StatusRuntimeException if it does not answer in time
   */
  public StatusResponse status(Duration deadline) {
    return MaintenanceGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
        .status(StatusRequest.getDefaultInstance());
  }

  @Override
  public void put(Key key, ByteString content, Completion<? super Revision> completion) {
    call(
        KVGrpc.getPutMethod(),
        PutRequest.newBuilder().setKey(key.bytes()).setValue(content).build(),
        EtcdTarget::revision,
        completion);
  }

  private static Revision revision(PutResponse response) {
    return Revision.of(response.getHeader().getRevision());
  }

  @Override
  public void get(Key key, Completion<? super Stored> completion) {
    call(KVGrpc.getRangeMethod(), reading(key), EtcdTarget::stored, completion);
  }

  private static RangeRequest reading(Key key) {
    return RangeRequest.newBuilder().setKey(key.bytes()).build();
  }

  private static Stored stored(RangeResponse response) {
    if (response.getKvsCount() == 0) {
      return Stored.NOTHING;
    }
    KeyValue found = response.getKvs(0);
    return new Stored(found.getValue(), Version.of(found.getVersion()));
  }

  @Override
  public void compareAndSet(
      Key key, Version expected, ByteString content, Completion<? super Boolean> completion) {
    var isExpected = Compare.newBuilder()
        .setKey(key.bytes())
        .setTarget(Compare.CompareTarget.VERSION)
        .setResult(Compare.CompareResult.EQUAL)
        .setVersion(expected.value());
    call(
        KVGrpc.getTxnMethod(),
        TxnRequest.newBuilder()
            .addCompare(isExpected)
            .addSuccess(writing(key, content))
            .build(),
        TxnResponse::getSucceeded,
        completion);
  }

  /**
   * Writes if there is such a key, and reads it back, in one transaction. Succeeds with what was read;
   * {@link Stored#NOTHING} if nothing was written.
   */
  public void replace(Key key, ByteString content, Completion<? super Stored> completion) {
    var isThere = Compare.newBuilder()
        .setKey(key.bytes())
        .setTarget(Compare.CompareTarget.VERSION)
        .setResult(Compare.CompareResult.GREATER)
        .setVersion(Version.NONE.value());
    var get = RequestOp.newBuilder().setRequestRange(reading(key));
    call(
        KVGrpc.getTxnMethod(),
        TxnRequest.newBuilder()
            .addCompare(isThere)
            .addSuccess(writing(key, content))
            .addSuccess(get)
            .build(),
        EtcdTarget::readBack,
        completion);
  }

  private static Stored readBack(TxnResponse response) {
    return response.getResponsesCount() < 2
        ? Stored.NOTHING
        : stored(response.getResponses(1).getResponseRange());
  }

  private static RequestOp writing(Key key, ByteString content) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(key.bytes()).setValue(content))
        .build();
  }

  @Override
  public CompletableFuture<AutoCloseable> watch(KeyRange range, WriteListener listener) {
    return EtcdWatch.open(channel, range, listener);
  }

  private <Q, A, T> void call(
      MethodDescriptor<Q, A> method,
      Q request,
      Function<A, T> result,
      Completion<? super T> completion) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, CALL), request, new Answer<>(result, completion));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    // Nothing is left to be done once the channel is closed: nobody waits for the thread to end.
    var unused = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  /** Completes when the call has ended well, as a future of gRPC would. */
  private static final class Answer<A, T> implements StreamObserver<A> {
    private final Function<A, T> result;
    private final Completion<? super T> completion;
    private @Nullable A answer;

    Answer(Function<A, T> result, Completion<? super T> completion) {
      this.result = result;
      this.completion = completion;
    }

    @Override
    public void onNext(A message) {
      answer = message;
    }

    @Override
    public void onError(Throwable cause) {
      completion.failed(cause);
    }

    @Override
    public void onCompleted() {
      if (answer == null) {
        completion.failed(new IllegalStateException("etcd ended the call without an answer"));
      } else {
        completion.succeeded(result.apply(answer));
      }
    }
  }
}
