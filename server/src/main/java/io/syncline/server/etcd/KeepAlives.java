package io.syncline.server.etcd;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveResponse;
import io.syncline.server.rpc.Answers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * One client's stream of renewals. Answers come in the order of the requests; so many of them are on their
 * way at once, and a client that does not read its answers is asked for no more.
 */
final class KeepAlives implements StreamObserver<LeaseKeepAliveRequest> {
  private static final int MAX_AT_ONCE = 128;

  private final LongFunction<CompletableFuture<LeaseKeepAliveResponse>> renewals;
  private final Answers answers;
  private final ServerCallStreamObserver<LeaseKeepAliveResponse> client;
  private final Consumer<KeepAlives> atEnd;
  /** Answers that were given while the client did not read. */
  private final AtomicInteger owed = new AtomicInteger();

  /** Completes when all requests so far are answered; fails once one could not be. */
  private CompletableFuture<Void> answered = CompletableFuture.completedFuture(null);

  // guarded by this
  private boolean ended;

  /**
   * @param renewals renews the lease of an id
   * @param atEnd told once
   */
  KeepAlives(
      LongFunction<CompletableFuture<LeaseKeepAliveResponse>> renewals,
      Answers answers,
      ServerCallStreamObserver<LeaseKeepAliveResponse> client,
      Consumer<KeepAlives> atEnd) {
    this.renewals = renewals;
    this.answers = answers;
    this.client = client;
    this.atEnd = atEnd;
  }

  void begin() {
    client.disableAutoRequest();
    client.setOnReadyHandler(this::askForMore);
    client.setOnCancelHandler(this::leave);
    client.request(MAX_AT_ONCE);
  }

  private void askForMore() {
    int more = owed.getAndSet(0);
    if (more > 0) {
      client.request(more);
    }
  }

  @Override
  public void onNext(LeaseKeepAliveRequest request) {
    CompletableFuture<LeaseKeepAliveResponse> renewal = renewals.apply(request.getID());
    answered = answered.thenCombine(renewal, (before, response) -> {
      send(response);
      return null;
    });
    var unused = answered.exceptionally(error -> {
      fail(error);
      return null;
    });
  }

  private synchronized void send(LeaseKeepAliveResponse response) {
    if (ended) {
      return;
    }
    client.onNext(response);
    owed.incrementAndGet();
    if (client.isReady()) {
      askForMore();
    }
  }

  /** Ends the stream, unless it has ended. */
  synchronized void fail(Throwable error) {
    if (!ended) {
      end();
      answers.fail(client, error);
    }
  }

  private void end() {
    ended = true;
    atEnd.accept(this);
  }

  @Override
  public void onError(Throwable error) {
    leave();
  }

  private synchronized void leave() {
    if (!ended) {
      end();
    }
  }

  @Override
  public void onCompleted() {
    var unused = answered.thenRun(this::complete);
  }

  private synchronized void complete() {
    if (!ended) {
      end();
      client.onCompleted();
    }
  }
}
