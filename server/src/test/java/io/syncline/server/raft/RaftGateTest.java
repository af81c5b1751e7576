package io.syncline.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which votes are cast, and which messages answered. */
class RaftGateTest {
  private static final String SELF = "v1@aaaa";
  private static final Duration LEASE = Duration.ofMillis(900);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 500);
  private final RaftGate gate = new RaftGate(SELF, LEASE, now::get);

  @Test
  void noVoteIsCastBeforeTheGateIsOpen() {
    pass(LEASE.multipliedBy(10));
    assertThat(gate.beginVote(2)).isFalse();

    gate.open();

    assertThat(gate.beginVote(2)).isTrue();
  }

  @Test
  void noVoteIsCastWithinALeaseOfTheStartForNobodyKnowsWhomItHeardBefore() {
    gate.open();
    pass(LEASE.minusNanos(1));
    assertThat(gate.beginVote(2)).isFalse();

    pass(Duration.ofNanos(1));

    assertThat(gate.beginVote(2)).isTrue();
  }

  @Test
  void noVoteIsCastWithinALeaseOfAnAppend() {
    gate.open();
    pass(LEASE);
    assertThat(gate.hear(1)).isTrue();
    pass(LEASE.minusNanos(1));
    assertThat(gate.beginVote(2)).isFalse();

    pass(Duration.ofNanos(1));

    assertThat(gate.beginVote(2)).isTrue();
  }

  @Test
  void whileAVoteIsCastAnAppendOfAnOlderTermIsRefusedAndRenewsNoLease() {
    gate.open();
    pass(LEASE);
    assertThat(gate.beginVote(5)).isTrue();

    assertThat(gate.hear(4)).isFalse();
    assertThat(gate.beginVote(6)).as("the refused append was not heard").isTrue();
    gate.endVote();
    assertThat(gate.hear(5)).as("one vote of term 6 is still under way").isFalse();
    assertThat(gate.hear(6)).isTrue();
    gate.endVote();
    assertThat(gate.hear(4)).as("after the vote Ratis decides").isTrue();
  }

  @Test
  void aVoteForSomebodyElseIsRefusedAndRatisNeverSeesIt() {
    openLongAgo();

    var call = vote("v1@bbbb", 7, false);

    assertThat(call.seenByRatis).isZero();
    assertThat(call.replies).singleElement().satisfies(reply -> {
      assertThat(reply.getServerReply().getSuccess()).isFalse();
      assertThat(reply.getTerm()).isEqualTo(6);
      assertThat(reply.getShouldShutdown()).isFalse();
    });
    assertThat(call.closed).isEqualTo(Status.OK);
  }

  @Test
  void aVoteWithinTheLeaseIsRefusedAndRatisNeverSeesIt() {
    openLongAgo();
    gate.hear(1);

    var call = vote(SELF, 7, false);

    assertThat(call.seenByRatis).isZero();
    assertThat(call.replies).hasSize(1);
  }

  @Test
  void aVoteAfterTheLeaseAndEveryPreVoteReachRatis() {
    openLongAgo();
    assertThat(vote(SELF, 7, false).seenByRatis).isEqualTo(1);
    gate.hear(1);
    assertThat(vote(SELF, 7, true).seenByRatis).isEqualTo(1);
    assertThat(vote("v1@bbbb", 7, true).seenByRatis).isZero();
    assertThat(gate.hear(1)).as("no vote is under way any more").isTrue();
  }

  @Test
  void anAppendForSomebodyElseEndsItsStreamAndIsNotHeard() {
    openLongAgo();
    var call = new FakeCall<>(RaftServerProtocolServiceGrpc.getAppendEntriesMethod());
    var listener = gate.interceptCall(call, new Metadata(), (c, headers) -> call.listener());

    listener.onMessage(append("v1@bbbb", 3));
    listener.onMessage(append(SELF, 3));

    assertThat(call.messages).isZero();
    assertThat(String.valueOf(call.closed)).contains("UNAVAILABLE");
    assertThat(gate.beginVote(4)).as("it was not heard").isTrue();
  }

  @Test
  void anAppendReachesRatisAndIsHeard() {
    openLongAgo();
    var call = new FakeCall<>(RaftServerProtocolServiceGrpc.getAppendEntriesMethod());
    var listener = gate.interceptCall(call, new Metadata(), (c, headers) -> call.listener());

    listener.onMessage(append(SELF, 3));

    assertThat(call.messages).isEqualTo(1);
    assertThat(call.closed).isNull();
    assertThat(gate.beginVote(4)).isFalse();
  }

  @Test
  void aSnapshotForSomebodyElseIsRefused() {
    var call = new FakeCall<>(RaftServerProtocolServiceGrpc.getInstallSnapshotMethod());
    var listener = gate.interceptCall(call, new Metadata(), (c, headers) -> call.listener());

    listener.onMessage(
        InstallSnapshotRequestProto.newBuilder().setServerRequest(to("v1@bbbb")).build());
    assertThat(call.messages).isZero();
    assertThat(String.valueOf(call.closed)).contains("UNAVAILABLE");
  }

  private void openLongAgo() {
    gate.open();
    pass(LEASE.multipliedBy(2));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private FakeCall<RequestVoteRequestProto, RequestVoteReplyProto> vote(
      String addressee, long term, boolean preVote) {
    var call = new FakeCall<>(RaftServerProtocolServiceGrpc.getRequestVoteMethod());
    var listener = gate.interceptCall(call, new Metadata(), (c, headers) -> call.listener());
    listener.onMessage(RequestVoteRequestProto.newBuilder()
        .setServerRequest(to(addressee))
        .setCandidateTerm(term)
        .setPreVote(preVote)
        .build());
    listener.onHalfClose();
    return call;
  }

  private static AppendEntriesRequestProto append(String addressee, long term) {
    return AppendEntriesRequestProto.newBuilder()
        .setServerRequest(to(addressee))
        .setLeaderTerm(term)
        .build();
  }

  private static RaftRpcRequestProto to(String addressee) {
    return RaftRpcRequestProto.newBuilder()
        .setRequestorId(ByteString.copyFromUtf8("v2@cccc"))
        .setReplyId(ByteString.copyFromUtf8(addressee))
        .build();
  }

  /** Notes what passes the gate, and how the call was answered. */
  private static final class FakeCall<Q, R> extends ServerCall<Q, R> {
    private final MethodDescriptor<Q, R> method;
    private final List<R> replies = new ArrayList<>();
    private int messages;
    private int seenByRatis;
    private @Nullable Status closed;

    FakeCall(MethodDescriptor<Q, R> method) {
      this.method = method;
    }

    ServerCall.Listener<Q> listener() {
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(Q message) {
          messages++;
        }

        @Override
        public void onHalfClose() {
          seenByRatis++;
        }
      };
    }

    @Override
    public void request(int numMessages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(R message) {
      replies.add(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = status;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
      return method;
    }
  }
}
