package io.syncline.server.raft;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Stands before Ratis' server, and lets through only what a voter may answer.
 *
 * <p><b>Votes.</b> Keeps the promise on which a leader's lease rests: a voter that heard from a leader
 * helps to elect no other for the length of the lease. Ratis checks this in its pre-vote only. Between
 * a granted pre-vote and the vote itself the old leader can be heard again, and renew its lease on an
 * answer of the very voter that then votes for another; and a voter that restarts forgets whom it
 * heard. So votes that come within the lease time of an append, or of the start, are refused here,
 * before Ratis sees them; and while a vote is decided, no append of an older term is let through.
 * Raft's dissertation asks for the same, in §4.2.3 and §6.4.1. A refused candidate tries again after
 * another time-out. Until {@link #open} is called every vote is refused: a voter whose log is shorter
 * than what it acknowledged must not elect anybody.
 *
 * <p><b>Addresses.</b> Ratis answers whatever arrives at its port. A voter that lost its data comes
 * back at its old address as somebody else, and must not answer for its former self: what is addressed
 * to another id is refused.
 */
final class RaftGate implements ServerInterceptor {
  private final ByteString selfId;
  private final long leaseNanos;
  private final LongSupplier nanoTime;

  private long heardAtNanos;
  private long votedTerm;
  private int votesUnderWay;
  private boolean opened;

  /**
   * @param peerId as which Ratis knows this voter
   */
  RaftGate(String peerId, Duration leaseTime, LongSupplier nanoTime) {
    this.selfId = ByteString.copyFromUtf8(peerId);
    this.leaseNanos = leaseTime.toNanos();
    this.nanoTime = nanoTime;
    this.heardAtNanos = nanoTime.getAsLong();
  }

  /** Lets votes be cast from now on. */
  synchronized void open() {
    opened = true;
  }

  /**
   * Notes that a leader was heard.
   *
   * @return whether the append may be answered
   */
  synchronized boolean hear(long leaderTerm) {
    if (votesUnderWay > 0 && leaderTerm < votedTerm) {
      return false;
    }
    heardAtNanos = nanoTime.getAsLong();
    return true;
  }

  /**
   * Asks whether a vote may be cast; if so, {@link #endVote} must follow.
   *
   * @return whether it may
   */
  synchronized boolean beginVote(long candidateTerm) {
    if (!opened || nanoTime.getAsLong() - heardAtNanos < leaseNanos) {
      return false;
    }
    votedTerm = Math.max(votedTerm, candidateTerm);
    votesUnderWay++;
    return true;
  }

  synchronized void endVote() {
    votesUnderWay--;
  }

  /** Whether a request is meant for this voter, and not for who was at its address before. */
  boolean isForSelf(RaftRpcRequestProto request) {
    return request.getReplyId().equals(selfId);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall.Listener<Q> inner = next.startCall(call, headers);
    return switch (String.valueOf(call.getMethodDescriptor().getBareMethodName())) {
      case "requestVote" -> new VoteListener<>(call, inner);
      case "appendEntries", "installSnapshot" -> new StreamListener<>(call, inner);
      default -> inner;
    };
  }

  /** What comes from a leader. */
  private final class StreamListener<Q, R> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, R> call;
    private boolean closed;

    StreamListener(ServerCall<Q, R> call, ServerCall.Listener<Q> inner) {
      super(inner);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      if (closed) {
        return;
      }
      if (mayPass(message)) {
        super.onMessage(message);
      } else {
        closed = true;
        call.close(
            Status.UNAVAILABLE.withDescription(
                "for another voter, or in the middle of a vote of a newer term"),
            new Metadata());
      }
    }

    private boolean mayPass(Q message) {
      if (message instanceof AppendEntriesRequestProto append) {
        return isForSelf(append.getServerRequest()) && hear(append.getLeaderTerm());
      }
      return isForSelf(((InstallSnapshotRequestProto) message).getServerRequest());
    }
  }

  private final class VoteListener<Q, R> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, R> call;
    private RequestVoteRequestProto request = RequestVoteRequestProto.getDefaultInstance();

    VoteListener(ServerCall<Q, R> call, ServerCall.Listener<Q> inner) {
      super(inner);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      request = (RequestVoteRequestProto) message;
      super.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      if (!isForSelf(request.getServerRequest())) {
        refuse();
      } else if (request.getPreVote()) {
        super.onHalfClose();
      } else if (beginVote(request.getCandidateTerm())) {
        try {
          // Ratis answers unary calls within this call
          super.onHalfClose();
        } finally {
          endVote();
        }
      } else {
        refuse();
      }
    }

    @SuppressWarnings("unchecked") // the method's answer is a RequestVoteReplyProto
    private void refuse() {
      call.sendHeaders(new Metadata());
      call.sendMessage((R) refusal(request));
      call.close(Status.OK, new Metadata());
    }
  }

  /** As Ratis refuses: no success, and no newer term that would make the candidate step down. */
  private static RequestVoteReplyProto refusal(RequestVoteRequestProto request) {
    RaftRpcRequestProto asked = request.getServerRequest();
    return RequestVoteReplyProto.newBuilder()
        .setServerReply(RaftRpcReplyProto.newBuilder()
            .setRequestorId(asked.getRequestorId())
            .setReplyId(asked.getReplyId())
            .setRaftGroupId(asked.getRaftGroupId())
            .setCallId(asked.getCallId())
            .setSuccess(false))
        .setTerm(request.getCandidateTerm() - 1)
        .setShouldShutdown(false)
        .build();
  }
}
