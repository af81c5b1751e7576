package io.syncline.server.etcd.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection, one after the other. What comes before a request is answered waits; when
 * it is much, the connection is not read any further.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final long MAX_WAITING_BYTES = 64 << 10;
  /** What a message costs that has no bytes. */
  private static final long MESSAGE_OVERHEAD_BYTES = 256;

  private final Gateway gateway;
  private final Deque<HttpObject> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean settling;

  private @Nullable HttpReply reply;
  private @Nullable GatewayCall call;
  private boolean bodyEnded;
  private long unreadBytes;

  HttpConnection(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    waiting.addLast((HttpObject) message);
    waitingBytes += bytesOf(message);
    settle(context);
  }

  /** Takes what waits, as far as may be. */
  private void settle(ChannelHandlerContext context) {
    if (settling) {
      return;
    }
    settling = true;
    try {
      while (!waiting.isEmpty() && !isAnswering()) {
        HttpObject next = waiting.removeFirst();
        waitingBytes -= bytesOf(next);
        try {
          take(context, next);
        } finally {
          ReferenceCountUtil.release(next);
        }
      }
    } finally {
      settling = false;
    }
    if (isAnswering()) {
      context.channel().config().setAutoRead(waitingBytes <= MAX_WAITING_BYTES);
    } else if (reply == null) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Whether a request is there in full, and its reply is not. */
  private boolean isAnswering() {
    return reply != null && bodyEnded;
  }

  private static long bytesOf(Object message) {
    return MESSAGE_OVERHEAD_BYTES
        + (message instanceof HttpContent content ? content.content().readableBytes() : 0);
  }

  private void take(ChannelHandlerContext context, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      refuse(context, message.decoderResult().cause());
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(context, request);
    }
    if (message instanceof HttpContent content) {
      takeBody(context, content);
    }
  }

  /** What comes is not HTTP. */
  private void refuse(ChannelHandlerContext context, Throwable why) {
    if (reply == null) {
      HttpResponseStatus status = why instanceof TooLongFrameException
          ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
          : HttpResponseStatus.BAD_REQUEST;
      end(context, status, status.toString());
    } else {
      var unused = context.close();
    }
  }

  /** Answers out of turn, and ends the connection. */
  private static void end(ChannelHandlerContext context, HttpResponseStatus status, String text) {
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    var last = new HttpReply(context, request, () -> {
      var unused = context.close();
    });
    last.endConnection();
    last.send(HttpReply.Whole.text(status, text));
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    if (!request.uri().startsWith("/") && !request.method().equals(HttpMethod.OPTIONS)) {
      end(context, HttpResponseStatus.BAD_REQUEST, "400 Bad Request");
      return;
    }
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !request.headers().contains(HttpHeaderNames.HOST)) {
      end(context, HttpResponseStatus.BAD_REQUEST, "400 Bad Request: missing required Host header");
      return;
    }
    bodyEnded = false;
    unreadBytes = 0;
    var begun = new HttpReply(context, request, () -> replied(context));
    reply = begun;
    if (HttpUtil.is100ContinueExpected(request)) {
      var unused = context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
    call = gateway.begin(context, request, begun).orElse(null);
  }

  private void takeBody(ChannelHandlerContext context, HttpContent content) {
    if (reply == null) {
      return;
    }
    boolean last = content instanceof LastHttpContent;
    bodyEnded = last;
    if (reply.hasEnded()) {
      discard(context, content);
    } else if (call != null) {
      call.body(content.content());
      if (last && call != null) {
        call.bodyEnded();
      }
    }
    finishIfDone(context);
  }

  /** The rest of a request that is answered already. */
  private void discard(ChannelHandlerContext context, HttpContent content) {
    unreadBytes += content.content().readableBytes();
    if (unreadBytes > gateway.maxBodyBytes()) {
      var unused = context.close();
    }
  }

  private void replied(ChannelHandlerContext context) {
    call = null;
    finishIfDone(context);
    settle(context);
  }

  private void finishIfDone(ChannelHandlerContext context) {
    if (reply == null || !reply.hasEnded() || !bodyEnded) {
      return;
    }
    boolean goesOn = reply.keepsAlive();
    reply = null;
    call = null;
    if (!goesOn) {
      var unused =
          context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (call != null && context.channel().isWritable()) {
      call.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (call != null) {
      call.abandon();
      call = null;
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    boolean serviceIsDue = call != null && call.isUnderWay();
    if (event instanceof IdleStateEvent && !serviceIsDue) {
      var unused = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    LOG.debug("a connection is closed: reason={}", error.toString());
    var unused = context.close();
  }
}
