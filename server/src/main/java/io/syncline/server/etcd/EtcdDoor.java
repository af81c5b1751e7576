package io.syncline.server.etcd;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.syncline.model.Endpoint;
import io.syncline.monitor.Readiness;
import io.syncline.server.admission.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Where a voter serves clients of etcd: gRPC and HTTP/JSON on one port, as etcd does. */
public final class EtcdDoor implements AutoCloseable {
  private static final int MESSAGE_OVERHEAD_BYTES = 1 << 20;
  private static final long SHUTDOWN_SECONDS = 2;

  private final Server server;
  private final HealthStatusManager health = new HealthStatusManager();

  private EtcdDoor(NettyServerBuilder builder) {
    this.server = builder.addService(health.getHealthService()).build();
  }

  /**
   * Opens the door.
   *
   * @param listen port 0: any free one
   * @throws IOException if the address cannot be listened on
   */
  public static EtcdDoor open(
      Endpoint listen, Limits limits, EtcdServices services, Readiness readiness)
      throws IOException {
    NettyServerBuilder builder = NettyServerBuilder.forAddress(
            new InetSocketAddress(listen.host(), listen.port()))
        .directExecutor()
        .maxInboundMessageSize(Math.toIntExact(limits.maxCommandBytes()) + MESSAGE_OVERHEAD_BYTES)
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addService(ProtoReflectionServiceV1.newInstance());
    services.definitions().forEach(builder::addService);
    var door = new EtcdDoor(builder);
    door.server.start();
    readiness.listen(door::setServing);
    return door;
  }

  private void setServing(boolean ready) {
    health.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /** The port listened on. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
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
