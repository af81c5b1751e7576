package io.syncline.server.etcd.http;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first bytes of a connection, and hands it over by them: to gRPC if they are the preface
 * of HTTP/2, to HTTP/1.1 if they are anything else. The bytes go along.
 */
final class ProtocolSniffer extends ByteToMessageDecoder {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final long MAX_SECONDS = 10;

  private final GrpcHttp2ConnectionHandler grpc;
  private final ProtocolNegotiator plaintext;
  private final HttpConnections connections;
  private @Nullable Object negotiation;
  private @Nullable Future<?> deadline;

  ProtocolSniffer(
      GrpcHttp2ConnectionHandler grpc, ProtocolNegotiator plaintext, HttpConnections connections) {
    this.grpc = grpc;
    this.plaintext = plaintext;
    this.connections = connections;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!connections.admit(context.channel())) {
      var unused = context.close();
      return;
    }
    deadline = context
        .executor()
        .schedule(
            () -> {
              var unused = context.close();
            },
            MAX_SECONDS,
            TimeUnit.SECONDS);
  }

  /** gRPC's negotiation goes on where it is broken off here. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    negotiation = event;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int same = 0;
    int seen = Math.min(in.readableBytes(), PREFACE.length);
    while (same < seen && in.getByte(in.readerIndex() + same) == PREFACE[same]) {
      same++;
    }
    if (same == PREFACE.length) {
      becomeGrpc(context);
    } else if (same < seen) {
      becomeHttp(context);
    }
  }

  private void becomeGrpc(ChannelHandlerContext context) {
    connections.leave(context.channel());
    context.pipeline().addAfter(context.name(), null, plaintext.newHandler(grpc));
    if (negotiation != null) {
      context.fireUserEventTriggered(negotiation);
    }
    context.pipeline().remove(this);
  }

  private void becomeHttp(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    while (pipeline.last() != this) {
      pipeline.removeLast();
    }
    // else gRPC closes what does not become one of its connections
    grpc.notifyUnused();
    connections.converse(context.channel());
    pipeline.remove(this);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }
}
