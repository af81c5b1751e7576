package io.syncline.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.WriteManyLimits;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.WriteManyRequest;
import io.syncline.proto.api.v1.WriteManyResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The small writes of this client to one voter, over one stream: those that are there at one time go
 * in one message. A lone write leaves at once; writes begun while a message's answers are told leave
 * together after the last of them.
 *
 * <p>Any thread writes; one at a time sends.
 */
final class WriteStream extends ClientCall.Listener<WriteManyResponse> {
  private final WriteStreams streams;
  private final Endpoint voter;
  private final Connections connections;
  private final Duration idle;
  private final ClientCall<WriteManyRequest, WriteManyResponse> call;

  private final Map<Long, StreamedWrite> unanswered = new HashMap<>();
  private final Queue<StreamedWrite> waiting = new ArrayDeque<>();
  private long lastId;
  private boolean opened;
  private boolean telling;
  private boolean sending;
  private boolean used;
  private boolean ended;
  private @Nullable Deadline wakeUp;
  private @Nullable Future<?> nextLook;

  /**
   * @param idle unused for as long, it is closed
   */
  WriteStream(
      WriteStreams streams,
      Endpoint voter,
      Channel channel,
      Connections connections,
      Duration idle) {
    this.streams = streams;
    this.voter = voter;
    this.connections = connections;
    this.idle = idle;
    this.call = channel.newCall(ConfigServiceGrpc.getWriteManyMethod(), CallOptions.DEFAULT);
  }

  /** To be called once; what is taken before is kept. */
  void open() {
    call.start(this, new Metadata());
    call.request(1);
    synchronized (this) {
      opened = true;
    }
    send();
  }

  /** Returns false if the stream has ended. What is taken is called back, once. */
  synchronized boolean take(StreamedWrite write) {
    if (ended) {
      return false;
    }
    used = true;
    write.takenBy(this, ++lastId);
    unanswered.put(write.id(), write);
    waiting.add(write);
    wakeUpAt(write.deadline());
    return true;
  }

  /** Returns false if the write is called back, or about to be. */
  synchronized boolean forget(StreamedWrite write) {
    if (!unanswered.remove(write.id(), write)) {
      return false;
    }
    // a voter that takes nothing would have it kept for as long as the stream is used
    waiting.remove(write);
    return true;
  }

  /** Sends what waits, unless that is being done or is about to be. */
  void send() {
    for (WriteManyRequest next = nextMessage(); next != null; next = nextMessage()) {
      call.sendMessage(next);
      synchronized (this) {
        sending = false;
      }
    }
  }

  private synchronized @Nullable WriteManyRequest nextMessage() {
    if (!opened || ended || telling || sending || waiting.isEmpty() || !call.isReady()) {
      return null;
    }
    var message = WriteManyRequest.newBuilder();
    int bytes = 0;
    for (StreamedWrite next = waiting.peek(); next != null; next = waiting.peek()) {
      bytes += next.sizeBytes();
      int count = message.getWritesCount();
      if (count == WriteManyLimits.MAX_COUNT || (count > 0 && bytes > WriteManyLimits.MAX_BYTES)) {
        break;
      }
      waiting.remove();
      if (unanswered.containsKey(next.id())) {
        next.handOver(message.addWritesBuilder());
      }
    }
    sending = message.getWritesCount() > 0;
    return sending ? message.build() : null;
  }

  @Override
  public void onReady() {
    send();
  }

  @Override
  public void onMessage(WriteManyResponse message) {
    List<StreamedWrite> answered = answered(message);
    for (int i = 0; i < answered.size(); i++) {
      StreamedWrite write = answered.get(i);
      if (write != null) {
        tell(write, message.getAnswers(i));
      }
    }
    synchronized (this) {
      telling = false;
    }
    call.request(1);
    send();
  }

  /** In the order of the answers; null: given up meanwhile. */
  private synchronized List<@Nullable StreamedWrite> answered(WriteManyResponse message) {
    telling = true;
    var answered = new ArrayList<@Nullable StreamedWrite>(message.getAnswersCount());
    message.getAnswersList().forEach(answer -> answered.add(unanswered.remove(answer.getId())));
    return answered;
  }

  private static void tell(StreamedWrite write, WriteManyResponse.Answer answer) {
    switch (answer.getAnswerCase()) {
      case WRITTEN -> write.answered(answer.getWritten());
      case REFUSED -> write.failed(refusal(answer.getRefused()));
      case ANSWER_NOT_SET ->
        write.failed(
            Status.INTERNAL.withDescription("the voter gave no answer").asRuntimeException());
    }
  }

  private static StatusRuntimeException refusal(com.google.rpc.Status told) {
    try {
      return StatusCodec.fromMessage(told);
    } catch (IllegalArgumentException e) {
      // thrown on, it would leave the others of the message without an end
      return Status.INTERNAL
          .withDescription("the voter's refusal was not understood: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    List<StreamedWrite> left;
    synchronized (this) {
      ended = true;
      left = List.copyOf(unanswered.values());
      unanswered.clear();
      waiting.clear();
      cancelLook();
    }
    streams.ended(this, voter);
    Status why = status.isOk() ? Status.UNAVAILABLE.withDescription("the voter left") : status;
    StatusRuntimeException error = why.asRuntimeException(trailers);
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      streams.notServed(voter);
      left.forEach(write -> write.notServed(error));
    } else {
      left.forEach(write -> write.failed(error));
    }
  }

  private void wakeUpAt(Deadline time) {
    if (wakeUp == null || time.isBefore(wakeUp)) {
      cancelLook();
      wakeUp = time;
      nextLook = connections.scheduled(
          () -> look(time),
          Duration.ofNanos(Math.max(0, time.timeRemaining(TimeUnit.NANOSECONDS))));
    }
  }

  /** What is not cancelled outlives the client, and keeps the stream. */
  private void cancelLook() {
    if (nextLook != null) {
      nextLook.cancel(false);
      nextLook = null;
    }
  }

  /** Gives up what is overdue, and the stream itself if nobody used it since the last look. */
  private void look(Deadline planned) {
    List<StreamedWrite> overdue;
    boolean leave = false;
    synchronized (this) {
      if (ended || !planned.equals(wakeUp)) {
        // or there will be, or was, an earlier look, which came too late to cancel this one
        return;
      }
      wakeUp = null;
      overdue = removeOverdue();
      Deadline next = nextDeadline();
      if (next != null) {
        wakeUpAt(next);
      } else if (used || sending) {
        used = false;
        wakeUpAt(Deadline.after(idle.toNanos(), TimeUnit.NANOSECONDS));
      } else {
        ended = true;
        leave = true;
      }
    }
    if (leave) {
      streams.ended(this, voter);
      call.halfClose();
    }
    overdue.forEach(write -> write.failed(
        Status.DEADLINE_EXCEEDED.withDescription("no answer in time").asRuntimeException()));
  }

  private @Nullable Deadline nextDeadline() {
    Deadline next = null;
    for (StreamedWrite write : unanswered.values()) {
      next = next == null ? write.deadline() : next.minimum(write.deadline());
    }
    return next;
  }

  private List<StreamedWrite> removeOverdue() {
    var overdue = new ArrayList<StreamedWrite>();
    unanswered.values().removeIf(write -> write.deadline().isExpired() && overdue.add(write));
    if (!overdue.isEmpty()) {
      waiting.removeIf(write -> !unanswered.containsKey(write.id()));
    }
    return overdue;
  }
}
