package io.syncline.server.etcd.http;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.lock.LockGrpc;
import io.syncline.proto.etcd.lock.LockRequest;
import io.syncline.proto.etcd.lock.LockResponse;
import io.syncline.proto.etcd.v3.ClusterGrpc;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveResponse;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.MemberRemoveRequest;
import io.syncline.proto.etcd.v3.MemberRemoveResponse;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.PutResponse;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.proto.etcd.v3.SnapshotRequest;
import io.syncline.proto.etcd.v3.SnapshotResponse;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.proto.etcd.v3.TxnResponse;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Services that tell what they were asked; watches are answered by the test itself. */
final class EchoServices {
  static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /** One watch stream. */
  record OpenWatch(
      ServerCallStreamObserver<WatchResponse> answers, BlockingQueue<WatchRequest> requests) {
    static final WatchRequest END = WatchRequest.newBuilder().build();
  }

  final BlockingQueue<Metadata> seen = new LinkedBlockingQueue<>();
  final BlockingQueue<OpenWatch> watches = new LinkedBlockingQueue<>();
  final BlockingQueue<TxnRequest> transactions = new LinkedBlockingQueue<>();
  final BlockingQueue<ServerCallStreamObserver<LockResponse>> locks = new LinkedBlockingQueue<>();
  final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

  List<ServerServiceDefinition> all() {
    return List.of(new Kv(), new Watch(), new Lock(), new Lease(), new Cluster(), new Maintenance())
        .stream()
        .map(BindableService::bindService)
        .toList();
  }

  ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        seen.add(headers);
        return next.startCall(call, headers);
      }
    };
  }

  private static ResponseHeader header() {
    return ResponseHeader.newBuilder().setClusterId(-1).setRevision(7).build();
  }

  private static <R> void answer(StreamObserver<R> answers, R answer) {
    answers.onNext(answer);
    answers.onCompleted();
  }

  private final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> answers) {
      if (request.getKey().isEmpty()) {
        answers.onError(Status.INVALID_ARGUMENT
            .withDescription("etcdserver: key is not provided")
            .asRuntimeException());
        return;
      }
      if (request.getKey().startsWith(ByteString.copyFromUtf8("fail/"))) {
        String code = request.getKey().toStringUtf8().substring("fail/".length());
        answers.onError(Status.fromCode(Status.Code.valueOf(code))
            .withDescription("because <of> \"it\"")
            .asRuntimeException());
        return;
      }
      answer(
          answers,
          RangeResponse.newBuilder()
              .setHeader(header())
              .addKvs(KeyValue.newBuilder()
                  .setKey(request.getKey())
                  .setLease(request.getLimit())
                  .setVersion(request.getSortOrderValue()))
              .setMore(request.getSerializable())
              .build());
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> answers) {
      answer(
          answers,
          PutResponse.newBuilder()
              .setPrevKv(KeyValue.newBuilder().setValue(request.getValue()))
              .build());
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> answers) {
      transactions.add(request);
      answer(answers, TxnResponse.getDefaultInstance());
    }
  }

  private final class Watch extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
      var call = (ServerCallStreamObserver<WatchResponse>) answers;
      call.setOnCancelHandler(() -> cancelled.add("watch"));
      var watch = new OpenWatch(call, new LinkedBlockingQueue<>());
      watches.add(watch);
      return new StreamObserver<>() {
        @Override
        public void onNext(WatchRequest request) {
          watch.requests().add(request);
        }

        @Override
        public void onError(Throwable error) {
          // told by the cancellation
        }

        @Override
        public void onCompleted() {
          watch.requests().add(OpenWatch.END);
        }
      };
    }
  }

  /** Is held until the test lets go. */
  private final class Lock extends LockGrpc.LockImplBase {
    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> answers) {
      var call = (ServerCallStreamObserver<LockResponse>) answers;
      call.setOnCancelHandler(() -> cancelled.add("lock"));
      locks.add(call);
    }
  }

  private static final class Lease extends LeaseGrpc.LeaseImplBase {
    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
        StreamObserver<LeaseKeepAliveResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveRequest request) {
          answers.onNext(
              LeaseKeepAliveResponse.newBuilder().setID(request.getID()).build());
        }

        @Override
        public void onError(Throwable error) {
          // nothing to end
        }

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  private static final class Cluster extends ClusterGrpc.ClusterImplBase {
    @Override
    public void memberRemove(
        MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> answers) {
      answer(
          answers,
          MemberRemoveResponse.newBuilder()
              .setHeader(ResponseHeader.newBuilder().setMemberId(request.getID()))
              .build());
    }
  }

  private static final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> answers) {
      answers.onNext(SnapshotResponse.newBuilder().setRemainingBytes(1).build());
      answers.onError(Status.UNAVAILABLE.withDescription("no more").asRuntimeException());
    }
  }
}
