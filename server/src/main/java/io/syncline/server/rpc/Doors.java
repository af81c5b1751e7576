package io.syncline.server.rpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.monitor.Readiness;
import io.syncline.server.admission.Admission;
import io.syncline.server.admission.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The gRPC server of a voter with all its services. */
public final class Doors implements AutoCloseable {
  private static final int WORKERS = 4;
  private static final int MAX_WAITING_REQUESTS = 10_000;
  private static final int MESSAGE_OVERHEAD_BYTES = 1 << 20;
  private static final long SHUTDOWN_SECONDS = 2;

  private final Server server;
  private final ConfigDoor config;
  private final ThreadPoolExecutor workers;
  private final HealthStatusManager health = new HealthStatusManager();

  private Doors(NettyServerBuilder builder, ConfigDoor config, ThreadPoolExecutor workers) {
    this.config = config;
    this.workers = workers;
    this.server = builder.addService(health.getHealthService()).build();
  }

  /**
   * Opens the doors.
   *
   * @param listen port 0: any free one
   * @param serving gives what requests need, or refuses while there is nothing yet
   * @param further services of other doors, which voters ask each other for
   * @throws IOException if the address cannot be listened on
   */
  public static Doors open(
      Endpoint listen,
      Limits limits,
      Supplier<Serving> serving,
      VoterView voter,
      List<ServerServiceDefinition> further,
      Readiness readiness,
      Consumer<Fault> onFault)
      throws IOException {
    var workers = new ThreadPoolExecutor(
        WORKERS,
        WORKERS,
        1,
        TimeUnit.MINUTES,
        new ArrayBlockingQueue<>(MAX_WAITING_REQUESTS),
        runnable -> new Thread(runnable, "syncline-worker"));
    workers.allowCoreThreadTimeOut(true);
    var answers = new Answers(workers, onFault);
    var admission = new Admission(limits);
    var config = new ConfigDoor(serving, admission, answers);
    NettyServerBuilder builder = NettyServerBuilder.forAddress(
            new InetSocketAddress(listen.host(), listen.port()))
        // doors never block: what takes long goes to the workers
        .directExecutor()
        .maxInboundMessageSize(Math.toIntExact(limits.maxCommandBytes()) + MESSAGE_OVERHEAD_BYTES)
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .intercept(new ActorInterceptor())
        .addService(config)
        .addService(new NamespaceDoor(serving, admission, answers))
        .addService(new WatchDoor(serving, answers))
        .addService(new ClusterDoor(serving, voter, admission, answers))
        .addService(new ConflictDoor(serving, admission, answers, Clock.systemUTC()))
        .addService(new DraftDoor(serving, admission, answers))
        .addService(new FollowerDoor(serving, answers))
        .addService(new SyncDoor(serving, answers, workers))
        .addService(ProtoReflectionServiceV1.newInstance());
    further.forEach(builder::addService);
    var doors = new Doors(builder, config, workers);
    doors.server.start();
    readiness.listen(doors::setServing);
    return doors;
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
    config.close();
    try {
      if (!server.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    workers.shutdownNow();
  }
}
