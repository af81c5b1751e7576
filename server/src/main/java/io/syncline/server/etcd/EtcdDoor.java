package io.syncline.server.etcd;

import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.syncline.model.Endpoint;
import io.syncline.monitor.Readiness;
import io.syncline.server.admission.Limits;
import io.syncline.server.etcd.http.EtcdOffer;
import io.syncline.server.etcd.http.EtcdPort;
import io.syncline.server.http.HttpRoute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where a voter serves clients of etcd: its services, with health and reflection, on one port. */
public final class EtcdDoor implements AutoCloseable {
  private static final int MESSAGE_OVERHEAD_BYTES = 1 << 20;

  private final EtcdPort port;
  private final HealthStatusManager health;

  private EtcdDoor(EtcdPort port, HealthStatusManager health) {
    this.port = port;
    this.health = health;
  }

  /**
   * Opens the door.
   *
   * @param listen port 0: any free one
   * @param metrics the voter's
   * @throws IOException if the address cannot be listened on
   */
  public static EtcdDoor open(
      Endpoint listen, Limits limits, EtcdServices services, Readiness readiness, HttpRoute metrics)
      throws IOException {
    var health = new HealthStatusManager();
    var all = new ArrayList<ServerServiceDefinition>(services.definitions());
    all.add(health.getHealthService().bindService());
    all.add(ProtoReflectionServiceV1.newInstance().bindService());
    var offer = new EtcdOffer(
        all,
        List.of(),
        Math.toIntExact(limits.maxCommandBytes()) + MESSAGE_OVERHEAD_BYTES,
        () -> EtcdVersion.SERVER,
        () -> EtcdVersion.CLUSTER,
        readiness::ready,
        List.of(metrics));
    var door = new EtcdDoor(EtcdPort.open(listen, offer), health);
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
    return port.port();
  }

  @Override
  public void close() {
    health.enterTerminalState();
    port.close();
  }
}
