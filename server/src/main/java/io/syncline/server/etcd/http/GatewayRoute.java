package io.syncline.server.etcd.http;

import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;

/**
 * How a method is called by way of JSON.
 *
 * <p>Watches alone are treated specially. An idle watch over HTTP gets a line now and then, so that both
 * sides, and what stands between them, know that it lives: the gateway asks for progress in every create
 * request, and states in the metadata {@link #PROGRESS_INTERVAL_MS} how often. etcd leaves {@code
 * "events"} out of such a line. lua-resty-etcd would bear that, but Apache APISIX, which uses it, iterates
 * over the events of each line after the first without a look at whether there are any. So a line that
 * is nothing but progress, neither created nor canceled, has an empty array; all others are as etcd's.
 */
final class GatewayRoute {
  /** Whole milliseconds of silence after which a watch is to report progress. */
  static final Metadata.Key<String> PROGRESS_INTERVAL_MS =
      Metadata.Key.of("syncline-progress-interval-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String EVERY_30_S = "30000";

  private final MethodDescriptor<Message, Message> method;
  private final Message prototype;

  private GatewayRoute(MethodDescriptor<Message, Message> method, Message prototype) {
    this.method = method;
    this.prototype = prototype;
  }

  /**
   * @throws IllegalArgumentException if the method's messages are not Protobuf's
   */
  static GatewayRoute to(MethodDescriptor<?, ?> method) {
    if (method.getRequestMarshaller() instanceof MethodDescriptor.PrototypeMarshaller<?> marshaller
        && marshaller.getMessagePrototype() instanceof Message prototype) {
      @SuppressWarnings("unchecked") // only descriptors look alike at compile time
      var typed = (MethodDescriptor<Message, Message>) method;
      return new GatewayRoute(typed, prototype);
    }
    throw new IllegalArgumentException(
        "method: " + method.getFullMethodName() + " (expected: messages of Protobuf)");
  }

  MethodDescriptor<Message, Message> method() {
    return method;
  }

  /** Whether the client may send several messages. */
  boolean takesMany() {
    return !method.getType().clientSendsOneMessage();
  }

  /** Whether the service may send several messages. */
  boolean givesMany() {
    return !method.getType().serverSendsOneMessage();
  }

  Message request(JsonValue json) throws MalformedJson {
    Message request = MessageReader.read(prototype, json);
    if (request instanceof WatchRequest watch && watch.hasCreateRequest()) {
      WatchRequest.Builder asking = watch.toBuilder();
      asking.getCreateRequestBuilder().setProgressNotify(true);
      return asking.build();
    }
    return request;
  }

  /** What no body at all stands for. */
  Message emptyRequest() {
    return prototype.getDefaultInstanceForType();
  }

  void annotate(Metadata metadata) {
    if (prototype instanceof WatchRequest) {
      metadata.discardAll(PROGRESS_INTERVAL_MS);
      metadata.put(PROGRESS_INTERVAL_MS, EVERY_30_S);
    }
  }

  static String answer(MessageOrBuilder message) {
    String json = GatewayJson.of(message);
    if (message instanceof WatchResponse watch && isProgress(watch)) {
      String fields = json.substring(0, json.length() - 1);
      return fields + (fields.length() > 1 ? "," : "") + "\"events\":[]}";
    }
    return json;
  }

  private static boolean isProgress(WatchResponse watch) {
    return watch.getEventsCount() == 0 && !watch.getCreated() && !watch.getCanceled();
  }
}
