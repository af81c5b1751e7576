package io.syncline.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.codec.StatusCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.WatchEvent;
import io.syncline.proto.api.v1.WatchRequest;
import io.syncline.proto.api.v1.WatchResponse;
import io.syncline.proto.api.v1.WatchServiceGrpc.WatchServiceImplBase;
import io.syncline.server.admission.Admission;
import io.syncline.server.feed.WatchBatch;
import io.syncline.server.feed.WatchQuery;
import io.syncline.server.feed.WatchSink;
import io.syncline.server.feed.Watcher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code syncline.api.v1.WatchService}. */
final class WatchDoor extends WatchServiceImplBase {
  private static final int DEFAULT_BOOKMARK_INTERVAL_MS = 10_000;
  private static final int LEAST_BOOKMARK_INTERVAL_MS = 100;

  private final Supplier<Serving> serving;
  private final Answers answers;

  WatchDoor(Supplier<Serving> serving, Answers answers) {
    this.serving = serving;
    this.answers = answers;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> caller) {
    var stream = (ServerCallStreamObserver<WatchResponse>) caller;
    var begun = new AtomicReference<Watcher>();
    try {
      Serving now = serving.get();
      stream.setOnCancelHandler(() -> cancel(now, begun.get()));
      stream.setOnReadyHandler(() -> resume(now, begun.get()));
      WatchQuery query = query(request);
      if (query.start().equals(Revision.ZERO)) {
        begin(now, query, stream, begun);
      } else {
        // whether its history is kept may take long to find out
        answers.runSlowly(stream, () -> begin(now, query, stream, begun));
      }
    } catch (RuntimeException | Error e) {
      answers.fail(stream, e);
    }
  }

  private static void begin(
      Serving now,
      WatchQuery query,
      ServerCallStreamObserver<WatchResponse> stream,
      AtomicReference<Watcher> begun) {
    begun.set(now.watches().watch(query, new Sink(now, stream)));
    if (stream.isCancelled()) {
      cancel(now, begun.get());
    }
    resume(now, begun.get());
  }

  private static void cancel(Serving now, @Nullable Watcher watcher) {
    if (watcher != null) {
      now.watches().cancel(watcher);
    }
  }

  private static void resume(Serving now, @Nullable Watcher watcher) {
    if (watcher != null) {
      now.watches().onReady(watcher);
    }
  }

  private static WatchQuery query(WatchRequest request) {
    int interval = request.getBookmarkIntervalMs();
    if (interval != 0 && interval < LEAST_BOOKMARK_INTERVAL_MS) {
      throw new RejectedException(Rejection.badArgument("bookmark_interval_ms: "
          + Integer.toUnsignedString(interval)
          + " (expected: 0, or at least "
          + LEAST_BOOKMARK_INTERVAL_MS
          + ")"));
    }
    return new WatchQuery(
        Admission.namespace(request.getNamespace()),
        ApiCodec.toDomain(request.getRange()),
        ConfigDoor.revision(request.getStartRevision()),
        request.getWithContent(),
        request.getWithPrevious(),
        Duration.ofMillis(interval == 0 ? DEFAULT_BOOKMARK_INTERVAL_MS : interval));
  }

  private record Sink(Serving now, ServerCallStreamObserver<WatchResponse> stream)
      implements WatchSink {
    @Override
    public boolean isReady() {
      return stream.isReady() && !stream.isCancelled();
    }

    @Override
    public void send(WatchBatch batch) {
      if (!stream.isCancelled()) {
        stream.onNext(batch.rendered(WatchDoor.class, this::render));
      }
    }

    @Override
    public void end(Rejection why) {
      if (!stream.isCancelled()) {
        stream.onError(StatusCodec.toStatus(why));
      }
    }

    private WatchResponse render(WatchBatch batch) {
      var response = WatchResponse.newBuilder().setHeader(now.header(batch.to()));
      for (WatchBatch.Event event : batch.events()) {
        var rendered = WatchEvent.newBuilder()
            .setType(typeOf(event.version()))
            .setVersion(ApiCodec.toProto(event.version()));
        ConfigVersion previous = event.previous();
        if (previous != null) {
          rendered.setPrevious(ApiCodec.toProto(previous));
        }
        response.addEvents(rendered);
      }
      return response.build();
    }

    private static WatchEvent.Type typeOf(ConfigVersion version) {
      return version.tombstone()
          ? WatchEvent.Type.DELETE
          : version.beginsLife() ? WatchEvent.Type.PUT : WatchEvent.Type.REPLACE;
    }
  }
}
