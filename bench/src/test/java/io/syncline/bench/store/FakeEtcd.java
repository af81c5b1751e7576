package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.Compare;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.PutResponse;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.proto.etcd.v3.ResponseOp;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.proto.etcd.v3.StatusResponse;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.proto.etcd.v3.TxnResponse;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As much of etcd as the load generator uses, in memory, on a port of its own. */
public final class FakeEtcd implements AutoCloseable {
  private static final ByteString REFUSED_KEY = ByteString.copyFromUtf8("refused");

  private final long memberId;
  private final long leaderId;
  private final Map<ByteString, KeyValue> keys = new HashMap<>();
  private final Server server;
  private long revision;
  private @Nullable StreamObserver<WatchResponse> watch;

  /** A cluster of one. */
  FakeEtcd() throws IOException {
    this(11, 11);
  }

  /** A member that says who leads, and takes writes whoever does. */
  public FakeEtcd(long memberId, long leaderId) throws IOException {
    this.memberId = memberId;
    this.leaderId = leaderId;
    server = NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .directExecutor()
        .addService(new Keys())
        .addService(new Watches())
        .addService(new Maintenance())
        .build()
        .start();
  }

  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getPort());
  }

  /** How many writes it was asked for. */
  public synchronized long writes() {
    return revision;
  }

  /** Whether there is a watch. */
  public synchronized boolean watched() {
    return watch != null;
  }

  /** Ends the watch, as etcd does when its history was compacted. */
  synchronized void cancelWatch() {
    if (watch != null) {
      watch.onNext(WatchResponse.newBuilder()
          .setCanceled(true)
          .setCancelReason("compacted")
          .build());
    }
  }

  private synchronized ResponseHeader write(PutRequest put) {
    KeyValue before = keys.getOrDefault(put.getKey(), KeyValue.getDefaultInstance());
    KeyValue after = KeyValue.newBuilder()
        .setKey(put.getKey())
        .setValue(put.getValue())
        .setModRevision(++revision)
        .setVersion(before.getVersion() + 1)
        .build();
    keys.put(put.getKey(), after);
    if (watch != null) {
      watch.onNext(
          WatchResponse.newBuilder().addEvents(Event.newBuilder().setKv(after)).build());
    }
    return ResponseHeader.newBuilder().setRevision(revision).build();
  }

  private synchronized RangeResponse read(RangeRequest range) {
    var response = RangeResponse.newBuilder();
    KeyValue found = keys.get(range.getKey());
    if (found != null) {
      response.addKvs(found);
    }
    return response.build();
  }

  private synchronized TxnResponse carryOut(TxnRequest txn) {
    boolean held = txn.getCompareList().stream().allMatch(this::holds);
    var response = TxnResponse.newBuilder().setSucceeded(held);
    for (RequestOp operation : held ? txn.getSuccessList() : txn.getFailureList()) {
      response.addResponses(carryOut(operation));
    }
    return response.build();
  }

  private ResponseOp carryOut(RequestOp operation) {
    return operation.hasRequestRange()
        ? ResponseOp.newBuilder()
            .setResponseRange(read(operation.getRequestRange()))
            .build()
        : ResponseOp.newBuilder()
            .setResponsePut(PutResponse.newBuilder().setHeader(write(operation.getRequestPut())))
            .build();
  }

  private boolean holds(Compare compare) {
    KeyValue now = keys.getOrDefault(compare.getKey(), KeyValue.getDefaultInstance());
    return compare.getTarget() == Compare.CompareTarget.VERSION
        && (compare.getResult() == Compare.CompareResult.GREATER
            ? now.getVersion() > compare.getVersion()
            : now.getVersion() == compare.getVersion());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static <T> void answer(StreamObserver<T> observer, T answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  private final class Keys extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
      answer(observer, read(request));
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      if (request.getKey().equals(REFUSED_KEY)) {
        observer.onError(Status.RESOURCE_EXHAUSTED.withDescription("no space").asException());
      } else {
        answer(observer, PutResponse.newBuilder().setHeader(write(request)).build());
      }
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
      answer(observer, carryOut(request));
    }
  }

  private final class Watches extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> observer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(WatchRequest request) {
          synchronized (FakeEtcd.this) {
            watch = observer;
          }
          observer.onNext(WatchResponse.newBuilder().setCreated(true).build());
        }

        @Override
        public void onError(Throwable cause) {
          onCompleted();
        }

        @Override
        public void onCompleted() {
          synchronized (FakeEtcd.this) {
            watch = null;
          }
        }
      };
    }
  }

  private final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      answer(
          observer,
          StatusResponse.newBuilder()
              .setHeader(ResponseHeader.newBuilder().setMemberId(memberId))
              .setLeader(leaderId)
              .setVersion("3.4.0-fake")
              .build());
    }
  }
}
