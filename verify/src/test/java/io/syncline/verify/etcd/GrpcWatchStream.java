package io.syncline.verify.etcd;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;

/** A stream of watches over gRPC. */
final class GrpcWatchStream extends WatchStream {
  private final ClientCall<WatchRequest, WatchResponse> call;

  GrpcWatchStream(Target target) {
    super(target.store().strict());
    call = target.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call.start(new Listener(), new Metadata());
    call.request(Integer.MAX_VALUE);
  }

  @Override
  void send(Message request) {
    call.sendMessage((WatchRequest) request);
  }

  @Override
  public void close() {
    call.cancel("closed", null);
  }

  private final class Listener extends ClientCall.Listener<WatchResponse> {
    @Override
    public void onMessage(WatchResponse response) {
      onResponse(Target.json(response));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      onEnd("; the stream ended: " + status.getCode() + " " + status.getDescription());
    }
  }
}
