package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.syncline.bench.store.Target.WriteListener;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One watch on a stream of its own. */
final class EtcdWatch
    implements ClientResponseObserver<WatchRequest, WatchResponse>, AutoCloseable {
  /** As a range's end: up to the last key there is. */
  private static final ByteString NO_END = ByteString.copyFrom(new byte[1]);

  private final WriteListener listener;
  private final CompletableFuture<AutoCloseable> established = new CompletableFuture<>();
  private volatile @Nullable ClientCallStreamObserver<WatchRequest> requests;
  private volatile boolean closed;

  private EtcdWatch(WriteListener listener) {
    this.listener = listener;
  }

  static CompletableFuture<AutoCloseable> open(
      Channel channel, KeyRange range, WriteListener listener) {
    var watch = new EtcdWatch(listener);
    WatchGrpc.newStub(channel).withWaitForReady().watch(watch).onNext(create(range));
    return watch.established;
  }

  private static WatchRequest create(KeyRange range) {
    var create = WatchCreateRequest.newBuilder()
        .setKey(range.from().isEmpty() ? NO_END : range.from())
        .setRangeEnd(range.to().isEmpty() ? NO_END : range.to());
    return WatchRequest.newBuilder().setCreateRequest(create).build();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    requests = stream;
  }

  @Override
  public void onNext(WatchResponse response) {
    if (response.getCanceled()) {
      end(new IllegalStateException("watch cancelled by etcd: " + response.getCancelReason()));
      close();
      return;
    }
    if (response.getCreated()) {
      established.complete(this);
    }
    for (Event event : response.getEventsList()) {
      if (event.getType() == Event.EventType.PUT) {
        listener.written(
            new Key(event.getKv().getKey()),
            event.getKv().getValue(),
            new Revision(event.getKv().getModRevision()));
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onCompleted() {
    end(new IllegalStateException("watch ended by etcd"));
  }

  private void end(Throwable cause) {
    if (!closed && !established.completeExceptionally(cause)) {
      listener.ended(cause);
    }
  }

  @Override
  public void close() {
    closed = true;
    ClientCallStreamObserver<WatchRequest> stream = requests;
    if (stream != null) {
      stream.cancel("closed by the load generator", null);
    }
  }
}
