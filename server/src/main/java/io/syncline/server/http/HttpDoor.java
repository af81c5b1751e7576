package io.syncline.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.syncline.model.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves HTTP/1.1 to those who watch over the node. Requests have no body; connections, their time, and
 * the length of what they ask have bounds.
 *
 * <p>What a connection is made of stands in {@link #converse}, so that a door that hears several
 * protocols on one port can hand over to it.
 */
public final class HttpDoor implements AutoCloseable {
  static final int MAX_CONNECTIONS = 256;
  static final int MAX_LINE_BYTES = 4096;
  static final int MAX_HEADER_BYTES = 16 << 10;

  private static final int MAX_CHUNK_BYTES = 8 << 10;
  private static final FixedRecvByteBufAllocator READ_BYTES =
      new FixedRecvByteBufAllocator(2 * MAX_HEADER_BYTES);
  private static final int NO_BODY = 0;
  private static final long IDLE_SECONDS = 60;
  private static final long CLOSE_SECONDS = 2;

  private final HttpRoutes routes;
  private final AtomicInteger connections = new AtomicInteger();
  private final EventLoopGroup network = new MultiThreadIoEventLoopGroup(
      1, new DefaultThreadFactory("syncline-http", true), NioIoHandler.newFactory());
  private final HttpAnswerer answerer = new HttpAnswerer("syncline-http-worker");

  private final Channel listening;

  private HttpDoor(Endpoint listen, List<HttpRoute> routes) throws IOException {
    this.routes = new HttpRoutes(routes);
    ChannelFuture bound = new ServerBootstrap()
        .group(network)
        .channel(NioServerSocketChannel.class)
        // all of what is refused is read first: a connection closed over it would lose the answer
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, READ_BYTES)
        .childHandler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            admit(channel);
          }
        })
        .bind(new InetSocketAddress(listen.host(), listen.port()))
        .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      shutDown();
      throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
    }
    this.listening = bound.channel();
  }

  /**
   * Opens the door.
   *
   * @param listen port 0: any free one
   * @throws IOException if the address cannot be listened on
   */
  public static HttpDoor open(Endpoint listen, List<HttpRoute> routes) throws IOException {
    return new HttpDoor(listen, routes);
  }

  private void admit(Channel channel) {
    if (connections.incrementAndGet() > MAX_CONNECTIONS) {
      connections.decrementAndGet();
      var unused = channel.close();
      return;
    }
    var unused = channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    converse(channel);
  }

  private void converse(Channel channel) {
    var unused = channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES))
        .addLast(new HttpObjectAggregator(NO_BODY, true))
        .addLast(new HttpExchanges(routes, answerer));
  }

  /** The port listened on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  private void shutDown() {
    answerer.close();
    var unused = network
        .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  /** Ends all connections. */
  @Override
  public void close() {
    var unused = listening.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    shutDown();
  }
}
