package io.syncline.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.WriteManyLimits;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceImplBase;
import io.syncline.proto.api.v1.WriteManyRequest;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteManyResponse;
import io.syncline.proto.api.v1.WriteManyResponse.Answer;
import io.syncline.proto.api.v1.WriteResponse;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One caller's stream of writes. Each write goes through the method that it would otherwise have been
 * sent to; answers that come together leave together.
 *
 * <p>Any thread answers; one at a time sends.
 */
final class WriteStream implements StreamObserver<WriteManyRequest> {
  /** With as many writes read whose answers have not left, no further message is read. */
  static final int MAX_UNANSWERED = 16_384;

  private final ConfigServiceImplBase door;
  private final Answers status;
  private final ServerCallStreamObserver<WriteManyResponse> caller;
  private final Executor sender;
  private final int maxUnanswered;
  private final Consumer<WriteStream> onEnd;

  private final Queue<Answer> answers = new ArrayDeque<>();
  private int unanswered;
  private boolean awaitsMessage;
  private boolean sendScheduled;
  private boolean sending;
  private boolean callerIsDone;
  private volatile @Nullable Rejection ending;
  private boolean ended;

  /**
   * @param door where each write has its own method
   * @param sender runs what sends, after the answers that are being given just now
   * @param maxUnanswered usually {@link #MAX_UNANSWERED}
   * @param onEnd told when it has ended, perhaps more than once
   */
  WriteStream(
      ConfigServiceImplBase door,
      Answers status,
      ServerCallStreamObserver<WriteManyResponse> caller,
      Executor sender,
      int maxUnanswered,
      Consumer<WriteStream> onEnd) {
    this.door = door;
    this.status = status;
    this.caller = caller;
    this.sender = sender;
    this.maxUnanswered = maxUnanswered;
    this.onEnd = onEnd;
  }

  /** To be called on the thread on which the call came in. */
  void open() {
    caller.disableAutoRequest();
    caller.setOnReadyHandler(this::send);
    caller.setOnCancelHandler(this::gone);
    goOn();
  }

  @Override
  public void onNext(WriteManyRequest message) {
    int count = message.getWritesCount();
    if (count > WriteManyLimits.MAX_COUNT) {
      end(Rejection.tooMany("writes in one message", count, WriteManyLimits.MAX_COUNT));
      return;
    }
    if (take(count)) {
      message.getWritesList().forEach(this::begin);
    }
    send();
  }

  /** Returns whether the writes are to be begun. */
  private synchronized boolean take(int count) {
    awaitsMessage = false;
    if (ended || ending != null) {
      return false;
    }
    unanswered += count;
    // what is refused at once leaves when all of the message were begun
    sendScheduled = true;
    return true;
  }

  private void begin(Write write) {
    var answering = new Answering(write.getId());
    switch (write.getWriteCase()) {
      case PUT -> door.put(write.getPut(), answering);
      case DELETE -> door.delete(write.getDelete(), answering);
      case UNDELETE -> door.undelete(write.getUndelete(), answering);
      case ROLLBACK -> door.rollback(write.getRollback(), answering);
      case WRITE_NOT_SET -> status.fail(answering, new RejectedException(noWrite()));
    }
  }

  private static Rejection noWrite() {
    return Rejection.badArgument(
        "write: none that this voter knows (expected: put, delete, undelete or rollback)");
  }

  /** Where a method puts its answer to one write. */
  private final class Answering implements StreamObserver<WriteResponse> {
    private final long id;

    Answering(long id) {
      this.id = id;
    }

    @Override
    public void onNext(WriteResponse written) {
      answer(Answer.newBuilder().setId(id).setWritten(written).build());
    }

    @Override
    public void onError(Throwable refusal) {
      answer(Answer.newBuilder()
          .setId(id)
          .setRefused(StatusCodec.toMessage(refusal))
          .build());
    }

    @Override
    public void onCompleted() {}
  }

  private void answer(Answer answer) {
    synchronized (this) {
      if (ended) {
        return;
      }
      answers.add(answer);
      if (sendScheduled) {
        return;
      }
      sendScheduled = true;
    }
    sender.execute(this::send);
  }

  private void send() {
    for (WriteManyResponse next = nextMessage(); next != null; next = nextMessage()) {
      caller.onNext(next);
      sent(next.getAnswersCount());
    }
    goOn();
  }

  private synchronized @Nullable WriteManyResponse nextMessage() {
    sendScheduled = false;
    if (sending || ended || answers.isEmpty() || !caller.isReady()) {
      return null;
    }
    sending = true;
    var message = WriteManyResponse.newBuilder();
    int bytes = 0;
    for (Answer next = answers.peek(); next != null; next = answers.peek()) {
      bytes += next.getSerializedSize();
      int count = message.getAnswersCount();
      if (count == WriteManyLimits.MAX_COUNT || (count > 0 && bytes > WriteManyLimits.MAX_BYTES)) {
        break;
      }
      message.addAnswers(answers.remove());
    }
    return message.build();
  }

  private synchronized void sent(int count) {
    sending = false;
    unanswered -= count;
  }

  /** Reads on or ends, if it is time to. */
  private void goOn() {
    switch (nextStep()) {
      case WAIT -> {}
      case READ -> caller.request(1);
      case END -> {
        onEnd.accept(this);
        Rejection why = ending;
        if (why == null) {
          caller.onCompleted();
        } else {
          status.fail(caller, new RejectedException(why));
        }
      }
    }
  }

  private enum Step {
    WAIT,
    READ,
    END
  }

  private synchronized Step nextStep() {
    if (ended) {
      return Step.WAIT;
    }
    if (ending != null || callerIsDone) {
      ended = unanswered == 0;
      return ended ? Step.END : Step.WAIT;
    }
    if (awaitsMessage || unanswered >= maxUnanswered) {
      return Step.WAIT;
    }
    awaitsMessage = true;
    return Step.READ;
  }

  /** Begins no further write, and ends when those begun are answered. */
  void end(Rejection why) {
    synchronized (this) {
      if (ending == null) {
        ending = why;
      }
    }
    send();
  }

  @Override
  public void onCompleted() {
    synchronized (this) {
      callerIsDone = true;
    }
    send();
  }

  @Override
  public void onError(Throwable error) {
    gone();
  }

  private void gone() {
    synchronized (this) {
      ended = true;
      answers.clear();
    }
    onEnd.accept(this);
  }
}
