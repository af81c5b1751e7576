package io.syncline.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import io.syncline.proto.sync.v1.ListFollowersRequest;
import io.syncline.proto.sync.v1.ListFollowersResponse;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.SyncServiceGrpc.SyncServiceImplBase;
import io.syncline.server.sync.Comparison;
import io.syncline.server.sync.Downstream;
import io.syncline.server.sync.PushStream;
import io.syncline.server.sync.Reply;
import io.syncline.server.sync.SnapshotReading;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** {@code syncline.sync.v1.SyncService}. */
final class SyncDoor extends SyncServiceImplBase {
  private final Supplier<Serving> serving;
  private final Answers answers;
  private final Executor workers;
  private final AtomicInteger snapshots = new AtomicInteger();

  /**
   * @param workers read snapshots
   */
  SyncDoor(Supplier<Serving> serving, Answers answers, Executor workers) {
    this.serving = serving;
    this.answers = answers;
    this.workers = workers;
  }

  @Override
  public void pull(PullRequest request, StreamObserver<PullResponse> caller) {
    answers.answer(caller, () -> {
      var reply = new Promise<PullResponse>();
      serving.get().sync().pull(request, reply);
      return reply.future;
    });
  }

  @Override
  public StreamObserver<StreamRequest> stream(StreamObserver<StreamResponse> caller) {
    var stream = (ServerCallStreamObserver<StreamResponse>) caller;
    SyncServer sync;
    try {
      sync = serving.get().sync();
    } catch (RuntimeException e) {
      answers.fail(stream, e);
      return new Ignored();
    }
    PushStream push = sync.stream(new Sending(stream));
    stream.setOnReadyHandler(push::ready);
    stream.setOnCancelHandler(() -> push.closed("the connection was closed"));
    return new StreamObserver<>() {
      @Override
      public void onNext(StreamRequest message) {
        push.message(message);
      }

      @Override
      public void onError(Throwable error) {
        push.closed("the connection broke");
      }

      @Override
      public void onCompleted() {
        push.closed("the follower left");
      }
    };
  }

  /** Sends as long as anybody is there. */
  private record Sending(ServerCallStreamObserver<StreamResponse> stream) implements Downstream {
    @Override
    public boolean isReady() {
      return stream.isReady() && !stream.isCancelled();
    }

    @Override
    public void send(StreamResponse response) {
      if (!stream.isCancelled()) {
        stream.onNext(response);
      }
    }

    @Override
    public void end(Rejection why) {
      if (!stream.isCancelled()) {
        stream.onError(StatusCodec.toStatus(why));
      }
    }
  }

  private static final class Ignored implements StreamObserver<StreamRequest> {
    @Override
    public void onNext(StreamRequest message) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> caller) {
    var stream = (ServerCallStreamObserver<SnapshotResponse>) caller;
    if (snapshots.incrementAndGet() > SyncLimits.MAX_SNAPSHOTS) {
      snapshots.decrementAndGet();
      answers.fail(stream, new RejectedException(tooManySnapshots()));
      return;
    }
    var sending = new SnapshotSending(stream);
    stream.setOnCancelHandler(sending::leave);
    // handlers are set before the call returns; the reading arrives later
    stream.setOnReadyHandler(sending::go);
    try {
      serving.get().sync().snapshot(request, sending);
    } catch (RuntimeException e) {
      sending.leave();
      answers.fail(stream, e);
    }
  }

  private static Rejection tooManySnapshots() {
    return Rejection.of(
        Rejection.Reason.NOT_READY,
        SyncLimits.MAX_SNAPSHOTS
            + " followers are being copied to already, the most at a time; come back soon");
  }

  /** Sends parts as long as the connection takes them; one worker at a time. */
  private final class SnapshotSending implements Reply<SnapshotReading> {
    private final ServerCallStreamObserver<SnapshotResponse> stream;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile SnapshotReading reading;
    private boolean ended;

    @SuppressWarnings("NullAway.Init") // set when it is admitted
    SnapshotSending(ServerCallStreamObserver<SnapshotResponse> stream) {
      this.stream = stream;
    }

    @Override
    public void answer(SnapshotReading begun) {
      reading = begun;
      if (left.get()) {
        begun.end();
      }
      go();
    }

    @Override
    public void refuse(Throwable why) {
      leave();
      answers.fail(stream, why);
    }

    /** Another one may begin. */
    void leave() {
      if (left.compareAndSet(false, true)) {
        snapshots.decrementAndGet();
      }
      SnapshotReading begun = reading;
      if (begun != null) {
        begun.end();
      }
    }

    void go() {
      if (reading != null && busy.compareAndSet(false, true)) {
        try {
          workers.execute(this::send);
        } catch (RejectedExecutionException e) {
          leave();
          answers.fail(stream, e);
        }
      }
    }

    private void send() {
      try {
        while (!ended && stream.isReady() && !stream.isCancelled()) {
          stream.onNext(reading.next());
          if (reading.isDone()) {
            ended = true;
            leave();
            stream.onCompleted();
          }
        }
      } catch (RuntimeException | Error e) {
        ended = true;
        leave();
        answers.fail(stream, e);
      } finally {
        busy.set(false);
      }
      // it may have become ready between the last look and the end
      if (!ended && stream.isReady() && !stream.isCancelled()) {
        go();
      }
    }
  }

  @Override
  public void compare(CompareRequest request, StreamObserver<CompareResponse> caller) {
    answers.answerSlowly(caller, () -> {
      var admitted = new Promise<Comparison>();
      serving.get().sync().compare(request.getSubscriber(), admitted);
      return admitted.future.thenApplyAsync(comparison -> comparison.compare(request), workers);
    });
  }

  @Override
  public void fetch(FetchRequest request, StreamObserver<FetchResponse> caller) {
    answers.answerSlowly(caller, () -> {
      var admitted = new Promise<Comparison>();
      serving.get().sync().compare(request.getSubscriber(), admitted);
      return admitted.future.thenApplyAsync(comparison -> comparison.fetch(request), workers);
    });
  }

  @Override
  public void listFollowers(
      ListFollowersRequest request, StreamObserver<ListFollowersResponse> caller) {
    answers.answer(caller, () -> {
      var reply = new Promise<ListFollowersResponse>();
      serving.get().sync().listFollowers(reply);
      return reply.future;
    });
  }

  private static final class Promise<T> implements Reply<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();

    @Override
    public void answer(T answer) {
      future.complete(answer);
    }

    @Override
    public void refuse(Throwable why) {
      future.completeExceptionally(why);
    }
  }
}
