package io.syncline.client;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.DeleteRangeRequest;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.DiffRequest;
import io.syncline.proto.api.v1.DiffResponse;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.HistoryRequest;
import io.syncline.proto.api.v1.HistoryResponse;
import io.syncline.proto.api.v1.ListRequest;
import io.syncline.proto.api.v1.ListResponse;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.WriteManyRequest;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteManyResponse;
import io.syncline.proto.api.v1.WriteManyResponse.Answer;
import io.syncline.proto.api.v1.WriteResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A ConfigService that follows scripts; without one, a method answers with nothing in it. Writes that
 * come over a stream follow the script of their own method.
 */
final class FakeConfig extends ConfigServiceGrpc.ConfigServiceImplBase {
  Script<PutRequest, WriteResponse> puts = committing();
  Script<DeleteRequest, WriteResponse> deletes = committing();
  Script<DeleteRangeRequest, WriteResponse> rangeDeletes = committing();
  Script<UndeleteRequest, WriteResponse> undeletes = committing();
  Script<RollbackRequest, WriteResponse> rollbacks = committing();
  Script<TransactRequest, WriteResponse> transactions = committing();
  Script<GetRequest, GetResponse> gets =
      new Script<>(Script.answers(GetResponse.getDefaultInstance()));
  Script<ListRequest, ListResponse> lists =
      new Script<>(Script.answers(ListResponse.getDefaultInstance()));
  Script<HistoryRequest, HistoryResponse> histories =
      new Script<>(Script.answers(HistoryResponse.getDefaultInstance()));
  Script<DiffRequest, DiffResponse> diffs =
      new Script<>(Script.answers(DiffResponse.getDefaultInstance()));

  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  static FakeConfig ofPuts(Script.Step<PutRequest, WriteResponse>... steps) {
    var config = new FakeConfig();
    config.puts = new Script<>(steps);
    return config;
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  static FakeConfig ofGets(Script.Step<GetRequest, GetResponse>... steps) {
    var config = new FakeConfig();
    config.gets = new Script<>(steps);
    return config;
  }

  private static <Q> Script<Q, WriteResponse> committing() {
    return new Script<>(Script.answers(Answers.committed(1)));
  }

  /** How many writes each message of a stream held. */
  final List<Integer> streamedMessages = new CopyOnWriteArrayList<>();

  /** False: as a voter of a release that knows no stream of writes. */
  boolean servesStreams = true;

  /** The streams that were opened; a test may end one. */
  final List<ServerCallStreamObserver<WriteManyResponse>> writeStreams =
      new CopyOnWriteArrayList<>();

  /** How many streams their callers have left. */
  final AtomicInteger leftStreams = new AtomicInteger();

  @Override
  public StreamObserver<WriteManyRequest> writeMany(StreamObserver<WriteManyResponse> caller) {
    if (!servesStreams) {
      return super.writeMany(caller);
    }
    var stream = (ServerCallStreamObserver<WriteManyResponse>) caller;
    stream.setOnCancelHandler(() -> {});
    writeStreams.add(stream);
    return new StreamObserver<>() {
      @Override
      public void onNext(WriteManyRequest message) {
        streamedMessages.add(message.getWritesCount());
        // all answers of a message in one, as far as they are there at once
        var gathered = new ArrayList<Answer>();
        var atOnce = new AtomicBoolean(true);
        message
            .getWritesList()
            .forEach(write -> play(write, answer -> {
              if (atOnce.get()) {
                gathered.add(answer);
              } else {
                send(stream, List.of(answer));
              }
            }));
        atOnce.set(false);
        if (!gathered.isEmpty()) {
          send(stream, gathered);
        }
      }

      @Override
      public void onError(Throwable error) {}

      @Override
      public void onCompleted() {
        leftStreams.incrementAndGet();
        stream.onCompleted();
      }
    };
  }

  private static void send(StreamObserver<WriteManyResponse> stream, List<Answer> answers) {
    synchronized (stream) {
      stream.onNext(WriteManyResponse.newBuilder().addAllAnswers(answers).build());
    }
  }

  private void play(Write write, Consumer<Answer> answers) {
    var observer = new StreamObserver<WriteResponse>() {
      @Override
      public void onNext(WriteResponse written) {
        answers.accept(
            Answer.newBuilder().setId(write.getId()).setWritten(written).build());
      }

      @Override
      public void onError(Throwable error) {
        answers.accept(Answer.newBuilder()
            .setId(write.getId())
            .setRefused(StatusCodec.toMessage(error))
            .build());
      }

      @Override
      public void onCompleted() {}
    };
    switch (write.getWriteCase()) {
      case PUT -> puts.play(write.getPut(), observer);
      case DELETE -> deletes.play(write.getDelete(), observer);
      case UNDELETE -> undeletes.play(write.getUndelete(), observer);
      case ROLLBACK -> rollbacks.play(write.getRollback(), observer);
      case WRITE_NOT_SET -> throw new AssertionError("a write without content");
    }
  }

  @Override
  public void put(PutRequest request, StreamObserver<WriteResponse> observer) {
    puts.play(request, observer);
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<WriteResponse> observer) {
    deletes.play(request, observer);
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<WriteResponse> observer) {
    rangeDeletes.play(request, observer);
  }

  @Override
  public void undelete(UndeleteRequest request, StreamObserver<WriteResponse> observer) {
    undeletes.play(request, observer);
  }

  @Override
  public void rollback(RollbackRequest request, StreamObserver<WriteResponse> observer) {
    rollbacks.play(request, observer);
  }

  @Override
  public void transact(TransactRequest request, StreamObserver<WriteResponse> observer) {
    transactions.play(request, observer);
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    gets.play(request, observer);
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> observer) {
    lists.play(request, observer);
  }

  @Override
  public void history(HistoryRequest request, StreamObserver<HistoryResponse> observer) {
    histories.play(request, observer);
  }

  @Override
  public void diff(DiffRequest request, StreamObserver<DiffResponse> observer) {
    diffs.play(request, observer);
  }
}
