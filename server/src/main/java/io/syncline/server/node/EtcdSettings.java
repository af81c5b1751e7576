package io.syncline.server.node;

import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import java.util.Optional;

/**
 * Whether and how clients of etcd are served.
 *
 * @param listen where, by gRPC and HTTP; empty: nowhere
 * @param namespace what they see as their keyspace
 */
public record EtcdSettings(Optional<Endpoint> listen, NamespaceName namespace) {
  /** Nowhere. */
  public static final EtcdSettings DEFAULT =
      new EtcdSettings(Optional.empty(), new NamespaceName("etcd"));

  public EtcdSettings withListen(Endpoint at) {
    return new EtcdSettings(Optional.of(at), namespace);
  }
}
