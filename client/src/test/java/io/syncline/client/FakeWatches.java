package io.syncline.client;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.codec.StatusCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Rejection;
import io.syncline.proto.api.v1.WatchEvent;
import io.syncline.proto.api.v1.WatchRequest;
import io.syncline.proto.api.v1.WatchResponse;
import io.syncline.proto.api.v1.WatchServiceGrpc;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A WatchService that gives each stream to the test, which plays the voter on it. */
final class FakeWatches extends WatchServiceGrpc.WatchServiceImplBase {
  private final Consumer<Stream> onOpen;
  private final List<Stream> streams = new CopyOnWriteArrayList<>();

  /**
   * @param onOpen plays the voter, from where a stream begins
   */
  FakeWatches(Consumer<Stream> onOpen) {
    this.onOpen = onOpen;
  }

  /** One stream as the voter has it. */
  static final class Stream {
    private final WatchRequest request;
    private final int number;
    private final StreamObserver<WatchResponse> observer;
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    private Stream(WatchRequest request, int number, StreamObserver<WatchResponse> observer) {
      this.request = request;
      this.number = number;
      this.observer = observer;
      ((ServerCallStreamObserver<WatchResponse>) observer)
          .setOnCancelHandler(() -> cancelled.complete(null));
    }

    WatchRequest request() {
      return request;
    }

    /** From 0, in the order of opening. */
    int number() {
      return number;
    }

    CompletableFuture<Void> cancelled() {
      return cancelled;
    }

    /** The first answer, and every bookmark. */
    Stream bookmark(long revision) {
      observer.onNext(
          WatchResponse.newBuilder().setHeader(Answers.header(revision)).build());
      return this;
    }

    /** An answer with an event for each version; its header tells the last one's revision. */
    Stream changes(ConfigVersion... versions) {
      var answer = WatchResponse.newBuilder();
      for (ConfigVersion version : versions) {
        answer.setHeader(Answers.header(version.revision().value()));
        answer.addEvents(WatchEvent.newBuilder()
            .setType(WatchEvent.Type.PUT)
            .setVersion(ApiCodec.toProto(version)));
      }
      observer.onNext(answer.build());
      return this;
    }

    void breaks() {
      observer.onError(Status.UNAVAILABLE.asRuntimeException());
    }

    void ends() {
      observer.onCompleted();
    }

    void refuses(Rejection rejection) {
      observer.onError(StatusCodec.toStatus(rejection));
    }
  }

  List<Stream> streams() {
    return streams;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
    Stream stream;
    synchronized (streams) {
      stream = new Stream(request, streams.size(), observer);
      streams.add(stream);
    }
    onOpen.accept(stream);
  }
}
