package io.syncline.verify.etcd;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.proto.etcd.v3.StatusResponse;
import io.syncline.verify.ProcessCluster;
import java.nio.file.Path;

/**
 * Three voters of Syncline, spoken to at the leader, so that watches and whatever else a voter answers by
 * itself stand where the last write does.
 */
final class SynclineCluster implements Store {
  private final String name;
  private final ProcessCluster cluster;
  private final Endpoint endpoint;

  private SynclineCluster(String name, ProcessCluster cluster, Endpoint endpoint) {
    this.name = name;
    this.cluster = cluster;
    this.endpoint = endpoint;
  }

  /** Starts them, and returns when all are ready. */
  static SynclineCluster started(String name, Path folder) {
    ProcessCluster cluster = ProcessCluster.startedWithEtcd(folder);
    return new SynclineCluster(name, cluster, leaderOf(cluster));
  }

  private static Endpoint leaderOf(ProcessCluster cluster) {
    return cluster.etcdEndpoints().stream()
        .filter(SynclineCluster::leads)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no voter says that it leads"));
  }

  private static boolean leads(Endpoint endpoint) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
        .usePlaintext()
        .build();
    try {
      StatusResponse status =
          MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance());
      return status.getLeader() == status.getHeader().getMemberId();
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public boolean strict() {
    return true;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
