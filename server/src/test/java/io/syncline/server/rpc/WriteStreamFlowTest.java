package io.syncline.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceImplBase;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.WriteManyRequest;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteManyResponse;
import io.syncline.proto.api.v1.WriteManyResponse.Answer;
import io.syncline.proto.api.v1.WriteResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a stream of writes reads, sends and ends, step by step. */
final class WriteStreamFlowTest {
  private static final int MOST_UNANSWERED = 3;

  private final Door door = new Door();
  private final Caller caller = new Caller();
  private final Queue<Runnable> sending = new ArrayDeque<>();
  private final List<WriteStream> ended = new ArrayList<>();
  private final WriteStream stream = new WriteStream(
      door,
      new Answers(Runnable::run, fault -> {}),
      caller,
      sending::add,
      MOST_UNANSWERED,
      ended::add);

  @BeforeEach
  void open() {
    stream.open();
  }

  @Test
  void oneMessageIsReadAtATime() {
    assertThat(caller.requested).isEqualTo(1);

    stream.onNext(message(1));

    assertThat(caller.requested).isEqualTo(2);
    assertThat(door.puts).hasSize(1);
    door.answerNext();
    send();
    assertThat(caller.requested).isEqualTo(2);
  }

  @Test
  void nothingIsReadWhileTooManyAreUnanswered() {
    stream.onNext(message(2));
    stream.onNext(message(1));
    assertThat(caller.requested).isEqualTo(2);

    door.answerNext();
    // an answer frees its place when it has left
    assertThat(caller.requested).isEqualTo(2);
    send();

    assertThat(caller.requested).isEqualTo(3);
    assertThat(caller.answers()).containsExactly(1L);
  }

  @Test
  void whatACallerIsTooSlowForIsNeitherSentNorFreesAPlace() {
    caller.ready = false;
    stream.onNext(message(MOST_UNANSWERED));
    for (int i = 0; i < MOST_UNANSWERED; i++) {
      door.answerNext();
      send();
    }
    assertThat(caller.messages).isEmpty();
    assertThat(caller.requested).isEqualTo(1);

    caller.ready = true;
    caller.onReady.run();

    assertThat(caller.messages).hasSize(1);
    assertThat(caller.answers()).containsExactly(1L, 2L, 3L);
    assertThat(caller.requested).isEqualTo(2);
  }

  @Test
  void answersThatComeTogetherLeaveTogether() {
    stream.onNext(message(2));
    door.answerNext();
    door.answerNext();

    assertThat(sending).hasSize(1);
    send();

    assertThat(caller.messages).hasSize(1);
    assertThat(caller.answers()).containsExactly(1L, 2L);
  }

  @Test
  void whatIsAnsweredAtOnceLeavesInOneMessageWithoutBeingScheduled() {
    door.answersAtOnce = true;

    stream.onNext(message(3));

    assertThat(sending).isEmpty();
    assertThat(caller.messages).hasSize(1);
    assertThat(caller.answers()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aStreamThatIsEndedAnswersWhatItHasBegunAndBeginsNoMore() {
    stream.onNext(message(1));

    stream.end(Rejection.of(Reason.NOT_READY, "stopping"));
    stream.onNext(message(1));

    assertThat(door.puts).hasSize(1);
    assertThat(caller.isOpen()).isTrue();
    door.answerNext();
    send();
    assertThat(caller.answers()).containsExactly(1L);
    assertThat(caller.error).isNotNull();
    assertThat(StatusCodec.fromStatus(caller.error).map(Rejection::reason))
        .contains(Reason.NOT_READY);
    assertThat(ended).containsExactly(stream);
    assertThat(caller.requested).isEqualTo(2);
  }

  @Test
  void aStreamThatItsCallerHasLeftEndsWithTheLastAnswer() {
    stream.onNext(message(2));
    stream.onCompleted();
    door.answerNext();
    send();
    assertThat(caller.isOpen()).isTrue();
    assertThat(ended).isEmpty();

    door.answerNext();
    send();

    assertThat(caller.completed).isTrue();
    assertThat(caller.answers()).containsExactly(1L, 2L);
    assertThat(ended).containsExactly(stream);
  }

  @Test
  void aCallerThatIsGoneIsSentNothing() {
    stream.onNext(message(2));
    door.answerNext();

    caller.onCancel.run();
    send();
    door.answerNext();
    stream.end(Rejection.of(Reason.NOT_READY, "stopping"));

    assertThat(ended).containsExactly(stream);
    assertThat(sending).isEmpty();
    assertThat(caller.messages).isEmpty();
    assertThat(caller.isOpen()).isTrue();
    assertThat(caller.requested).isEqualTo(2);
  }

  /** Runs what was to run after the outcomes of an entry. */
  private void send() {
    for (Runnable next = sending.poll(); next != null; next = sending.poll()) {
      next.run();
    }
  }

  private long lastId;

  private WriteManyRequest message(int writes) {
    var message = WriteManyRequest.newBuilder();
    for (int i = 0; i < writes; i++) {
      message.addWrites(Write.newBuilder().setId(++lastId).setPut(PutRequest.getDefaultInstance()));
    }
    return message.build();
  }

  /** Holds what is put until it is to be answered. */
  private static final class Door extends ConfigServiceImplBase {
    private final Queue<StreamObserver<WriteResponse>> unanswered = new ArrayDeque<>();
    private final List<PutRequest> puts = new ArrayList<>();
    private boolean answersAtOnce;

    @Override
    public void put(PutRequest request, StreamObserver<WriteResponse> caller) {
      puts.add(request);
      unanswered.add(caller);
      if (answersAtOnce) {
        answerNext();
      }
    }

    void answerNext() {
      StreamObserver<WriteResponse> next = unanswered.remove();
      next.onNext(WriteResponse.getDefaultInstance());
      next.onCompleted();
    }
  }

  /** Counts what is asked of it. */
  private static final class Caller extends ServerCallStreamObserver<WriteManyResponse> {
    private final List<WriteManyResponse> messages = new ArrayList<>();
    private int requested;
    private boolean ready = true;
    private boolean completed;
    private @Nullable Throwable error;
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};

    boolean isOpen() {
      return !completed && error == null;
    }

    List<Long> answers() {
      return messages.stream()
          .flatMap(message -> message.getAnswersList().stream().map(Answer::getId))
          .toList();
    }

    @Override
    public void onNext(WriteManyResponse message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable why) {
      error = why;
    }

    @Override
    public void onCompleted() {
      completed = true;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void request(int count) {
      requested += count;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void disableAutoRequest() {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
