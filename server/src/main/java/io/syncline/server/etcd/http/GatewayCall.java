package io.syncline.server.etcd.http;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request over HTTP that is a call of the service: its body becomes messages, the messages that
 * come back become the reply.
 *
 * <p>The service is asked for another message only when the connection takes more. A body with several
 * messages is handed on as it comes, and no faster than the service takes it; when it ends, the client's
 * side of the call is closed, and the service goes on for as long as it likes, as with etcd.
 *
 * <p>On the connection's thread, the answers of the service too.
 */
final class GatewayCall extends ClientCall.Listener<Message> {
  private static final int ONE_AND_NO_MORE = 2;

  private final ChannelHandlerContext context;
  private final GatewayRoute route;
  private final Channel services;
  private final HttpHeaders headers;
  private final HttpReply reply;
  private final BodyBudget.Share share;
  private final int maxMessageBytes;
  private final JsonValues values = new JsonValues();

  private @Nullable ClientCall<Message, Message> call;
  private @Nullable Message answer;
  private Map<String, String> answerHeaders = Map.of();
  /** Whether more of the body is of use. */
  private boolean reading = true;

  private boolean waitsForRoom;

  /**
   * @param services may be called on the connection's thread
   */
  GatewayCall(
      ChannelHandlerContext context,
      GatewayRoute route,
      Channel services,
      HttpHeaders headers,
      HttpReply reply,
      BodyBudget.Share share,
      int maxMessageBytes) {
    this.context = context;
    this.route = route;
    this.services = services;
    this.headers = headers;
    this.reply = reply;
    this.share = share;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Takes a piece of the body; the caller keeps it. */
  void body(ByteBuf piece) {
    if (!reading) {
      return;
    }
    BodyBudget.Verdict verdict = share.take(values.pendingBytes() + piece.readableBytes());
    if (verdict != BodyBudget.Verdict.TAKEN) {
      refuse(Status.Code.RESOURCE_EXHAUSTED, verdict.message());
      return;
    }
    values.feed(piece);
    if (route.takesMany()) {
      try {
        for (Optional<JsonValue> next = values.next();
            reading && next.isPresent();
            next = values.next()) {
          send(route.request(next.get()));
        }
      } catch (MalformedJson e) {
        refuseOrStop(e);
      }
      if (reading) {
        var unused = share.take(values.pendingBytes());
      }
    }
  }

  void bodyEnded() {
    if (reading) {
      try {
        Optional<JsonValue> last = values.next();
        if (last.isEmpty()) {
          last = values.end();
        }
        if (last.isPresent()) {
          send(route.request(last.get()));
        } else if (!route.takesMany()) {
          send(route.emptyRequest());
        }
        // what else stands in a body that should be one message is nobody's
        if (reading) {
          begun();
          endSending();
        }
      } catch (MalformedJson e) {
        refuseOrStop(e);
      }
    }
  }

  private void send(Message request) throws MalformedJson {
    int bytes = request.getSerializedSize();
    if (bytes > maxMessageBytes) {
      refuse(
          Status.Code.RESOURCE_EXHAUSTED,
          "grpc: received message larger than max (" + bytes + " vs. " + maxMessageBytes + ")");
      return;
    }
    ClientCall<Message, Message> begun = begun();
    begun.sendMessage(request);
    context.channel().config().setAutoRead(!route.takesMany() || begun.isReady());
  }

  private ClientCall<Message, Message> begun() throws MalformedJson {
    if (call != null) {
      return call;
    }
    CallOptions options = CallOptions.DEFAULT.withExecutor(context.executor());
    Optional<Duration> timeout = RequestMetadata.timeout(headers);
    if (timeout.isPresent()) {
      options = options.withDeadlineAfter(timeout.get().toNanos(), TimeUnit.NANOSECONDS);
    }
    Metadata metadata = RequestMetadata.of(headers, context.channel().remoteAddress());
    route.annotate(metadata);
    ClientCall<Message, Message> begun = services.newCall(route.method(), options);
    call = begun;
    begun.start(this, metadata);
    begun.request(route.givesMany() ? 1 : ONE_AND_NO_MORE);
    return begun;
  }

  private void stopReading() {
    reading = false;
    values.discard();
    share.giveBack();
    context.channel().config().setAutoRead(true);
  }

  private void endSending() {
    stopReading();
    if (call != null) {
      call.halfClose();
    }
  }

  /** A body of one message is refused; of several, the first alone can be: others end the sending. */
  private void refuseOrStop(MalformedJson why) {
    if (call == null) {
      Status.Code code = route.takesMany() ? Status.Code.UNKNOWN : Status.Code.INVALID_ARGUMENT;
      refuse(code, String.valueOf(why.getMessage()));
    } else {
      endSending();
    }
  }

  private void refuse(Status.Code code, String message) {
    stopReading();
    if (call != null) {
      call.cancel("refused: " + message, null);
    }
    if (reply.hasBegun()) {
      if (!reply.hasEnded()) {
        reply.line(GatewayError.line(code.toStatus().withDescription(message)));
        reply.end();
      }
    } else {
      reply.send(GatewayError.whole(code, message));
    }
  }

  /** Whether the service was called. */
  boolean isUnderWay() {
    return call != null;
  }

  /** The connection takes more. */
  void writable() {
    if (waitsForRoom && call != null) {
      waitsForRoom = false;
      call.request(1);
    }
  }

  /** The client is gone. */
  void abandon() {
    stopReading();
    if (call != null) {
      call.cancel("the client is gone", null);
    }
  }

  @Override
  public void onHeaders(Metadata metadata) {
    var texts = new HashMap<String, String>();
    texts.put("grpc-metadata-content-type", "application/grpc");
    for (String name : metadata.keys()) {
      if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        String value = metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        texts.put("grpc-metadata-" + name, String.valueOf(value));
      }
    }
    answerHeaders = texts;
  }

  @Override
  public void onMessage(Message message) {
    if (reply.hasEnded()) {
      return;
    }
    if (!route.givesMany()) {
      answer = message;
      return;
    }
    if (!reply.hasBegun()) {
      reply.begin(HttpResponseStatus.OK, answerHeaders);
    }
    reply.line("{\"result\":" + GatewayRoute.answer(message) + "}\n");
    waitsForRoom = true;
    if (context.channel().isWritable()) {
      writable();
    }
  }

  @Override
  public void onReady() {
    context.channel().config().setAutoRead(true);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    stopReading();
    if (reply.hasEnded()) {
      return;
    }
    if (route.givesMany()) {
      endLines(status);
    } else if (status.isOk() && answer != null) {
      reply.send(
          new HttpReply.Whole(HttpResponseStatus.OK, GatewayRoute.answer(answer), answerHeaders)
              .with("content-type", "application/json"));
    } else {
      reply.send(GatewayError.whole(status.getCode(), GatewayError.message(status)));
    }
  }

  private void endLines(Status status) {
    if (!reply.hasBegun()) {
      reply.begin(GatewayError.httpStatus(status.getCode()), answerHeaders);
    }
    if (!status.isOk()) {
      reply.line(GatewayError.line(status));
    }
    reply.end();
  }
}
