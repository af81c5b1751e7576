package io.syncline.client;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.syncline.model.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gRPC server on a loopback port, with services that do what the test says. */
final class FakeVoter implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final Server server;
  private final List<String> actors = new CopyOnWriteArrayList<>();
  private final List<Deadline> deadlines = new CopyOnWriteArrayList<>();

  private FakeVoter(int port, BindableService... services) {
    var builder = NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .intercept(new Recorder());
    for (BindableService service : services) {
      builder.addService(service);
    }
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FakeVoter start(BindableService... services) {
    return new FakeVoter(0, services);
  }

  static FakeVoter startAt(Endpoint endpoint, BindableService... services) {
    return new FakeVoter(endpoint.port(), services);
  }

  /** Where nothing listens. */
  static Endpoint nowhere() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint(LOOPBACK, socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Endpoint endpoint() {
    return new Endpoint(LOOPBACK, server.getPort());
  }

  /** The actor's name as each request stated it, encoded. */
  List<String> actors() {
    return actors;
  }

  /** The deadline of each request. */
  List<Deadline> deadlines() {
    return deadlines;
  }

  /** Breaks all connections and frees the port, as a process that is killed. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String actor = headers.get(ActorHeader.KEY);
      if (actor != null) {
        actors.add(actor);
      }
      Deadline deadline = Context.current().getDeadline();
      if (deadline != null) {
        deadlines.add(deadline);
      }
      return next.startCall(call, headers);
    }
  }
}
