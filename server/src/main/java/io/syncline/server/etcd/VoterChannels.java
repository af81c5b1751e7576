package io.syncline.server.etcd;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.model.EtcdError;
import io.syncline.model.RejectedException;
import io.syncline.server.raft.Membership;
import io.syncline.server.rpc.Serving;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Connections to the other voters. Any thread. */
final class VoterChannels implements AutoCloseable {
  private final Supplier<Serving> serving;
  private final int maxMessageBytes;
  private final Map<Endpoint, ManagedChannel> channels = new HashMap<>();
  private boolean closed;

  VoterChannels(Supplier<Serving> serving, int maxMessageBytes) {
    this.serving = serving;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Whether this voter leads; also if it does not serve yet, and must say so itself. */
  boolean leads() {
    return serving.get().raft().leads();
  }

  /** Empty while nobody is known to lead. */
  Optional<Channel> leader() {
    return serving.get().raft().leader().map(Membership.Member::client).map(this::to);
  }

  /**
   * @throws RejectedException once this is closed
   */
  synchronized Channel to(Endpoint endpoint) {
    if (closed) {
      throw EtcdError.STOPPED.exception();
    }
    return channels.computeIfAbsent(
        endpoint,
        e -> NettyChannelBuilder.forAddress(e.host(), e.port())
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(maxMessageBytes)
            .build());
  }

  @Override
  public synchronized void close() {
    closed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
