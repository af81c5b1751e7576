package io.syncline.server.etcd.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.syncline.server.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The reply to one request: whole, or begun, its lines, and ended. Each line is a chunk of its own, and
 * whole: clients such as lua-resty-etcd take a chunk for a message.
 *
 * <p>On the connection's thread.
 */
final class HttpReply {
  private static final String JSON = "application/json";
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** What browsers on other sites may do: etcd lets them do everything, unless told otherwise. */
  private static final Map<String, String> CROSS_ORIGIN = Map.of(
      "access-control-allow-headers", "accept, content-type, authorization",
      "access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE",
      "access-control-allow-origin", "*");

  /**
   * A reply in one piece.
   *
   * @param headers beyond those that every reply has
   */
  record Whole(HttpResponseStatus status, String body, Map<String, String> headers) {
    Whole {
      headers = Map.copyOf(headers);
    }

    static Whole json(HttpResponseStatus status, String body) {
      return new Whole(status, body, Map.of("content-type", JSON));
    }

    static Whole text(HttpResponseStatus status, String body) {
      return new Whole(status, body, Map.of("content-type", PLAIN));
    }

    static Whole of(HttpAnswer answer) {
      return new Whole(
              HttpResponseStatus.valueOf(answer.status()),
              answer.body().toStringUtf8(),
              answer.headers())
          .with("content-type", answer.type());
    }

    /** Text that a browser is not to take for anything else. */
    static Whole refusal(HttpResponseStatus status, String line) {
      return new Whole(
          status, line + "\n", Map.of("content-type", PLAIN, "x-content-type-options", "nosniff"));
    }

    Whole with(String header, String value) {
      var more = new HashMap<>(headers);
      more.put(header, value);
      return new Whole(status, body, more);
    }
  }

  private final ChannelHandlerContext context;
  private final HttpVersion version;
  private final Runnable onEnd;
  private boolean keepsAlive;
  private boolean begun;
  private boolean ended;

  /**
   * @param onEnd told once, when the last of it is written
   */
  HttpReply(ChannelHandlerContext context, HttpRequest request, Runnable onEnd) {
    this.context = context;
    this.version = request.protocolVersion();
    this.keepsAlive = HttpUtil.isKeepAlive(request);
    this.onEnd = onEnd;
  }

  /** Ends the connection behind this reply, if it is not begun yet. */
  void endConnection() {
    keepsAlive = false;
  }

  boolean keepsAlive() {
    return keepsAlive;
  }

  boolean hasBegun() {
    return begun;
  }

  boolean hasEnded() {
    return ended;
  }

  void send(Whole whole) {
    ByteBuf body = utf8(whole.body());
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, whole.status(), body);
    setHeaders(response, whole.headers());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    begun = true;
    end(response);
  }

  /** Begins a stream of JSON lines. */
  void begin(HttpResponseStatus status, Map<String, String> headers) {
    begun = true;
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    boolean chunked = version.equals(HttpVersion.HTTP_1_1);
    keepsAlive = keepsAlive && chunked;
    setHeaders(response, headers);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, JSON);
    HttpUtil.setTransferEncodingChunked(response, chunked);
    var unused = context.write(response);
  }

  /** Writes one line, which ends in its line end. */
  void line(String line) {
    var unused = context.writeAndFlush(new DefaultHttpContent(utf8(line)));
  }

  void end() {
    end(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void end(Object last) {
    ended = true;
    var unused = context.writeAndFlush(last);
    onEnd.run();
  }

  private void setHeaders(HttpResponse response, Map<String, String> own) {
    HttpHeaders headers = response.headers();
    CROSS_ORIGIN.forEach(headers::set);
    own.forEach(headers::set);
    HttpUtil.setKeepAlive(headers, version, keepsAlive);
  }

  private static ByteBuf utf8(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
  }
}
