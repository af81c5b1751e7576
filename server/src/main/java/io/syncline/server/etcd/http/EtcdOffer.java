package io.syncline.server.etcd.http;

import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.syncline.server.http.HttpRoute;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What is offered on etcd's port.
 *
 * @param services reachable by gRPC, and those of etcd by JSON too; called on the network's threads,
 *     which they must not block
 * @param interceptors of all calls, by gRPC and by JSON; the first is the outermost
 * @param maxMessageBytes of one request as Protobuf; as JSON it may be twice as long
 * @param serverVersion as {@code /version} says, such as 3.4.0; quick
 * @param clusterVersion as {@code /version} says; quick
 * @param healthy as {@code /health} says; quick
 * @param pages further paths, to be read; what takes long is answered by a few workers
 */
public record EtcdOffer(
    List<ServerServiceDefinition> services,
    List<ServerInterceptor> interceptors,
    int maxMessageBytes,
    Supplier<String> serverVersion,
    Supplier<String> clusterVersion,
    BooleanSupplier healthy,
    List<HttpRoute> pages) {
  private static final int MOST_MESSAGE_BYTES = 512 << 20;

  public EtcdOffer {
    services = List.copyOf(services);
    interceptors = List.copyOf(interceptors);
    pages = List.copyOf(pages);
    if (maxMessageBytes < 1 || maxMessageBytes > MOST_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "maxMessageBytes: " + maxMessageBytes + " (expected: 1 to " + MOST_MESSAGE_BYTES + ")");
    }
  }
}
