package io.syncline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.CommandId;
import io.syncline.proto.api.v1.CompactRequest;
import io.syncline.proto.api.v1.Consistency;
import io.syncline.proto.api.v1.CreateNamespaceRequest;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.HistoryRequest;
import io.syncline.proto.api.v1.ListRequest;
import io.syncline.proto.api.v1.Precondition;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.ReplaceVoterRequest;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.TransactRequest.DeleteAction;
import io.syncline.proto.api.v1.TransactRequest.Operation;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.WatchRequest;
import io.syncline.proto.api.v1.WatchResponse;
import io.syncline.proto.api.v1.WriteContext;
import io.syncline.proto.api.v1.WriteResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What three voters say to requests they cannot serve; they go on afterwards. */
class BadInputTest {
  /** Revisions 1 to 3: three versions of the key; the horizon is 2. */
  private static final ByteString KEY = utf8("key");

  @TempDir
  static Path root;

  private static LocalCluster cluster;

  private String leader = "";

  @BeforeAll
  static void start() {
    // with patience for a loaded machine: who leads shall not change in between
    cluster = new LocalCluster(root, 3, builder -> builder.electionTimeout(Duration.ofSeconds(3)));
    cluster.startAll();
    String leader = cluster.awaitLeader();
    for (int i = 1; i <= 3; i++) {
      cluster.put(leader, "key", "content " + i);
    }
    var unused = cluster
        .cluster(leader)
        .compact(
            CompactRequest.newBuilder().setNamespace("default").setRevision(2).build());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Whatever was refused: nothing was half done, and the next write is taken. */
  @AfterEach
  void theClusterGoesOn() {
    leader = cluster.awaitLeader();
    WriteResponse first = cluster.put(leader, "going on", "x" + System.nanoTime());
    WriteResponse second = cluster.put(leader, "going on", "y" + System.nanoTime());
    assertThat(second.getHeader().getRevision()).isEqualTo(first.getHeader().getRevision() + 1);
    assertThat(cluster.faults()).isEmpty();
  }

  private interface Asking {
    void ask(String leader);
  }

  private record Bad(String what, Asking asking, Reason reason, List<String> said) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Bad bad(String what, Reason reason, Asking asking, String... said) {
    return new Bad(what, asking, reason, List.of(said));
  }

  static Stream<Bad> badWrites() {
    return Stream.of(
        bad(
            "an empty key",
            Reason.BAD_ARGUMENT,
            put(write().setKey(ByteString.EMPTY)),
            "key: 0 bytes",
            "4096"),
        bad(
            "a key of 5 KiB",
            Reason.TOO_LARGE,
            put(write().setKey(utf8("k".repeat(5120)))),
            "key: 5120 bytes",
            "4096"),
        bad(
            "a content of 2 MiB",
            Reason.TOO_LARGE,
            put(write().setContent(utf8("x".repeat(2 << 20)))),
            "content: 2097152 bytes",
            "1048576"),
        bad(
            "an unknown namespace",
            Reason.NAMESPACE_NOT_FOUND,
            put(write().setNamespace("none")),
            "\"none\""),
        bad(
            "a malformed namespace",
            Reason.BAD_ARGUMENT,
            put(write().setNamespace("Not a name")),
            "\"Not a name\"",
            "1 to 63"),
        bad("no namespace", Reason.BAD_ARGUMENT, put(write().setNamespace("")), "\"\""),
        bad(
            "a reason of 1,025 characters",
            Reason.BAD_ARGUMENT,
            put(write().setContext(WriteContext.newBuilder().setReason("r".repeat(1025)))),
            "reason: 1025 characters",
            "1024"),
        bad(
            "a content type of 129 characters",
            Reason.BAD_ARGUMENT,
            put(write().setContentType("t".repeat(129))),
            "content type: 129 characters",
            "128"),
        bad(
            "a client id of 3 bytes",
            Reason.BAD_ARGUMENT,
            put(write()
                .setContext(WriteContext.newBuilder()
                    .setCommandId(
                        CommandId.newBuilder().setClientId(utf8("abc")).setSequence(1)))),
            "3 bytes",
            "16 bytes"),
        bad(
            "a content that does not match its checksum",
            Reason.BAD_ARGUMENT,
            put(write().setChecksum(ByteString.copyFrom(new byte[32]))),
            "damaged on its way"),
        bad(
            "a checksum of 5 bytes",
            Reason.BAD_ARGUMENT,
            put(write().setChecksum(utf8("short"))),
            "5 bytes",
            "32"),
        bad(
            "a precondition that does not hold",
            Reason.PRECONDITION_FAILED,
            put(write().setPrecondition(Precondition.newBuilder().setAtVersion(1))),
            "version 3",
            "expected: version 1"),
        bad(
            "a precondition at revision -1",
            Reason.BAD_ARGUMENT,
            put(write().setPrecondition(Precondition.newBuilder().setAtRevision(-1))),
            "revision"),
        bad(
            "a rollback to version 0",
            Reason.BAD_ARGUMENT,
            rollback(0),
            "to_version: 0",
            "1 or more"),
        bad(
            "a rollback beyond the newest version",
            Reason.VERSION_NOT_FOUND,
            rollback(99),
            "version 99",
            "1 to 3"),
        bad("a rollback to a compacted version", Reason.COMPACTED, rollback(1), "version 1"),
        bad(
            "an undelete of a live key",
            Reason.WRONG_STATE,
            leader -> ignore(cluster
                .config(leader)
                .undelete(UndeleteRequest.newBuilder()
                    .setNamespace("default")
                    .setKey(KEY)
                    .build())),
            "not deleted"),
        bad(
            "a key twice in a transaction",
            Reason.BAD_ARGUMENT,
            transact(List.of(deleting("a"), deleting("b"), deleting("a"))),
            "then_operations",
            "\"a\" twice"),
        bad(
            "an operation that does nothing",
            Reason.BAD_ARGUMENT,
            transact(List.of(Operation.newBuilder().setKey(utf8("a")).build())),
            "\"a\"",
            "put or delete"),
        bad(
            "a transaction of 513 operations",
            Reason.TOO_MANY,
            transact(IntStream.range(0, 513).mapToObj(i -> deleting("key/" + i)).toList()),
            "513",
            "512"),
        bad(
            "a namespace that is there",
            Reason.NAMESPACE_EXISTS,
            leader -> ignore(cluster
                .namespaces(leader)
                .createNamespace(
                    CreateNamespaceRequest.newBuilder().setName("default").build())),
            "\"default\""),
        bad(
            "a compaction of the future",
            Reason.FUTURE_REVISION,
            leader -> ignore(cluster
                .cluster(leader)
                .compact(CompactRequest.newBuilder().setRevision(1_000_000).build())),
            "1000000"),
        bad(
            "a voter of a malformed address",
            Reason.BAD_ARGUMENT,
            leader -> ignore(cluster
                .cluster(leader)
                .replaceVoter(ReplaceVoterRequest.newBuilder()
                    .setVoter("v1")
                    .setEndpoint("nowhere")
                    .build())),
            "\"nowhere\""));
  }

  static Stream<Bad> badReads() {
    return Stream.of(
        bad("an empty key", Reason.BAD_ARGUMENT, get(read().setKey(ByteString.EMPTY)), "0 bytes"),
        bad(
            "a key of 5 KiB",
            Reason.TOO_LARGE,
            get(read().setKey(utf8("k".repeat(5120)))),
            "5120",
            "4096"),
        bad(
            "a key that is not",
            Reason.KEY_NOT_FOUND,
            get(read().setKey(utf8("none"))),
            "\"none\""),
        bad(
            "an unknown namespace",
            Reason.NAMESPACE_NOT_FOUND,
            get(read().setNamespace("none")),
            "\"none\""),
        bad("version 0", Reason.BAD_ARGUMENT, get(read().setVersion(0)), "version: 0", "1 or more"),
        bad("version 99", Reason.VERSION_NOT_FOUND, get(read().setVersion(99)), "99", "1 to 3"),
        bad("a compacted version", Reason.COMPACTED, get(read().setVersion(1)), "version 1"),
        bad(
            "a revision in the future",
            Reason.FUTURE_REVISION,
            get(read().setRevision(1_000_000)),
            "1000000"),
        bad(
            "a revision below the horizon",
            Reason.COMPACTED,
            get(read().setRevision(1)),
            "revision 1",
            "kept is 2"),
        bad("a time below the horizon", Reason.COMPACTED, get(read().setTimeMs(0)), "kept is 2"),
        bad(
            "revision 2^64-1",
            Reason.BAD_ARGUMENT,
            get(read().setRevision(-1)),
            "18446744073709551615"),
        bad(
            "a staleness of 2^64-1",
            Reason.BAD_ARGUMENT,
            get(read().setConsistency(Consistency.newBuilder().setMaxStalenessMs(-1))),
            "18446744073709551615"),
        bad(
            "a page of 10,001",
            Reason.BAD_ARGUMENT,
            list(ListRequest.newBuilder().setNamespace("default").setPageSize(10_001)),
            "page_size: 10001",
            "10000"),
        bad(
            "a page token of no page",
            Reason.BAD_ARGUMENT,
            list(ListRequest.newBuilder().setNamespace("default").setPageToken(utf8("nonsense"))),
            "page_token"),
        bad(
            "a page token of a list for a history",
            Reason.BAD_ARGUMENT,
            leader -> ignore(cluster
                .config(leader)
                .history(HistoryRequest.newBuilder()
                    .setNamespace("default")
                    .setKey(KEY)
                    .setPageToken(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 3, 65}))
                    .build())),
            "page_token"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"badWrites", "badReads"})
  void isRefusedByValueAndBound(Bad bad) {
    leader = cluster.awaitLeader();

    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> bad.asking().ask(leader));

    assertThat(error).as("an error").isNotNull();
    assertThat(error.getStatus().getCode()).isEqualTo(StatusCodec.code(bad.reason()));
    Rejection rejection = StatusCodec.fromStatus(error).orElseThrow();
    assertThat(rejection.reason()).isEqualTo(bad.reason());
    assertThat(rejection.message()).contains(bad.said());
  }

  @Test
  void aFailedPreconditionCarriesTheNewestVersionWithoutItsContent() {
    leader = cluster.awaitLeader();
    Rejection rejection = refusal(() ->
        put(write().setPrecondition(Precondition.newBuilder().setAbsent(true))).ask(leader));

    assertThat(rejection.current()).isNotNull().satisfies(current -> {
      assertThat(current.version().value()).isEqualTo(3);
      assertThat(current.content().isEmpty()).isTrue();
    });
  }

  @Test
  void aMalformedActorHeaderIsRefusedWithItsReason() {
    leader = cluster.awaitLeader();
    for (String header : List.of("%zz", "a".repeat(257))) {
      Rejection rejection = refusal(() -> ignore(cluster
          .config(leader)
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(actor(header)))
          .put(write().build())));

      assertThat(rejection.reason()).isEqualTo(Reason.BAD_ARGUMENT);
      assertThat(rejection.message()).contains("syncline-actor");
    }
  }

  @Test
  void theStatedActorIsWrittenIntoTheVersion() {
    leader = cluster.awaitLeader();

    WriteResponse written = cluster
        .config(leader)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(actor("j%C3%BCrgen")))
        .put(write().setKey(utf8("by whom")).build());

    assertThat(written.getVersions(0).getCreatedBy().getName()).isEqualTo("jürgen");
    assertThat(written.getVersions(0).getCreatedBy().getVerified()).isFalse();
  }

  @Test
  void aWriteToAVoterThatDoesNotLeadIsToldWhoDoes() {
    leader = cluster.awaitLeader();
    for (var voter : cluster.addresses()) {
      if (!voter.name().equals(leader)) {
        Rejection rejection = refusal(() -> put(write()).ask(voter.name()));

        assertThat(rejection.reason()).isEqualTo(Reason.NOT_LEADER);
        assertThat(rejection.leaderEndpoint())
            .isEqualTo(cluster.address(leader).client().toString());
      }
    }
  }

  @Test
  void aWatchBelowTheHorizonEndsWithTheNearestRevision() throws Exception {
    leader = cluster.awaitLeader();
    var ended = new CompletableFuture<Throwable>();

    cluster
        .watches(leader)
        .watch(
            WatchRequest.newBuilder()
                .setNamespace("default")
                .setStartRevision(1)
                .build(),
            new StreamObserver<>() {
              @Override
              public void onNext(WatchResponse response) {}

              @Override
              public void onError(Throwable error) {
                ended.complete(error);
              }

              @Override
              public void onCompleted() {
                ended.complete(new AssertionError("completed"));
              }
            });

    Throwable error = ended.get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Rejection rejection = StatusCodec.fromStatus(error).orElseThrow();
    assertThat(rejection.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(rejection.nearest()).isNotNull();
    assertThat(rejection.nearest().value()).isEqualTo(2);
  }

  @Test
  void healthIsServedByEveryVoter() {
    for (var voter : cluster.addresses()) {
      assertThat(HealthGrpc.newBlockingStub(cluster.config(voter.name()).getChannel())
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void reflectionNamesTheServices() throws Exception {
    leader = cluster.awaitLeader();
    var answer = new CompletableFuture<ServerReflectionResponse>();
    StreamObserver<ServerReflectionRequest> asking = ServerReflectionGrpc.newStub(
            cluster.config(leader).getChannel())
        .serverReflectionInfo(new StreamObserver<>() {
          @Override
          public void onNext(ServerReflectionResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }

          @Override
          public void onCompleted() {}
        });
    asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    ServerReflectionResponse response =
        answer.get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    asking.onCompleted();
    assertThat(response.getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains(
            "syncline.api.v1.ConfigService",
            "syncline.api.v1.WatchService",
            "syncline.api.v1.NamespaceService",
            "syncline.api.v1.ClusterService",
            "grpc.health.v1.Health");
  }

  @Test
  void aMessageBeyondEveryBoundIsRefusedByTheTransport() {
    leader = cluster.awaitLeader();

    StatusRuntimeException error = catchThrowableOfType(
        StatusRuntimeException.class,
        () -> put(write().setContent(ByteString.copyFrom(new byte[8 << 20]))).ask(leader));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  private static Rejection refusal(ThrowingCallable asking) {
    StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, asking);
    assertThat(error).as("an error").isNotNull();
    return StatusCodec.fromStatus(error)
        .orElseThrow(() -> new AssertionError("without a reason: " + error.getStatus(), error));
  }

  private static Metadata actor(String stated) {
    var headers = new Metadata();
    headers.put(Metadata.Key.of("syncline-actor", Metadata.ASCII_STRING_MARSHALLER), stated);
    return headers;
  }

  private static PutRequest.Builder write() {
    return PutRequest.newBuilder()
        .setNamespace("default")
        .setKey(KEY)
        .setContent(utf8("content 3"));
  }

  private static Asking put(PutRequest.Builder request) {
    return voter -> ignore(cluster.config(voter).put(request.build()));
  }

  private static Asking rollback(long toVersion) {
    return voter -> ignore(cluster
        .config(voter)
        .rollback(RollbackRequest.newBuilder()
            .setNamespace("default")
            .setKey(KEY)
            .setToVersion(toVersion)
            .build()));
  }

  private static Operation deleting(String key) {
    return Operation.newBuilder()
        .setKey(utf8(key))
        .setDelete(DeleteAction.getDefaultInstance())
        .build();
  }

  private static Asking transact(List<Operation> operations) {
    return voter -> ignore(cluster
        .config(voter)
        .transact(TransactRequest.newBuilder()
            .setNamespace("default")
            .addAllThenOperations(operations)
            .build()));
  }

  private static GetRequest.Builder read() {
    return GetRequest.newBuilder().setNamespace("default").setKey(KEY);
  }

  private static Asking get(GetRequest.Builder request) {
    return voter -> ignore(cluster.config(voter).get(request.build()));
  }

  private static Asking list(ListRequest.Builder request) {
    return voter -> ignore(cluster.config(voter).list(request.build()));
  }

  private static void ignore(Object answer) {
    assertThat(answer).isNotNull();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
