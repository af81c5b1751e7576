package io.syncline.server.etcd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.lock.LockResponse;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.server.etcd.http.HttpWire.Reply;
import io.syncline.server.http.HttpAnswer;
import io.syncline.server.http.HttpRequestHead;
import io.syncline.server.http.HttpRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two protocols on one port, over real connections. */
class EtcdPortTest {
  private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);
  private static final int MAX_MESSAGE_BYTES = 10_000;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int SETTINGS = 4;
  private static final String VERSION = "{\"etcdserver\":\"3.4.9\",\"etcdcluster\":\"3.4.0\"}";

  private final EchoServices services = new EchoServices();
  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final BlockingQueue<HttpRequestHead> scrapes = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> mayAnswer = new CompletableFuture<>();
  private EtcdPort port;

  @BeforeEach
  void open() throws IOException {
    port = EtcdPort.open(ANY_PORT, offer());
  }

  private EtcdOffer offer() {
    return new EtcdOffer(
        services.all(),
        List.of(services.interceptor()),
        MAX_MESSAGE_BYTES,
        () -> "3.4.9",
        () -> "3.4.0",
        healthy::get,
        List.of(new HttpRoute("/metrics", false, this::metrics)));
  }

  private HttpAnswer metrics(HttpRequestHead head) {
    scrapes.add(head);
    assertThat(mayAnswer.join()).isTrue();
    return HttpAnswer.of(200, "text/plain; version=0.0.4", ByteString.copyFromUtf8("metric 1\n"));
  }

  @AfterEach
  void close() {
    port.close();
  }

  @Test
  void grpcAndJsonShareThePort() throws Exception {
    ManagedChannel channel = channel();
    try (var wire = new HttpWire(port.port())) {
      var request =
          RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("foo")).build();
      wire.post("/v3/kv/range", "{\"key\":\"Zm9v\"}");

      var byGrpc = KVGrpc.newBlockingStub(channel).range(request);

      assertThat(GatewayJson.of(byGrpc)).isEqualTo(wire.readReply().body());
      assertThat(services.seen).hasSize(2);
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", port.port())
        .usePlaintext()
        .build();
  }

  @Test
  void thePrefaceMayComeByteByByte() throws IOException {
    try (var wire = new HttpWire(port.port())) {
      for (byte octet : PREFACE) {
        wire.send(new byte[] {octet});
      }
      wire.send(EMPTY_SETTINGS);

      assertThat(wire.readBytes(4)[3]).isEqualTo((byte) SETTINGS);
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws IOException {
    try (var wire = new HttpWire(port.port())) {
      for (char c : "PUT /version HTTP/1.1\r\nHost: a\r\n\r\n".toCharArray()) {
        wire.send(String.valueOf(c));
      }

      assertThat(wire.readReply().status()).isEqualTo(405);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
        "\u0016\u0003\u0001 no TLS here\r\n\r\n",
        "GET /version HTTP/1.1\r\n\r\n"
      })
  void whatIsNeitherIsRefused(String garbage) throws IOException {
    try (var wire = new HttpWire(port.port())) {
      wire.send(garbage);

      assertThat(wire.readRest()).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }
  }

  @Test
  void aConnectionIsKeptAndRequestsInOneGoAreAnsweredInOrder() throws IOException {
    try (var wire = new HttpWire(port.port())) {
      String version = "GET /version HTTP/1.1\r\nHost: a\r\n\r\n";
      String body = "{\"key\":\"Zm9v\"}";
      wire.send(version
          + "POST /v3/kv/range HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length()
          + "\r\n\r\n" + body + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n" + version);

      assertThat(wire.readReply().body()).isEqualTo(VERSION);
      assertThat(wire.readReply().body()).contains("\"Zm9v\"");
      assertThat(wire.readReply().body()).isEqualTo("{\"health\":\"true\"}");
      assertThat(wire.readReply().body()).isEqualTo(VERSION);
      wire.send(version);
      assertThat(wire.readReply().body()).isEqualTo(VERSION);
    }
  }

  @Test
  void muchThatWaitsBehindALongCallIsAnsweredInTheEnd() throws Exception {
    try (var wire = new HttpWire(port.port())) {
      wire.post("/v3/lock/lock", "{}");
      var held = services.locks.take();
      int many = 2_000;
      wire.send("GET /version HTTP/1.1\r\nHost: a\r\n\r\n".repeat(many));
      held.onNext(LockResponse.getDefaultInstance());
      held.onCompleted();

      assertThat(wire.readReply().body()).isEqualTo("{}");
      for (int i = 0; i < many; i++) {
        assertThat(wire.readReply().body()).isEqualTo(VERSION);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /version HTTP/1.0\r\n\r\n"
      })
  void aConnectionEndsWhereTheClientWantsItTo(String request) throws IOException {
    try (var wire = new HttpWire(port.port())) {
      wire.send(request);

      assertThat(wire.readReply().body()).isEqualTo(VERSION);
      assertThat(wire.isAtEnd()).isTrue();
    }
  }

  @Test
  void healthIsWhatTheNodeSays() throws IOException {
    healthy.set(false);
    try (var wire = new HttpWire(port.port())) {
      wire.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");

      Reply reply = wire.readReply();

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).isEqualTo("{\"health\":\"false\"}");
    }
  }

  @Test
  void metricsAreReadWhereThoseOfEtcdWere() throws Exception {
    mayAnswer.complete(true);
    try (var wire = new HttpWire(port.port())) {
      wire.send("GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: text/*\r\n\r\n");
      wire.send("GET /version HTTP/1.1\r\nHost: a\r\n\r\n");

      Reply reply = wire.readReply();

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.headers()).containsEntry("content-type", "text/plain; version=0.0.4");
      assertThat(reply.body()).isEqualTo("metric 1\n");
      assertThat(wire.readReply().body()).as("in its turn").isEqualTo(VERSION);
      assertThat(scrapes.take().headers()).containsEntry("accept", "text/*");
    }
  }

  @Test
  void whoReadsMetricsWhileManyDoIsToldToTryAgain() throws Exception {
    try (var one = new HttpWire(port.port());
        var other = new HttpWire(port.port());
        var late = new HttpWire(port.port())) {
      for (HttpWire wire : List.of(one, other)) {
        wire.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
        scrapes.take();
      }
      late.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");

      Reply refused = late.readReply();

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "1");
      mayAnswer.complete(true);
      assertThat(one.readReply().status()).isEqualTo(200);
      assertThat(other.readReply().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/version", "/health", "/metrics"})
  void versionHealthAndMetricsAreForGet(String path) throws IOException {
    try (var wire = new HttpWire(port.port())) {
      wire.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");

      Reply reply = wire.readReply(false);

      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.headers())
          .containsEntry("allow", "GET")
          .containsEntry("content-length", "19");
      wire.send("GET /version HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(wire.readReply().body()).isEqualTo(VERSION);
    }
  }

  @Test
  void aBodyIsAskedForWhereTheClientWaits() throws IOException {
    try (var wire = new HttpWire(port.port())) {
      wire.send("POST /v3/kv/range HTTP/1.1\r\nHost: a\r\n");
      wire.send("Expect: 100-continue\r\nContent-Length: 14\r\n\r\n");
      assertThat(wire.readHead()).containsEntry("", "100");
      wire.send("{\"key\":\"Zm9v\"}");

      assertThat(wire.readReply().status()).isEqualTo(200);
    }
  }

  @Test
  void longHeadersAreRefused() throws IOException {
    try (var wire = new HttpWire(port.port())) {
      wire.send("GET /version HTTP/1.1\r\nHost: a\r\nX: "
          + "y".repeat(HttpConnections.MAX_HEADER_BYTES) + "\r\n\r\n");

      assertThat(wire.readHead()).containsEntry("", "431");
    }
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedByBothProtocols() throws Exception {
    var value = ByteString.copyFrom(new byte[MAX_MESSAGE_BYTES + 1]);
    var request = PutRequest.newBuilder().setValue(value).build();
    ManagedChannel channel = channel();
    try (var wire = new HttpWire(port.port())) {
      wire.post("/v3/kv/put", GatewayJson.of(request));

      Reply reply = wire.readReply();

      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.body())
          .contains("grpc: received message larger than max (" + request.getSerializedSize()
              + " vs. " + MAX_MESSAGE_BYTES + ")")
          .endsWith(",\"code\":8}");
      assertThatThrownBy(() -> KVGrpc.newBlockingStub(channel).put(request))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
      wire.post("/v3/kv/put", "{\"value\":\"YQ==\"}");
      assertThat(wire.readReply().body()).isEqualTo("{\"prev_kv\":{\"value\":\"YQ==\"}}");
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
    try (var wire = new HttpWire(port.port())) {
      wire.post("/v3/kv/put", "{\"value\":\"" + "A".repeat(100_000) + "\"}");

      Reply reply = wire.readReply();

      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.body()).contains("etcdserver: request is too large");
    }
  }

  @Test
  void aCallEndsWithItsClient() throws Exception {
    try (var wire = new HttpWire(port.port())) {
      wire.post("/v3/lock/lock", "{}");
      services.locks.take();
    }

    assertThat(services.cancelled.poll(20, TimeUnit.SECONDS)).isEqualTo("lock");
  }

  @Test
  void closingEndsAllConnections() throws Exception {
    try (var idle = new HttpWire(port.port());
        var silent = new HttpWire(port.port());
        var calling = new HttpWire(port.port())) {
      idle.send("GET /version HTTP/1.1\r\nHost: a\r\n\r\n");
      idle.readReply();
      calling.post("/v3/lock/lock", "{}");
      services.locks.take();

      port.close();

      assertThat(calling.readReply().status()).isEqualTo(503);
      assertThat(calling.isAtEnd()).isTrue();
      assertThat(idle.isAtEnd()).isTrue();
      assertThat(silent.isAtEnd()).isTrue();
    }
  }

  @Test
  void aPortThatIsTakenIsTold() {
    var taken = new Endpoint("127.0.0.1", port.port());

    assertThatThrownBy(() -> EtcdPort.open(taken, offer())).isInstanceOf(IOException.class);
  }
}
