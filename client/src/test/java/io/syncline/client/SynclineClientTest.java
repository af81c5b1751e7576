package io.syncline.client;

import static io.syncline.client.Answers.CONTENT;
import static io.syncline.client.Answers.KEY;
import static io.syncline.client.Answers.TEAM;
import static io.syncline.client.Answers.header;
import static io.syncline.client.Answers.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.ClusterServiceGrpc;
import io.syncline.proto.api.v1.DiffRequest;
import io.syncline.proto.api.v1.DiffResponse;
import io.syncline.proto.api.v1.DigestRequest;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.GetNamespaceRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.HistoryResponse;
import io.syncline.proto.api.v1.ListNamespacesRequest;
import io.syncline.proto.api.v1.ListNamespacesResponse;
import io.syncline.proto.api.v1.ListRequest;
import io.syncline.proto.api.v1.ListResponse;
import io.syncline.proto.api.v1.NamespaceResponse;
import io.syncline.proto.api.v1.NamespaceServiceGrpc;
import io.syncline.proto.api.v1.StatusRequest;
import io.syncline.proto.api.v1.StatusResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SynclineClientTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final FakeConfig config = new FakeConfig();
  private final FakeVoter voter = FakeVoter.start(config, new FakeNamespaces(), new FakeCluster());
  private final SynclineClient client = builder().build();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(client, voter));

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private SynclineClient.Builder builder() {
    return SynclineClient.builder().endpoints(voter.endpoint().toString());
  }

  private SynclineClient opened(SynclineClient.Builder builder) {
    SynclineClient opening = builder.build();
    opened.add(0, opening);
    return opening;
  }

  @Test
  void aWriteTellsWhatItDid() {
    config.puts = new Script<>(Script.answers(Answers.committed(7, version("routes/api", 2, 7))));

    assertThat(client.put(TEAM, KEY, CONTENT))
        .isEqualTo(new WriteResult(
            new Revision(7), true, List.of(version("routes/api", 2, 7).withoutContent()), true));
  }

  @Test
  void aKeyIsReadNow() {
    config.gets = new Script<>(Script.answers(GetResponse.newBuilder()
        .setVersion(ApiCodec.toProto(version("routes/api", 2, 7)))
        .build()));

    assertThat(client.get(TEAM, KEY)).contains(version("routes/api", 2, 7));

    assertThat(config.gets.requests().get(0).getConsistency().getLinearizable()).isTrue();
  }

  @Test
  void aKeyThatIsNotThereIsNoErrorUnlessAskedForAtSomePoint() {
    config.gets = new Script<>(Script.refuses(Rejection.keyNotFound(TEAM, KEY)));

    assertThat(client.get(TEAM, KEY)).isEmpty();
    assertThatThrownBy(() -> client.get(TEAM, KEY, ReadAt.NOW, Consistency.LINEARIZABLE))
        .isInstanceOf(RejectedException.class);
  }

  @Test
  void aKeyInANamespaceThatIsNotThereIsAnError() {
    config.gets = new Script<>(Script.refuses(Rejection.namespaceNotFound("team")));

    assertThatThrownBy(() -> client.get(TEAM, KEY)).isInstanceOf(RejectedException.class);
  }

  @Test
  void aKeyIsReadAtAVersionARevisionOrATime() {
    config.gets = new Script<>(Script.answers(GetResponse.newBuilder()
        .setVersion(ApiCodec.toProto(version("routes/api", 2, 7)))
        .build()));

    client.get(TEAM, KEY, new ReadAt.AtVersion(new Version(2)), Consistency.ANY);
    client.get(
        TEAM,
        KEY,
        new ReadAt.AtRevision(new Revision(7)),
        new Consistency.AtLeast(new Revision(9)));
    client.get(
        TEAM,
        KEY,
        new ReadAt.AtTime(Instant.ofEpochMilli(5)),
        new Consistency.Stale(Duration.ofSeconds(3)));

    var requests = config.gets.requests();
    assertThat(requests.get(0).getVersion()).isEqualTo(2);
    assertThat(requests.get(1).getRevision()).isEqualTo(7);
    assertThat(requests.get(1).getConsistency().getAtLeastRevision()).isEqualTo(9);
    assertThat(requests.get(2).getTimeMs()).isEqualTo(5);
    assertThat(requests.get(2).getConsistency().getMaxStalenessMs()).isEqualTo(3000);
  }

  @Test
  void aListIsReadPageByPage() {
    config.lists = new Script<>(Script.computes(SynclineClientTest::page));
    var query = ListQuery.of(TEAM).withPageSize(2).withAt(new ReadAt.AtRevision(new Revision(9)));

    Page<?> first = client.list(query);
    assertThat(first.items()).isEqualTo(List.of(version("a", 1, 1), version("b", 1, 2)));
    assertThat(first.revision()).isEqualTo(new Revision(9));
    assertThat(first.isLast()).isFalse();

    assertThat(client.listAll(query).map(v -> v.key().toString())).containsExactly("a", "b", "c");
    assertThat(config.lists.requests())
        .allMatch(request -> request.getPageSize() == 2 && request.getRevision() == 9);
  }

  /** Two keys, then a page with none (which is not the end yet), then one key. */
  private static ListResponse page(ListRequest request) {
    var answer = ListResponse.newBuilder().setHeader(header(9));
    switch (request.getPageToken().toStringUtf8()) {
      case "" ->
        answer
            .addVersions(ApiCodec.toProto(version("a", 1, 1)))
            .addVersions(ApiCodec.toProto(version("b", 1, 2)))
            .setNextPageToken(ByteString.copyFromUtf8("second"));
      case "second" -> answer.setNextPageToken(ByteString.copyFromUtf8("third"));
      case "third" -> answer.addVersions(ApiCodec.toProto(version("c", 1, 3)));
      default -> throw new IllegalArgumentException(request.toString());
    }
    return answer.build();
  }

  @Test
  void pagesAreFetchedOnlyAsTheStreamIsConsumed() {
    config.lists = new Script<>(Script.computes(SynclineClientTest::page));

    assertThat(client.listAll(ListQuery.of(TEAM)).limit(2)).hasSize(2);

    assertThat(config.lists.requests()).hasSize(1);
  }

  @Test
  void aHistoryIsReadPageByPageAndTellsWhetherItIsWhole() {
    config.histories = new Script<>(Script.computes(
        request -> request.getPageToken().isEmpty()
            ? HistoryResponse.newBuilder()
                .setHeader(header(9))
                .addVersions(ApiCodec.toProto(version("routes/api", 3, 9)))
                .setNextPageToken(ByteString.copyFromUtf8("more"))
                .setTruncated(true)
                .build()
            : HistoryResponse.newBuilder()
                .addVersions(ApiCodec.toProto(version("routes/api", 2, 5)))
                .build()));
    var query = HistoryQuery.of(TEAM, KEY).withNewestFirst(true);

    assertThat(client.history(query).truncated()).isTrue();
    assertThat(client.historyAll(query).map(v -> v.version().value())).containsExactly(3L, 2L);
    assertThat(config.histories.requests()).allMatch(request -> request.getNewestFirst());
  }

  @Test
  void twoVersionsAreCompared() {
    config.diffs = new Script<>(Script.answers(DiffResponse.newBuilder()
        .setFrom(ApiCodec.toProto(version("routes/api", 1, 1)))
        .setTo(ApiCodec.toProto(version("routes/api", 2, 7)))
        .setContentDiffers(true)
        .setUnifiedDiff("-secret")
        .build()));

    Difference difference =
        client.diff(TEAM, KEY, new Version(1), Version.NONE, 5, Consistency.LINEARIZABLE);

    assertThat(difference.unifiedDiff()).isEqualTo("-secret");
    assertThat(difference.contentDiffers()).isTrue();
    assertThat(difference.to()).isEqualTo(version("routes/api", 2, 7));
    assertThat(difference.toString()).doesNotContain("secret");
    DiffRequest request = config.diffs.requests().get(0);
    assertThat(request.getFromVersion()).isEqualTo(1);
    assertThat(request.getToVersion()).isZero();
    assertThat(request.getContextLines()).isEqualTo(5);
  }

  @Test
  void namespacesAreReadOneByOneOrAll() {
    var expected = ApiCodec.toDomain(Answers.namespace());

    assertThat(client.namespace(TEAM)).isEqualTo(expected);
    assertThat(client.namespaces()).containsExactly(expected);
  }

  @Test
  void aVoterIsInspectedWhereItIsAndNowhereElse() {
    Endpoint nowhere = FakeVoter.nowhere();

    assertThat(client.status(voter.endpoint()).getBuild()).isEqualTo("fake");
    assertThat(client.digest(voter.endpoint(), Optional.of(TEAM), true).getNamespacesCount())
        .isEqualTo(1);
    assertThatThrownBy(() -> client.status(nowhere)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> client.digest(nowhere, Optional.empty(), false))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("after 1 attempt ");
  }

  @Test
  void aVoterThatIsBackIsConnectedToWithoutWaitingForGrpcToTryAgain() {
    Endpoint endpoint = FakeVoter.nowhere();
    assertThat(answers(endpoint)).isFalse();

    opened.add(FakeVoter.startAt(endpoint, new FakeCluster()));

    // Without a pause these are over before gRPC's first backoff is. Not just one of them, for the
    // channel makes its failure known before it has taken note of it itself.
    assertThat(IntStream.range(0, 100).anyMatch(i -> answers(endpoint))).isTrue();
  }

  private boolean answers(Endpoint endpoint) {
    try {
      return client.status(endpoint).getBuild().equals("fake");
    } catch (UnavailableException e) {
      return false;
    }
  }

  @Test
  void anAnswerThatIsNotUnderstoodDoesNotPassForOne() {
    // Without a version at all, which no voter sends.
    assertThatThrownBy(() -> client.get(TEAM, KEY, ReadAt.NOW, Consistency.LINEARIZABLE))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("not understood");
  }

  @Test
  void callsBeyondTheBoundAreRefusedUntilOthersEnd() {
    config.puts = new Script<>(Script.isSilent(), Script.answers(Answers.committed(1)));
    SynclineClient bounded = opened(builder().maxOutstandingCalls(1));
    CompletableFuture<WriteResult> first = bounded.async().put(TEAM, KEY, CONTENT);
    await().until(() -> config.puts.requests().size() == 1);

    assertThatThrownBy(() -> bounded.put(TEAM, KEY, CONTENT))
        .isInstanceOfSatisfying(RejectedException.class, e -> {
          assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_MANY);
          assertThat(e.rejection().limit()).isEqualTo(1);
        });

    first.cancel(false);
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(RejectedException.class)
        .until(() -> bounded.put(TEAM, KEY, CONTENT).changed());
  }

  @Test
  void aBlockingCallerNeverFindsItsOwnLastCallStillCounted() {
    SynclineClient bounded = opened(builder().maxOutstandingCalls(1));

    for (int i = 0; i < 500; i++) {
      assertThat(bounded.put(TEAM, KEY, CONTENT).changed()).isTrue();
    }
  }

  @Test
  void aMessageOverTheLimitIsRefusedBeforeItIsSent() {
    SynclineClient small = opened(builder().maxMessageBytes(100));

    assertThatThrownBy(() -> small.put(TEAM, KEY, ByteString.copyFrom(new byte[200])))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_LARGE));
    assertThat(config.puts.requests()).isEmpty();
  }

  @Test
  void closingEndsWritesUnderWayAsUnknown() {
    config.puts = new Script<>(Script.isSilent());
    CompletableFuture<WriteResult> write = client.async().put(TEAM, KEY, CONTENT);
    await().until(() -> config.puts.requests().size() == 1);

    client.close();

    assertThat(write)
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnknownOutcomeException.class);
    assertThatIllegalStateException().isThrownBy(() -> client.put(TEAM, KEY, CONTENT));
  }

  @Test
  void anInterruptedWriterIsToldThatTheOutcomeIsUnknown() throws Exception {
    config.puts = new Script<>(Script.isSilent());
    var ended = new CompletableFuture<Throwable>();
    var interrupted = new CompletableFuture<Boolean>();
    var writer = new Thread(() -> {
      try {
        client.put(TEAM, KEY, CONTENT);
      } catch (UnknownOutcomeException e) {
        ended.complete(e);
        interrupted.complete(Thread.currentThread().isInterrupted());
      }
    });
    writer.start();
    await().until(() -> config.puts.requests().size() == 1);

    writer.interrupt();

    assertThat(ended).succeedsWithin(SOON);
    assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aClientNeedsEndpointsAndPositiveBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SynclineClient.builder().build())
        .withMessage("endpoints: none (expected: at least one host:port)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SynclineClient.builder().endpoints("a:1,,b:2"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().deadline(Duration.ZERO).build())
        .withMessage("deadline: 0 ms (expected: >= 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxMessageBytes(0).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxOutstandingCalls(0).build());
    assertThatIllegalArgumentException().isThrownBy(() -> builder().actor(""));
  }

  private static final class FakeNamespaces extends NamespaceServiceGrpc.NamespaceServiceImplBase {
    @Override
    public void getNamespace(
        GetNamespaceRequest request, StreamObserver<NamespaceResponse> observer) {
      observer.onNext(
          NamespaceResponse.newBuilder().setNamespace(Answers.namespace()).build());
      observer.onCompleted();
    }

    @Override
    public void listNamespaces(
        ListNamespacesRequest request, StreamObserver<ListNamespacesResponse> observer) {
      observer.onNext(
          ListNamespacesResponse.newBuilder().addNamespaces(Answers.namespace()).build());
      observer.onCompleted();
    }
  }

  private static final class FakeCluster extends ClusterServiceGrpc.ClusterServiceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      observer.onNext(StatusResponse.newBuilder().setBuild("fake").build());
      observer.onCompleted();
    }

    @Override
    public void digest(DigestRequest request, StreamObserver<DigestResponse> observer) {
      var digest = DigestResponse.NamespaceDigest.newBuilder().setNamespace(request.getNamespace());
      if (request.getWithBuckets()) {
        observer.onNext(DigestResponse.newBuilder().addNamespaces(digest).build());
      }
      observer.onCompleted();
    }
  }
}
