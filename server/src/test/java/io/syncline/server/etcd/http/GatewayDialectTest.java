package io.syncline.server.etcd.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.syncline.model.Endpoint;
import io.syncline.server.etcd.http.HttpWire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** That the gateway reads, writes and refuses JSON as etcd's does. */
class GatewayDialectTest {
  private static final String ANSWERS = "/etcd/gateway-answers.txt";

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
    wire = new HttpWire(port.port());
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
    port.close();
  }

  /** A request and what etcd was recorded to answer. */
  record Recorded(String path, int status, String body, String answer) {
    static Recorded parse(String line) {
      String[] parts = line.split("\t", -1);
      return new Recorded(parts[0], Integer.parseInt(parts[1]), parts[2], parts[3]);
    }
  }

  static List<Recorded> recorded() throws IOException {
    try (var in = GatewayDialectTest.class.getResourceAsStream(ANSWERS)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Recorded::parse)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void answersAsEtcd(Recorded recorded) throws IOException {
    wire.post(recorded.path(), recorded.body());

    Reply reply = wire.readReply();

    assertThat(reply.status()).isEqualTo(recorded.status());
    if (!recorded.answer().equals("-")) {
      assertThat(reply.body().stripTrailing()).isEqualTo(recorded.answer());
    }
    if (recorded.answer().startsWith("{")) {
      assertThat(reply.headers()).containsEntry("content-type", "application/json");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED, 408, 1",
    "UNKNOWN, 500, 2",
    "INVALID_ARGUMENT, 400, 3",
    "DEADLINE_EXCEEDED, 504, 4",
    "NOT_FOUND, 404, 5",
    "ALREADY_EXISTS, 409, 6",
    "PERMISSION_DENIED, 403, 7",
    "RESOURCE_EXHAUSTED, 429, 8",
    "FAILED_PRECONDITION, 412, 9",
    "ABORTED, 409, 10",
    "OUT_OF_RANGE, 400, 11",
    "UNIMPLEMENTED, 501, 12",
    "INTERNAL, 500, 13",
    "UNAVAILABLE, 503, 14",
    "DATA_LOSS, 500, 15",
    "UNAUTHENTICATED, 401, 16"
  })
  void aServicesRefusalHasItsStatus(String code, int status, int number) throws IOException {
    String key = Base64Text.encode(ByteString.copyFromUtf8("fail/" + code));
    wire.post("/v3/kv/range", "{\"key\":\"" + key + "\"}");

    Reply reply = wire.readReply();

    String text = code.equals("DEADLINE_EXCEEDED")
        ? "\"context deadline exceeded\""
        : "\"because \\u003cof\\u003e \\\"it\\\"\"";
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body())
        .isEqualTo("{\"error\":" + text + ",\"message\":" + text + ",\"code\":" + number + "}");
  }

  @Test
  void writesNumbersOf64BitsInQuotesAndLeavesZerosOut() throws IOException {
    wire.post("/v3/kv/range", "{\"key\":\"Zm9v\",\"limit\":5,\"sortOrder\":\"DESCEND\"}");

    Reply reply = wire.readReply();

    assertThat(reply.body())
        .isEqualTo("{\"header\":{\"cluster_id\":\"18446744073709551615\",\"revision\":\"7\"},"
            + "\"kvs\":[{\"key\":\"Zm9v\",\"version\":\"2\",\"lease\":\"5\"}]}");
    assertThat(reply.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("grpc-metadata-content-type", "application/grpc")
        .containsEntry("access-control-allow-origin", "*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'request_put':{}}|REQUEST_PUT",
        "{'requestRange':{'key':'YQ=='}}|REQUEST_RANGE",
        "{'request_put':null}|REQUEST_NOT_SET",
        "{}|REQUEST_NOT_SET",
        "null|REQUEST_NOT_SET"
      })
  void readsAlternatives(String operation, String expected) throws Exception {
    wire.post("/v3/kv/txn", "{\"success\":[" + operation.replace('\'', '"') + "]}");

    assertThat(wire.readReply().status()).isEqualTo(200);
    assertThat(services.transactions.take().getSuccess(0).getRequestCase()).hasToString(expected);
  }

  @Test
  void handsOnTokenAndMetadata() throws Exception {
    wire.post(
        "/v3/kv/range",
        "Authorization: abc.1\r\nGrpc-Metadata-Token: t\r\nX-Forwarded-For: 10.0.0.9\r\n",
        "{}");
    wire.readReply();

    var metadata = services.seen.take();

    assertThat(Map.of(
            "authorization", text(metadata, "authorization"),
            "grpcgateway-authorization", text(metadata, "grpcgateway-authorization"),
            "token", text(metadata, "token"),
            "x-forwarded-for", text(metadata, "x-forwarded-for")))
        .isEqualTo(Map.of(
            "authorization", "abc.1",
            "grpcgateway-authorization", "abc.1",
            "token", "t",
            "x-forwarded-for", "10.0.0.9, 127.0.0.1"));
  }

  private static String text(Metadata metadata, String name) {
    return String.valueOf(metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  @Test
  void whatIsNestedTooDeeplyIsRefused() throws IOException {
    wire.post("/v3/kv/range", "{\"x\":" + "[".repeat(JsonScanner.MAX_DEPTH));

    assertThat(wire.readReply().body()).contains("\"exceeded max depth\"");
  }

  @Test
  void aStatedTimeoutIsKept() throws IOException {
    wire.post("/v3/lock/lock", "Grpc-Timeout: 1m\r\n", "{}");
    Reply late = wire.readReply();
    wire.post("/v3/lock/lock", "Grpc-Timeout: foo\r\n", "{}");
    Reply wrong = wire.readReply();

    assertThat(late.status()).isEqualTo(504);
    assertThat(late.body())
        .isEqualTo("{\"error\":\"context deadline exceeded\","
            + "\"message\":\"context deadline exceeded\",\"code\":4}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body())
        .isEqualTo("{\"error\":\"invalid grpc-timeout: foo\","
            + "\"message\":\"invalid grpc-timeout: foo\",\"code\":3}");
  }

  @ParameterizedTest
  @CsvSource({"GET,/v3/kv/range", "PUT,/v3/kv/range", "DELETE,/v3/watch", "BREW,/v3/kv/put"})
  void otherMethodsThanPostAreRefused(String method, String path) throws IOException {
    wire.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");

    Reply reply = wire.readReply();

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.body()).isEqualTo("Method Not Allowed\n");
    assertThat(reply.headers()).containsEntry("content-type", "text/plain; charset=utf-8");
  }

  @Test
  void optionsAreAllowedEverywhere() throws IOException {
    wire.send("OPTIONS /v3/kv/range HTTP/1.1\r\nHost: a\r\n\r\n");

    Reply reply = wire.readReply();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.headers())
        .containsEntry("access-control-allow-headers", "accept, content-type, authorization")
        .containsEntry("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE")
        .containsEntry("access-control-allow-origin", "*");
  }
}
