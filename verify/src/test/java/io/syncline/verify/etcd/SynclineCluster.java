package io.syncline.verify.etcd;

import io.syncline.model.Endpoint;
import io.syncline.verify.ProcessCluster;
import java.nio.file.Path;

/** Three voters of Syncline, spoken to at one of them. */
final class SynclineCluster implements Store {
  private final String name;
  private final ProcessCluster cluster;
  private final Endpoint endpoint;

  private SynclineCluster(String name, ProcessCluster cluster, Endpoint endpoint) {
    this.name = name;
    this.cluster = cluster;
    this.endpoint = endpoint;
  }

  /**
   * Starts them, and returns when all are ready.
   *
   * @param number by which one of the voters is chosen: whether it leads must not matter
   */
  static SynclineCluster started(String name, Path folder, long number) {
    ProcessCluster cluster = ProcessCluster.startedWithEtcd(folder);
    var endpoints = cluster.etcdEndpoints();
    return new SynclineCluster(
        name, cluster, endpoints.get((int) Math.floorMod(number, (long) endpoints.size())));
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
