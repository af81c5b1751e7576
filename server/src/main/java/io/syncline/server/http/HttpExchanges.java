package io.syncline.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges of one connection, one after the other. Requests that come before the one before them is
 * answered wait, a few of them; more than that is nobody who only watches.
 */
final class HttpExchanges extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpExchanges.class);
  private static final int MAX_WAITING = 16;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LONG = 431;

  private final HttpRoutes routes;
  private final HttpAnswerer answerer;
  private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
  private boolean answering;

  HttpExchanges(HttpRoutes routes, HttpAnswerer answerer) {
    this.routes = routes;
    this.answerer = answerer;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (waiting.size() >= MAX_WAITING) {
      var unused = context.close();
    } else if (answering) {
      waiting.addLast(request.retain());
    } else {
      begin(context, request);
    }
  }

  private void begin(ChannelHandlerContext context, FullHttpRequest request) {
    answering = true;
    if (request.decoderResult().isFailure()) {
      Throwable why = request.decoderResult().cause();
      int status = why instanceof TooLongFrameException ? TOO_LONG : BAD_REQUEST;
      write(context, HttpAnswer.error(status, "not a request: " + why.getMessage()), true, false);
      return;
    }
    boolean headOnly = request.method().equals(HttpMethod.HEAD);
    boolean last = !HttpUtil.isKeepAlive(request);
    HttpRequestHead head;
    try {
      head = HttpRequestHead.of(request);
    } catch (IllegalArgumentException e) {
      write(context, HttpAnswer.error(BAD_REQUEST, "not a path: " + e.getMessage()), true, false);
      return;
    }
    Optional<HttpRoute> route = routes.find(head);
    if (route.isEmpty()) {
      write(context, routes.refusal(head), last, headOnly);
    } else {
      answerer.answer(
          route.get(), head, context.executor(), answer -> write(context, answer, last, headOnly));
    }
  }

  /** On the connection's thread. */
  private void write(
      ChannelHandlerContext context, HttpAnswer answer, boolean last, boolean headOnly) {
    var response = new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(answer.status()),
        headOnly
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(answer.body().asReadOnlyByteBuffer()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
        .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().size())
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    answer.headers().forEach(response.headers()::set);
    HttpUtil.setKeepAlive(response, !last);
    var written = context.writeAndFlush(response);
    if (last) {
      var unused = written.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    answering = false;
    FullHttpRequest next = waiting.pollFirst();
    if (next != null) {
      try {
        begin(context, next);
      } finally {
        next.release();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      var unused = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    LOG.debug("a connection is closed: reason={}", error.toString());
    var unused = context.close();
  }
}
