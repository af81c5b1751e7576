package io.syncline.server.etcd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.etcd.http.EchoServices.OpenWatch;
import io.syncline.server.etcd.http.HttpWire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of JSON lines over HTTP. */
class GatewayStreamTest {
  private static final String CREATE = "{\"create_request\":{\"key\":\"Zm9v\"}}";

  private final EchoServices services = new EchoServices();
  private EtcdPort port;
  private HttpWire wire;

  @BeforeEach
  void open() throws IOException {
    port = EtcdPort.open(
        new Endpoint("127.0.0.1", 0),
        new EtcdOffer(
            services.all(),
            List.of(services.interceptor()),
            1 << 20,
            () -> "3.4.0",
            () -> "3.4.0",
            () -> true,
            List.of()));
    wire = new HttpWire(port.port(), 8 << 10);
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
    port.close();
  }

  private OpenWatch watch(String body) throws Exception {
    wire.post("/v3/watch", body);
    return services.watches.take();
  }

  private static WatchResponse event(long revision, String value) {
    return WatchResponse.newBuilder()
        .addEvents(Event.newBuilder()
            .setKv(KeyValue.newBuilder()
                .setModRevision(revision)
                .setValue(ByteString.copyFromUtf8(value))))
        .build();
  }

  @Test
  void eachMessageIsALineAndAChunkOfItsOwn() throws Exception {
    OpenWatch watch = watch(CREATE);
    watch.answers().onNext(WatchResponse.newBuilder().setCreated(true).build());
    watch.answers().onNext(event(3, "a"));
    watch.answers().onNext(event(4, "b"));

    assertThat(wire.readHead())
        .containsEntry("", "200")
        .containsEntry("content-type", "application/json")
        .containsEntry("transfer-encoding", "chunked");
    assertThat(wire.readChunk()).isEqualTo("{\"result\":{\"created\":true}}\n");
    assertThat(wire.readChunk())
        .isEqualTo(
            "{\"result\":{\"events\":[{\"kv\":{\"mod_revision\":\"3\",\"value\":\"YQ==\"}}]}}\n");
    assertThat(wire.readChunk()).contains("\"Yg==\"").endsWith("\n");
  }

  @Test
  void progressAloneHasAnEmptyArrayOfEvents() throws Exception {
    OpenWatch watch = watch(CREATE);
    var header = ResponseHeader.newBuilder().setRevision(9);
    watch.answers().onNext(WatchResponse.newBuilder().setCreated(true).build());
    watch.answers().onNext(WatchResponse.newBuilder().setHeader(header).build());
    watch.answers().onNext(WatchResponse.getDefaultInstance());
    watch.answers().onNext(WatchResponse.newBuilder().setCanceled(true).build());

    wire.readHead();
    assertThat(wire.readChunk()).isEqualTo("{\"result\":{\"created\":true}}\n");
    assertThat(wire.readChunk())
        .isEqualTo("{\"result\":{\"header\":{\"revision\":\"9\"},\"events\":[]}}\n");
    assertThat(wire.readChunk()).isEqualTo("{\"result\":{\"events\":[]}}\n");
    assertThat(wire.readChunk()).isEqualTo("{\"result\":{\"canceled\":true}}\n");
  }

  @Test
  void watchesAskForProgressAndSayHowOften() throws Exception {
    OpenWatch watch = watch(CREATE);

    assertThat(watch.requests().take().getCreateRequest().getProgressNotify()).isTrue();
    assertThat(services.seen.take().get(GatewayRoute.PROGRESS_INTERVAL_MS)).isEqualTo("30000");
  }

  @Test
  void aBodyMayCarrySeveralMessagesAndEndsTheClientsSideOnly() throws Exception {
    OpenWatch watch = watch(CREATE + CREATE + "\n{\"cancel_request\":{\"watch_id\":1}} ");

    assertThat(watch.requests().take().hasCreateRequest()).isTrue();
    assertThat(watch.requests().take().hasCreateRequest()).isTrue();
    assertThat(watch.requests().take().getCancelRequest().getWatchId()).isEqualTo(1);
    assertThat(watch.requests().take()).isSameAs(OpenWatch.END);
    watch.answers().onNext(event(1, "a"));
    wire.readHead();
    assertThat(wire.readChunk()).contains("YQ==");
  }

  @Test
  void messagesMayComeWhileTheStreamIsOpen() throws Exception {
    wire.postChunked("/v3/watch");
    wire.sendChunk(CREATE.substring(0, 9));
    wire.sendChunk(CREATE.substring(9));
    OpenWatch watch = services.watches.take();
    watch.answers().onNext(WatchResponse.newBuilder().setCreated(true).build());
    wire.readHead();
    wire.readChunk();
    assertThat(watch.requests().take().hasCreateRequest()).isTrue();

    wire.sendChunk("{\"progress_request\":{}}");

    assertThat(watch.requests().take().hasProgressRequest()).isTrue();
    wire.endChunks();
    assertThat(watch.requests().take()).isSameAs(OpenWatch.END);
  }

  @Test
  void aBrokenMessageBehindGoodOnesEndsTheClientsSide() throws Exception {
    OpenWatch watch = watch(CREATE + " {bad");

    assertThat(watch.requests().take().hasCreateRequest()).isTrue();
    assertThat(watch.requests().take()).isSameAs(OpenWatch.END);
  }

  @Test
  void aStreamThatEndsLeavesTheConnection() throws Exception {
    OpenWatch watch = watch("");
    assertThat(watch.requests().take()).isSameAs(OpenWatch.END);
    watch.answers().onCompleted();

    Reply reply = wire.readReply();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
    wire.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(wire.readReply().body()).isEqualTo("{\"health\":\"true\"}");
  }

  @Test
  void aStreamEndsWhenTheServiceHasAnsweredAll() throws Exception {
    wire.post("/v3/lease/keepalive", "{\"ID\":7}{\"ID\":\"-8\"}");

    Reply reply = wire.readReply();

    assertThat(reply.body())
        .isEqualTo("{\"result\":{\"ID\":\"7\"}}\n{\"result\":{\"ID\":\"-8\"}}\n");
  }

  @Test
  void anErrorBeforeTheFirstMessageHasItsStatus() throws Exception {
    OpenWatch watch = watch(CREATE);
    watch.answers().onError(Status.UNAVAILABLE.withDescription("no <leader>").asException());

    Reply reply = wire.readReply();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body())
        .isEqualTo("{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"no"
            + " \\u003cleader\\u003e\",\"http_status\":\"Service Unavailable\"}}\n");
  }

  @Test
  void anErrorInTheMiddleIsTheLastLine() throws IOException {
    wire.post("/v3/maintenance/snapshot", "{}");

    Reply reply = wire.readReply();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .isEqualTo("{\"result\":{\"remaining_bytes\":\"1\"}}\n"
            + "{\"error\":{\"grpc_code\":14,\"http_code\":503,"
            + "\"message\":\"no more\",\"http_status\":\"Service Unavailable\"}}\n");
  }

  @Test
  void closingThePortIsTheLastLine() throws Exception {
    OpenWatch watch = watch(CREATE);
    watch.answers().onNext(WatchResponse.newBuilder().setCreated(true).build());
    wire.readHead();
    wire.readChunk();

    port.close();

    assertThat(wire.readChunk()).startsWith("{\"error\":{\"grpc_code\":14,\"http_code\":503,");
  }

  @Test
  void aStreamEndsWithItsClient() throws Exception {
    OpenWatch watch = watch(CREATE);
    watch.answers().onNext(WatchResponse.newBuilder().setCreated(true).build());
    wire.readHead();

    wire.close();

    assertThat(services.cancelled.poll(20, TimeUnit.SECONDS)).isEqualTo("watch");
  }

  @Test
  void clientsOfHttp10GetLinesWithoutChunks() throws Exception {
    wire.send(
        "POST /v3/watch HTTP/1.0\r\nContent-Length: " + CREATE.length() + "\r\n\r\n" + CREATE);
    OpenWatch watch = services.watches.take();
    watch.answers().onNext(WatchResponse.newBuilder().setCreated(true).build());
    watch.answers().onCompleted();

    assertThat(wire.readHead()).doesNotContainKey("transfer-encoding");
    assertThat(wire.readRest()).isEqualTo("{\"result\":{\"created\":true}}\n");
  }

  @Test
  void aServiceSendsNoMoreThanASlowReaderTakes() throws Exception {
    int total = 400;
    String value = "x".repeat(64 << 10);
    OpenWatch watch = watch(CREATE);
    var answers = watch.answers();
    int sent = 0;
    soon().until(answers::isReady);
    while (sent < total && isReadySoon(answers)) {
      answers.onNext(event(sent, value));
      sent++;
    }
    assertThat(sent).isBetween(1, total - 1);

    wire.readHead();
    for (int i = 0; i < total; i++) {
      if (i == sent) {
        soon().until(answers::isReady);
        answers.onNext(event(sent, value));
        sent++;
      }
      assertThat(wire.readChunk()).contains(i == 0 ? "\"kv\"" : "\"mod_revision\":\"" + i + "\"");
    }
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
  }

  /** Whether the gateway asks for more in the time that it needs to write one message. */
  private static boolean isReadySoon(ServerCallStreamObserver<?> answers) {
    try {
      soon().atMost(1, TimeUnit.SECONDS).until(answers::isReady);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  @Test
  void allOfManyRequestsArrive() throws Exception {
    wire.postChunked("/v3/watch");
    for (int i = 0; i < 1_000; i++) {
      wire.sendChunk(CREATE);
    }
    wire.endChunks();
    OpenWatch watch = services.watches.take();

    for (int i = 0; i < 1_000; i++) {
      assertThat(watch.requests().take()).isNotSameAs(OpenWatch.END);
    }
    assertThat(watch.requests().take()).isEqualTo(WatchRequest.getDefaultInstance());
  }
}
