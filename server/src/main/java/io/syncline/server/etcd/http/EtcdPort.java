package io.syncline.server.etcd.http;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.syncline.model.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The port on which etcd's clients are served: gRPC, and JSON over HTTP/1.1, whichever a connection
 * begins with. JSON is turned into calls of the same services, inside the process.
 */
public final class EtcdPort implements AutoCloseable {
  private static final long SHUTDOWN_SECONDS = 2;

  private final Server inProcess;
  private final ManagedChannel channel;
  private final Gateway gateway;
  private final HttpConnections connections;
  private final Server server;

  private EtcdPort(Endpoint listen, EtcdOffer offer) throws IOException {
    List<ServerServiceDefinition> services = offer.services().stream()
        .map(service -> ServerInterceptors.interceptForward(service, offer.interceptors()))
        .toList();
    String name = InProcessServerBuilder.generateName();
    this.inProcess = InProcessServerBuilder.forName(name)
        .directExecutor()
        .addServices(services)
        .build()
        .start();
    this.channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    this.gateway = new Gateway(offer, channel);
    this.connections = new HttpConnections(gateway);
    this.server = NettyServerBuilder.forAddress(
            new InetSocketAddress(listen.host(), listen.port()),
            InternalNettyServerCredentials.create(new PortNegotiator(connections)))
        // services never block: what takes long goes to their workers
        .directExecutor()
        .maxInboundMessageSize(offer.maxMessageBytes())
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addServices(services)
        .build();
  }

  /**
   * Opens the port.
   *
   * @param listen port 0: any free one
   * @throws IOException if the address cannot be listened on
   */
  public static EtcdPort open(Endpoint listen, EtcdOffer offer) throws IOException {
    var port = new EtcdPort(listen, offer);
    try {
      port.server.start();
    } catch (IOException e) {
      port.close();
      throw e;
    }
    return port;
  }

  /** The port listened on. */
  public int port() {
    return server.getPort();
  }

  /** Ends all calls: streams over HTTP with a line that says so. */
  @Override
  public void close() {
    channel.shutdownNow();
    inProcess.shutdownNow();
    server.shutdown();
    connections.close();
    gateway.close();
    try {
      if (!server.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
