package io.syncline.server.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.syncline.model.Consistency;
import io.syncline.model.EtcdError;
import io.syncline.model.RejectedException;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.v3.DeleteRangeResponse;
import io.syncline.proto.etcd.v3.PutResponse;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.TxnResponse;
import io.syncline.server.rpc.Serving;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands on to the leader what only the leader can answer, so that clients may talk to any voter. The
 * leader's words are passed back as they are, once this voter has applied what they speak of: who writes
 * through it and then reads or watches here finds what was written. A call is handed on once: a voter
 * that was asked by another one, and does not lead either, says so.
 *
 * <p>A caller that reads slowly holds up its own call, and nothing else: no message is asked for before
 * the one before it has left.
 */
final class ToLeader implements ServerInterceptor {
  private static final Metadata.Key<String> HANDED_ON =
      Metadata.Key.of("syncline-handed-on", Metadata.ASCII_STRING_MARSHALLER);

  /** In the context of a call: true if a voter handed it on. */
  private static final Context.Key<Boolean> FROM_VOTER = Context.key("etcd-handed-on");

  /** Every voter answers these out of what it has, or hands on by itself what its clients ask on a stream. */
  private static final Set<String> ANSWERED_HERE = Set.of(
      "etcdserverpb.Watch/Watch",
      "etcdserverpb.Lease/LeaseKeepAlive",
      "etcdserverpb.Maintenance/Status",
      "etcdserverpb.Maintenance/Defragment",
      "etcdserverpb.Maintenance/Hash",
      "etcdserverpb.Maintenance/HashKV",
      "etcdserverpb.Maintenance/Snapshot",
      "etcdserverpb.Maintenance/Alarm",
      "etcdserverpb.Maintenance/MoveLeader",
      "etcdserverpb.Cluster/MemberList");

  private static final Metadata.Key<String> APPLIED =
      Metadata.Key.of("syncline-applied", Metadata.ASCII_STRING_MARSHALLER);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
  /** A voter is behind the leader by a message or two. */
  private static final Executor SOON = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

  private static final String RANGE = "etcdserverpb.KV/Range";

  /** Nothing that this voter must have applied follows from their answers, but for the revisions of writes. */
  private static final Set<String> OF_KEYS = Set.of(
      RANGE,
      "etcdserverpb.KV/Put",
      "etcdserverpb.KV/DeleteRange",
      "etcdserverpb.KV/Txn",
      "v3electionpb.Election/Observe");

  private final VoterChannels voters;
  private final Keyspace keyspace;

  ToLeader(VoterChannels voters, Keyspace keyspace) {
    this.voters = voters;
    this.keyspace = keyspace;
  }

  /** Whether the current call was handed on by another voter: it is not to be handed on again. */
  static boolean isHandedOn() {
    return Boolean.TRUE.equals(FROM_VOTER.get());
  }

  /** Marks a call as handed on by this voter. */
  static ClientInterceptor handingOn() {
    var headers = new Metadata();
    headers.put(HANDED_ON, "true");
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    boolean here = ANSWERED_HERE.contains(method.getFullMethodName());
    if (headers.containsKey(HANDED_ON)) {
      Context context = Context.current().withValue(FROM_VOTER, true);
      return Contexts.interceptCall(context, stating(call), headers, next);
    }
    if (here) {
      return next.startCall(call, headers);
    }
    try {
      return voters.leads() ? next.startCall(call, headers) : askLeader(call, headers, next);
    } catch (RejectedException e) {
      return refuse(call, EtcdStatus.of(e.rejection()));
    }
  }

  private static <Q, R> ServerCall.Listener<Q> refuse(
      ServerCall<Q, R> call, StatusRuntimeException refusal) {
    Metadata trailers = refusal.getTrailers();
    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }

  private <Q, R> ServerCall.Listener<Q> askLeader(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    if (method.getFullMethodName().equals(RANGE)) {
      call.request(1);
      return new FirstSeen<>(call, headers, next);
    }
    return handOn(call, headers);
  }

  private <Q, R> ServerCall.Listener<Q> handOn(ServerCall<Q, R> call, Metadata headers) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    Optional<Channel> channel = voters.leader();
    if (channel.isEmpty()) {
      return refuse(call, EtcdStatus.of(EtcdError.NO_LEADER));
    }
    headers.put(HANDED_ON, "true");
    var handed = new HandedOn<Q, R>(call, channel.get().newCall(method, CallOptions.DEFAULT));
    handed.begin(headers);
    return handed;
  }

  /** Tells the voter that asked how far the log was applied here when the answer was known. */
  private <Q, R> ServerCall<Q, R> stating(ServerCall<Q, R> call) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(Metadata headers) {
        headers.put(APPLIED, Long.toString(keyspace.serving().reads().appliedIndex()));
        super.sendHeaders(headers);
      }
    };
  }

  /** Completes when this voter has applied as much; after a while all the same. */
  private CompletableFuture<Void> appliedAsStated(Metadata headers) {
    String stated = headers.get(APPLIED);
    return stated == null
        ? CompletableFuture.completedFuture(null)
        : appliedUpTo(Long.parseLong(stated), System.nanoTime() + LONGEST_WAIT.toNanos());
  }

  private CompletableFuture<Void> appliedUpTo(long index, long untilNanos) {
    boolean there = keyspace.serving().reads().appliedIndex() >= index;
    return there || System.nanoTime() - untilNanos > 0
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.runAsync(() -> {}, SOON)
            .thenCompose(waited -> appliedUpTo(index, untilNanos));
  }

  /** Completes when this voter has what an answer says was written; after a while all the same. */
  private CompletableFuture<Void> appliedWrite(Object answer) {
    Revision written = Revision.of(Math.max(0, writtenAt(answer)));
    try {
      Serving serving = keyspace.serving();
      return serving.reads().revision().isBefore(written)
          ? serving
              .freshness()
              .await(new Consistency.AtLeast(written))
              .exceptionally(notInTime -> null)
          : CompletableFuture.completedFuture(null);
    } catch (RejectedException e) {
      // it is stopping: what the leader said is true all the same
      return CompletableFuture.completedFuture(null);
    }
  }

  private static long writtenAt(Object answer) {
    if (answer instanceof PutResponse put) {
      return put.getHeader().getRevision();
    } else if (answer instanceof DeleteRangeResponse delete) {
      return delete.getHeader().getRevision();
    } else if (answer instanceof TxnResponse txn) {
      return txn.getHeader().getRevision();
    }
    return 0;
  }

  /** A range, which may be answered here if its caller does not mind that it is old. */
  private final class FirstSeen<Q, R> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, R> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, R> here;
    private ServerCall.@Nullable Listener<Q> answering;

    FirstSeen(ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> here) {
      this.call = call;
      this.headers = headers;
      this.here = here;
    }

    @Override
    public void onMessage(Q message) {
      ServerCall.Listener<Q> chosen;
      try {
        chosen = mayBeOld(message) ? here.startCall(call, headers) : handOn(call, headers);
      } catch (RejectedException e) {
        chosen = refuse(call, EtcdStatus.of(e.rejection()));
      }
      answering = chosen;
      chosen.onMessage(message);
    }

    /** What is founded by the first request is founded by the leader. */
    private boolean mayBeOld(Q message) {
      return message instanceof RangeRequest range
          && range.getSerializable()
          && keyspace.isFounded();
    }

    @Override
    public void onHalfClose() {
      if (answering != null) {
        answering.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      if (answering != null) {
        answering.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (answering != null) {
        answering.onComplete();
      }
    }

    @Override
    public void onReady() {
      if (answering != null) {
        answering.onReady();
      }
    }
  }

  /** One call that is handed on. */
  private final class HandedOn<Q, R> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, R> caller;
    private final ClientCall<Q, R> leader;
    private final boolean ofKeys;

    HandedOn(ServerCall<Q, R> caller, ClientCall<Q, R> leader) {
      this.ofKeys = OF_KEYS.contains(caller.getMethodDescriptor().getFullMethodName());
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
      /** What was said so far has left, in order. */
      private CompletableFuture<Void> said = CompletableFuture.completedFuture(null);

      @Override
      public void onHeaders(Metadata headers) {
        said = (ofKeys ? CompletableFuture.<Void>completedFuture(null) : appliedAsStated(headers))
            .thenRun(() -> begin(headers));
      }

      private void begin(@Nullable Metadata headers) {
        if (!begun) {
          begun = true;
          caller.sendHeaders(headers == null ? new Metadata() : headers);
        }
      }

      @Override
      public void onMessage(R message) {
        said = said.thenCompose(before -> appliedWrite(message)).thenRun(() -> {
          begin(null);
          caller.sendMessage(message);
          if (caller.isReady()) {
            leader.request(1);
          }
        });
      }

      @Override
      public void onReady() {
        caller.request(1);
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        var unused = said.whenComplete((left, error) -> {
          if (!caller.isCancelled()) {
            caller.close(asOfAVoterThatStops(status), trailers);
          }
        });
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
