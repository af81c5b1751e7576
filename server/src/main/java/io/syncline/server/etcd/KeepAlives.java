package io.syncline.server.etcd;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveResponse;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.server.rpc.Answers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream of renewals. Answers come in the order of the requests; so many of them are on their
 * way at once, and a client that does not read its answers is asked for no more.
 */
final class KeepAlives implements StreamObserver<LeaseKeepAliveRequest> {
  private static final int MAX_AT_ONCE = 128;
  private static final Logger LOG = LoggerFactory.getLogger(KeepAlives.class);

  private final Keyspace keyspace;
  private final Lessor lessor;
  private final Answers answers;
  private final ServerCallStreamObserver<LeaseKeepAliveResponse> client;
  /** Answers that were given while the client did not read. */
  private final AtomicInteger owed = new AtomicInteger();

  /** Completes when all requests so far are answered; fails once one could not be. */
  private CompletableFuture<Void> answered = CompletableFuture.completedFuture(null);

  KeepAlives(
      Keyspace keyspace,
      Lessor lessor,
      Answers answers,
      ServerCallStreamObserver<LeaseKeepAliveResponse> client) {
    this.keyspace = keyspace;
    this.lessor = lessor;
    this.answers = answers;
    this.client = client;
  }

  void begin() {
    client.disableAutoRequest();
    client.setOnReadyHandler(this::askForMore);
    client.setOnCancelHandler(() -> {});
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
    CompletableFuture<LeaseKeepAliveResponse> renewal = renew(request.getID());
    answered = answered.thenCombine(renewal, (before, response) -> {
      send(response);
      return null;
    });
    var unused = answered.exceptionally(error -> {
      fail(error);
      return null;
    });
  }

  private CompletableFuture<LeaseKeepAliveResponse> renew(long id) {
    try {
      // taken first: a lease must not seem to have been alive at the revision at which it ended
      ResponseHeader header = keyspace.header();
      return lessor.renew(id).thenApply(ttl -> LeaseKeepAliveResponse.newBuilder()
          .setHeader(header)
          .setID(id)
          .setTTL(seconds(ttl))
          .build());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static long seconds(Duration ttl) {
    return ttl.toSeconds();
  }

  private void send(LeaseKeepAliveResponse response) {
    client.onNext(response);
    owed.incrementAndGet();
    if (client.isReady()) {
      askForMore();
    }
  }

  /** The first failure ends the stream; later ones find it ended. */
  private void fail(Throwable error) {
    if (!client.isCancelled()) {
      answers.fail(client, error);
    }
  }

  @Override
  public void onError(Throwable error) {
    LOG.debug("a stream of renewals was left");
  }

  @Override
  public void onCompleted() {
    var unused = answered.thenRun(() -> {
      try {
        client.onCompleted();
      } catch (StatusRuntimeException | IllegalStateException e) {
        LOG.debug("a stream of renewals was left before it ended");
      }
    });
  }
}
