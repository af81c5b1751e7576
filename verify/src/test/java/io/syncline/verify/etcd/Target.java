package io.syncline.verify.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** One store's address: a connection for gRPC, and connections for HTTP. */
final class Target implements AutoCloseable {
  /** So long may any answer take. */
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("syncline.test.patience", 30));

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private final Store store;
  private final ManagedChannel channel;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Target(Store store) {
    this.store = store;
    channel = NettyChannelBuilder.forAddress(
            store.endpoint().host(), store.endpoint().port())
        .usePlaintext()
        .build();
  }

  Store store() {
    return store;
  }

  Channel channel() {
    return channel;
  }

  HttpClient http() {
    return http;
  }

  /** Calls a method that answers once; of one that answers in a stream, the first answer. */
  Answer call(Method method, Message request, Way way, String token) {
    return way.http()
        ? post(way.url(method), RequestJson.of(request, way).toString(), token)
        : call(method, request, token);
  }

  private Answer call(Method method, Message request, String token) {
    try {
      return new Answer("OK", json(invoke(method, request, token)));
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      return new Answer(status.getCode() + ": " + status.getDescription(), Answer.object());
    }
  }

  private Message invoke(Method method, Message request, String token) {
    // A method takes and gives the messages of its own call only: Method's constants see to that.
    @SuppressWarnings("unchecked")
    var rpc = (MethodDescriptor<Message, Message>) (MethodDescriptor<?, ?>) method.rpc();
    Channel path = token.isEmpty() ? channel : withToken(token);
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (rpc.getType() == MethodDescriptor.MethodType.UNARY) {
      return ClientCalls.blockingUnaryCall(path, rpc, options, request);
    }
    Iterator<Message> answers = ClientCalls.blockingServerStreamingCall(
        path,
        rpc.toBuilder().setType(MethodDescriptor.MethodType.SERVER_STREAMING).build(),
        options,
        request);
    Message first = answers.next();
    answers.forEachRemaining(more -> {});
    return first;
  }

  private Channel withToken(String token) {
    var headers = new Metadata();
    headers.put(TOKEN, token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  Answer post(String path, String body, String token) {
    return send("POST", path, body, token);
  }

  Answer send(String verb, String path, String body, String token) {
    try {
      HttpRequest request =
          request(path, token).method(verb, BodyPublishers.ofString(body)).build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      String type = response.headers().firstValue("content-type").orElse("no type");
      return new Answer(response.statusCode() + " " + type, content(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(store.name() + " over HTTP", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  HttpRequest.Builder request(String path, String token) {
    var builder =
        HttpRequest.newBuilder(URI.create("http://" + store.endpoint() + path)).timeout(PATIENCE);
    return token.isEmpty() ? builder : builder.header("Authorization", token);
  }

  private static JsonNode content(String body) {
    try {
      return Answer.JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(body);
    }
  }

  /** The message as etcd's gateway would write it. */
  static JsonNode json(Message message) {
    try {
      return Answer.JSON.readTree(PRINTER.print(message));
    } catch (InvalidProtocolBufferException | JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
