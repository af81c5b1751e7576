package io.syncline.server.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.model.EtcdError;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands on to the leader what only the leader can answer, so that clients may talk to any voter. The
 * leader's words are passed back as they are. A call is handed on once: a voter that was asked by another
 * one, and does not lead either, says so.
 *
 * <p>A caller that reads slowly holds up its own call, and nothing else: no message is asked for before
 * the one before it has left.
 */
final class ToLeader implements ServerInterceptor {
  private static final Metadata.Key<String> HANDED_ON =
      Metadata.Key.of("syncline-handed-on", Metadata.ASCII_STRING_MARSHALLER);

  /** Every voter answers these out of what it has. */
  private static final Set<String> ANSWERED_HERE = Set.of(
      "etcdserverpb.Watch/Watch",
      "etcdserverpb.Maintenance/Status",
      "etcdserverpb.Maintenance/Defragment",
      "etcdserverpb.Maintenance/Hash",
      "etcdserverpb.Maintenance/HashKV",
      "etcdserverpb.Maintenance/Snapshot",
      "etcdserverpb.Maintenance/Alarm",
      "etcdserverpb.Cluster/MemberList");

  private final VoterChannels voters;

  ToLeader(VoterChannels voters) {
    this.voters = voters;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    boolean here = ANSWERED_HERE.contains(method.getFullMethodName());
    if (here || headers.containsKey(HANDED_ON) || voters.leads()) {
      return next.startCall(call, headers);
    }
    Optional<Channel> channel = voters.leader();
    if (channel.isEmpty()) {
      StatusRuntimeException refusal = EtcdStatus.of(EtcdError.NO_LEADER);
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
    headers.put(HANDED_ON, "true");
    var handed = new HandedOn<Q, R>(call, channel.get().newCall(method, CallOptions.DEFAULT));
    handed.begin(headers);
    return handed;
  }

  /** One call that is handed on. */
  private static final class HandedOn<Q, R> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, R> caller;
    private final ClientCall<Q, R> leader;

    HandedOn(ServerCall<Q, R> caller, ClientCall<Q, R> leader) {
      this.caller = caller;
      this.leader = leader;
    }

    void begin(Metadata headers) {
      leader.start(new Answers(), headers);
      caller.request(1);
      leader.request(1);
    }

    @Override
    public void onMessage(Q message) {
      leader.sendMessage(message);
      if (leader.isReady()) {
        caller.request(1);
      }
    }

    @Override
    public void onHalfClose() {
      leader.halfClose();
    }

    @Override
    public void onCancel() {
      leader.cancel("the caller has gone", null);
    }

    @Override
    public void onReady() {
      leader.request(1);
    }

    private final class Answers extends ClientCall.Listener<R> {
      private boolean begun;

      @Override
      public void onHeaders(Metadata headers) {
        begin(headers);
      }

      private void begin(@Nullable Metadata headers) {
        if (!begun) {
          begun = true;
          caller.sendHeaders(headers == null ? new Metadata() : headers);
        }
      }

      @Override
      public void onMessage(R message) {
        begin(null);
        caller.sendMessage(message);
        if (caller.isReady()) {
          leader.request(1);
        }
      }

      @Override
      public void onReady() {
        caller.request(1);
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        if (!caller.isCancelled()) {
          caller.close(asOfAVoterThatStops(status), trailers);
        }
      }

      /** The caller has not gone: then the leader's door has closed. Clients go on elsewhere. */
      private static Status asOfAVoterThatStops(Status status) {
        return status.getCode() == Status.Code.CANCELLED
            ? Status.UNAVAILABLE.withDescription(EtcdError.STOPPED.message())
            : status;
      }
    }
  }
}
