package io.syncline.server.etcd.http;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.util.AsciiString;

/** Lets connections of a gRPC server be HTTP/1.1 instead. */
final class PortNegotiator implements ProtocolNegotiator {
  private final ProtocolNegotiator plaintext = InternalProtocolNegotiators.serverPlaintext();
  private final HttpConnections connections;

  PortNegotiator(HttpConnections connections) {
    this.connections = connections;
  }

  @Override
  public AsciiString scheme() {
    return plaintext.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new ProtocolSniffer(grpc, plaintext, connections);
  }

  @Override
  public void close() {
    plaintext.close();
  }
}
