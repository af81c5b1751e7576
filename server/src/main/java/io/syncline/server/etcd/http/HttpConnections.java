package io.syncline.server.etcd.http;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;

/** The connections that speak HTTP/1.1, or do not yet show what they speak. Any thread. */
final class HttpConnections {
  static final int MAX_CONNECTIONS = 4096;
  static final int MAX_LINE_BYTES = 8 << 10;
  static final int MAX_HEADER_BYTES = 64 << 10;

  private static final int MAX_PIECE_BYTES = 64 << 10;
  private static final long IDLE_SECONDS = 60;
  private static final long CLOSE_SECONDS = 2;

  private final Gateway gateway;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  HttpConnections(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Counts a connection until it leaves or closes; false if it is one too many. */
  boolean admit(Channel channel) {
    open.add(channel);
    return open.size() <= MAX_CONNECTIONS;
  }

  /** It speaks gRPC. */
  void leave(Channel channel) {
    open.remove(channel);
  }

  /** It speaks HTTP. */
  void converse(Channel channel) {
    var limits = new HttpDecoderConfig()
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_PIECE_BYTES);
    var unused = channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
        .addLast(new HttpServerCodec(limits))
        .addLast(new HttpConnection(gateway));
  }

  /** Ends all connections, and each that comes. */
  void close() {
    var unused = open.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
