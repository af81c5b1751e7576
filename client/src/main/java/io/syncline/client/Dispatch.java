package io.syncline.client;

import com.google.protobuf.MessageLite;
import io.grpc.Channel;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes requests to the voters that can answer them, and bounds how many are under way. */
final class Dispatch implements AutoCloseable {
  private final Connections connections;
  private final Route toLeader;
  private final Route toAnyVoter;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  Dispatch(ClientSettings settings) {
    connections = new Connections(settings);
    toLeader = new Route(settings.endpoints(), 0);
    toAnyVoter = routeFromRandomVoter();
  }

  /** Many clients that start at random voters share out what any voter can serve. */
  private Route routeFromRandomVoter() {
    List<Endpoint> endpoints = connections.settings().endpoints();
    return new Route(endpoints, ThreadLocalRandom.current().nextInt(endpoints.size()));
  }

  <Q extends MessageLite, A, R> CompletableFuture<R> send(Request<Q, A, R> request) {
    return switch (request.purpose()) {
      case WRITE, LEADER_READ -> send(request, toLeader);
      case READ -> send(request, toAnyVoter);
      case INSPECTION -> throw new IllegalArgumentException(request.name() + " needs a voter");
    };
  }

  <Q extends MessageLite, A, R> CompletableFuture<R> inspect(
      Endpoint voter, Request<Q, A, R> request) {
    return send(request, new Route(List.of(voter), 0));
  }

  private <Q extends MessageLite, A, R> CompletableFuture<R> send(
      Request<Q, A, R> request, Route route) {
    requireOpen();
    ClientSettings settings = connections.settings();
    int sizeBytes = request.message().getSerializedSize();
    if (sizeBytes > settings.maxMessageBytes()) {
      return refused(Rejection.tooLarge(request.name(), sizeBytes, settings.maxMessageBytes()));
    }
    int limit = settings.maxOutstandingCalls();
    int count = outstanding.incrementAndGet();
    if (count > limit) {
      outstanding.decrementAndGet();
      return refused(Rejection.tooMany("calls under way in this client", count, limit));
    }
    return new Call<>(request, route, connections, outstanding::decrementAndGet).start();
  }

  /** For a stream that one voter sends. */
  Channel channel(Endpoint voter) {
    requireOpen();
    return connections.channel(voter);
  }

  private static <R> CompletableFuture<R> refused(Rejection rejection) {
    return CompletableFuture.failedFuture(new RejectedException(rejection));
  }

  Watch watch(WatchQuery query, WatchListener listener) {
    requireOpen();
    var watch = new Watch(
        query,
        listener,
        routeFromRandomVoter(),
        connections,
        () -> send(Reads.namespace(query.namespace())),
        watches::remove);
    watches.add(watch);
    watch.open();
    if (connections.closed()) {
      watch.close();
    }
    return watch;
  }

  private void requireOpen() {
    if (connections.closed()) {
      throw new IllegalStateException("client: closed (expected: open); build a new one");
    }
  }

  @Override
  public void close() {
    connections.close();
    watches.forEach(Watch::close);
  }
}
