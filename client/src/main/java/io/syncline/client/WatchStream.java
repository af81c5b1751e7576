package io.syncline.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.syncline.model.Endpoint;
import io.syncline.proto.api.v1.WatchRequest;
import io.syncline.proto.api.v1.WatchResponse;
import io.syncline.proto.api.v1.WatchServiceGrpc;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a {@link Watch}, from one voter. Asks for an answer only when the listener is done
 * with the one before, so that a slow listener holds the voter back instead of filling memory.
 */
final class WatchStream extends ClientCall.Listener<WatchResponse> {
  /** Full bookmark intervals of silence after which the stream is considered dead. */
  private static final int MAX_SILENT_INTERVALS = 3;

  private enum State {
    WAITING,
    DELIVERING,
    /** Whoever moves it here tells the watch; a stream that ends while delivering would lose order. */
    ENDED
  }

  private final Watch watch;
  private final Endpoint voter;
  private final Connections connections;
  private final Duration bookmarkInterval;
  private final ClientCall<WatchRequest, WatchResponse> call;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final AtomicInteger ticksOfSilence = new AtomicInteger();
  private boolean established;
  private volatile @Nullable Future<?> heartbeat;

  WatchStream(Watch watch, Endpoint voter, Connections connections, Duration bookmarkInterval) {
    this.watch = watch;
    this.voter = voter;
    this.connections = connections;
    this.bookmarkInterval = bookmarkInterval;
    // Listeners may block, so they are called on threads of their own, not on the network's.
    this.call = connections
        .channel(voter)
        .newCall(
            WatchServiceGrpc.getWatchMethod(),
            CallOptions.DEFAULT.withExecutor(connections.listeners()));
  }

  void start(WatchRequest request) {
    call.start(this, new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
    heartbeat = connections.repeat(this::tick, bookmarkInterval);
  }

  /** Ends the stream without telling the watch. */
  void cancel() {
    state.set(State.ENDED);
    stop();
  }

  private void stop() {
    Future<?> beating = heartbeat;
    if (beating != null) {
      beating.cancel(false);
    }
    call.cancel("the watch goes on elsewhere, or not at all", null);
  }

  /** Counts intervals instead of reading a clock; a listener at work is no silence of the voter's. */
  private void tick() {
    if (ticksOfSilence.incrementAndGet() > MAX_SILENT_INTERVALS
        && state.compareAndSet(State.WAITING, State.ENDED)) {
      stop();
      watch.broken(voter, silence());
    }
  }

  private Failure silence() {
    return Failure.of(
        Status.DEADLINE_EXCEEDED
            .withDescription("not even a bookmark within " + MAX_SILENT_INTERVALS + " intervals")
            .asRuntimeException(),
        true);
  }

  @Override
  public void onMessage(WatchResponse response) {
    if (!state.compareAndSet(State.WAITING, State.DELIVERING)) {
      return;
    }
    try {
      deliver(response);
    } catch (Throwable e) {
      cancel();
      watch.failed(e);
    }
    ticksOfSilence.set(0);
    if (state.compareAndSet(State.DELIVERING, State.WAITING)) {
      call.request(1);
    }
  }

  private void deliver(WatchResponse response) {
    if (established) {
      watch.continued(response);
    } else {
      established = true;
      watch.established(response);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (state.getAndSet(State.ENDED) != State.ENDED) {
      stop();
      watch.broken(voter, Failure.of(ended(status).asRuntimeException(trailers), true));
    }
  }

  /** A watch has no end of its own: a voter that ends it in good order is about to stop. */
  private static Status ended(Status status) {
    return status.isOk() ? Status.UNAVAILABLE.withDescription("the voter ended it") : status;
  }
}
