package io.syncline.client;

import static io.syncline.client.Answers.CONTENT;
import static io.syncline.client.Answers.KEY;
import static io.syncline.client.Answers.TEAM;
import static io.syncline.client.Answers.committed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Command;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.Precondition;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.WriteResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RetryTest {
  /** For tests that wait until it is over. */
  private static final Duration SHORT = Duration.ofMillis(600);

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Travels by itself, and not in the stream of writes. */
  private static final ByteString LARGE = ByteString.copyFrom(new byte[65 << 10]);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private FakeVoter voter(FakeConfig config) {
    FakeVoter voter = FakeVoter.start(config);
    opened.add(voter);
    return voter;
  }

  private SynclineClient client(Duration deadline, Endpoint... endpoints) {
    SynclineClient client = SynclineClient.builder()
        .endpoints(List.of(endpoints))
        .deadline(deadline)
        .build();
    opened.add(0, client);
    return client;
  }

  @Test
  void followsAVotersHintToALeaderItWasNotGiven() {
    var leading = new FakeConfig();
    FakeVoter leader = voter(leading);
    var notLeading = pointingAt(leader);
    SynclineClient client = client(LONG, voter(notLeading).endpoint());

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();

    assertThat(leading.puts.requests()).hasSize(1);
    assertThat(notLeading.puts.requests()).hasSize(1);
  }

  @Test
  void asksTheLeaderFirstOnceItIsKnown() {
    var leading = new FakeConfig();
    var notLeading = pointingAt(voter(leading));
    SynclineClient client = client(LONG, voter(notLeading).endpoint());
    client.put(TEAM, KEY, CONTENT);

    client.put(TEAM, KEY, CONTENT);

    assertThat(leading.puts.requests()).hasSize(2);
    assertThat(notLeading.puts.requests()).hasSize(1);
  }

  @Test
  void findsTheLeaderAmongVotersThatKnowNone() {
    var leading = new FakeConfig();
    SynclineClient client = client(
        LONG,
        voter(FakeConfig.ofPuts(Script.refuses(Rejection.notLeader(null)))).endpoint(),
        voter(FakeConfig.ofPuts(Script.refuses(Rejection.notLeader("no address"))))
            .endpoint(),
        voter(leading).endpoint());

    client.put(TEAM, KEY, CONTENT);

    assertThat(leading.puts.requests()).hasSize(1);
  }

  @Test
  void aRetriedWriteKeepsItsCommandIdAndTheNextGetsAnother() {
    var config = FakeConfig.ofPuts(
        Script.refuses(Rejection.of(Reason.NOT_READY, "starting")),
        Script.refuses(Rejection.of(Reason.OUTCOME_UNKNOWN, "leadership was lost")),
        Script.fails(Status.UNAVAILABLE),
        Script.answers(committed(7)));
    SynclineClient client = client(LONG, voter(config).endpoint());

    WriteResult first = client.put(TEAM, KEY, CONTENT);
    client.put(TEAM, KEY, CONTENT);

    assertThat(first.revision()).isEqualTo(new Revision(7));
    var ids = config.puts.requests().stream()
        .map(request -> request.getContext().getCommandId())
        .toList();
    assertThat(ids).hasSize(5);
    assertThat(ids.subList(0, 4)).containsOnly(ids.get(0));
    assertThat(ids.get(4)).isNotEqualTo(ids.get(0));
    assertThat(ids.get(4).getClientId()).isEqualTo(ids.get(0).getClientId());
  }

  @Test
  void aWriteWhoseVoterDiesBeforeAnsweringHasAnUnknownOutcome() throws Exception {
    var received = new CountDownLatch(1);
    FakeVoter voter = voter(FakeConfig.ofPuts((request, observer) -> received.countDown()));
    SynclineClient client = client(Duration.ofSeconds(2), voter.endpoint());

    CompletableFuture<WriteResult> write = client.async().put(TEAM, KEY, CONTENT);
    assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
    voter.close();

    assertThat(write)
        .failsWithin(LONG)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnknownOutcomeException.class)
        .withMessageContaining("may or may not");
  }

  @Test
  void aWriteWhoseVoterDiesIsFinishedAtTheNext() throws Exception {
    var received = new CountDownLatch(1);
    var dying = FakeConfig.ofPuts((request, observer) -> received.countDown());
    FakeVoter dies = voter(dying);
    var surviving = new FakeConfig();
    SynclineClient client = client(LONG, dies.endpoint(), voter(surviving).endpoint());

    CompletableFuture<WriteResult> write = client.async().put(TEAM, KEY, CONTENT);
    assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
    dies.close();

    assertThat(write).succeedsWithin(LONG);
    assertThat(surviving.puts.requests()).isEqualTo(dying.puts.requests());
  }

  @Test
  void aVoterThatNeverAnswersIsLeftForTheNext() {
    var answering = new FakeConfig();
    SynclineClient client = client(
        Duration.ofSeconds(3),
        voter(FakeConfig.ofPuts(Script.isSilent())).endpoint(),
        voter(answering).endpoint());

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();

    assertThat(answering.puts.requests()).hasSize(1);
  }

  @Test
  void noAttemptOutlivesTheDeadlineOfItsCall() {
    var config = FakeConfig.ofPuts(Script.isSilent());
    FakeVoter voter = voter(config);
    SynclineClient client = client(SHORT, voter.endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, LARGE))
        .isInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("within 600 ms");

    assertThat(config.puts.requests()).hasSizeGreaterThan(1);
    assertThat(voter.deadlines())
        .hasSameSizeAs(config.puts.requests())
        .allMatch(deadline -> deadline.timeRemaining(TimeUnit.MILLISECONDS) < SHORT.toMillis());
  }

  @Test
  void whereNothingListensAWriteIsSurelyNotDone() {
    SynclineClient client = client(SHORT, FakeVoter.nowhere(), FakeVoter.nowhere());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("expected: within 600 ms");
  }

  @Test
  void whereNobodyLeadsAWriteIsSurelyNotDone() {
    SynclineClient client = client(
        SHORT,
        voter(FakeConfig.ofPuts(Script.refuses(Rejection.notLeader(null)))).endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("NOT_LEADER");
  }

  @Test
  void twoVotersThatPointAtEachOtherAreNotAskedWithoutPause() {
    Endpoint second = FakeVoter.nowhere();
    Script.Step<PutRequest, WriteResponse> toSecond =
        Script.refuses(Rejection.notLeader(second.toString()));
    var config = FakeConfig.ofPuts(toSecond);
    FakeVoter first = voter(config);
    opened.add(FakeVoter.startAt(second, pointingAt(first)));
    SynclineClient client = client(SHORT, first.endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOf(UnavailableException.class);

    assertThat(config.puts.requests()).hasSizeBetween(2, 60);
  }

  @Test
  void cancellingTheFutureCancelsTheCall() {
    var cancelled = new CompletableFuture<Void>();
    var received = new CompletableFuture<Void>();
    var config = FakeConfig.ofPuts((request, observer) -> {
      ((ServerCallStreamObserver<WriteResponse>) observer)
          .setOnCancelHandler(() -> cancelled.complete(null));
      received.complete(null);
    });
    SynclineClient client = client(Duration.ofHours(1), voter(config).endpoint());
    CompletableFuture<WriteResult> write = client.async().put(TEAM, KEY, LARGE);
    assertThat(received).succeedsWithin(LONG);

    write.cancel(false);

    assertThat(cancelled).succeedsWithin(LONG);
  }

  @Test
  void aReadThatIsNeverAnsweredEndsAsUnavailable() {
    SynclineClient client =
        client(SHORT, voter(FakeConfig.ofGets(Script.isSilent())).endpoint());

    assertThatThrownBy(() -> client.get(TEAM, KEY)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void aReadIsTriedAgainWhereAVoterIsTooStale() {
    SynclineClient client = client(
        LONG,
        voter(FakeConfig.ofGets(
                Script.refuses(Rejection.of(Reason.TOO_STALE, "cut off")),
                Script.answers(GetResponse.newBuilder()
                    .setVersion(ApiCodec.toProto(Answers.version(KEY, 1, 1, CONTENT)))
                    .build())))
            .endpoint());

    assertThat(client.get(TEAM, KEY, ReadAt.NOW, Consistency.ANY).content()).isEqualTo(CONTENT);
  }

  @Test
  void aVoterThatComesUpLaterIsFoundWithinTheCall() throws Exception {
    Endpoint endpoint = FakeVoter.nowhere();
    SynclineClient client = client(LONG, endpoint);
    assertThatThrownBy(() -> client.status(endpoint)).isInstanceOf(UnavailableException.class);

    CompletableFuture<WriteResult> write = client.async().put(TEAM, KEY, CONTENT);
    opened.add(FakeVoter.startAt(endpoint, new FakeConfig()));

    assertThat(write).succeedsWithin(LONG);
  }

  @Test
  void aRejectionIsFinalAndTellsTheCurrentVersion() {
    var current = Answers.version(KEY, 4, 9, CONTENT).withoutContent();
    var config = FakeConfig.ofPuts(Script.refuses(Rejection.preconditionFailed(
        TEAM, KEY, new Precondition.AtVersion(new Version(3)), current)));
    SynclineClient client = client(LONG, voter(config).endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOfSatisfying(RejectedException.class, e -> {
          assertThat(e.rejection().reason()).isEqualTo(Reason.PRECONDITION_FAILED);
          assertThat(e.rejection().current()).isEqualTo(current);
        });
    assertThat(config.puts.requests()).hasSize(1);
  }

  @Test
  void aRefusalBeforeTheLogDoesNotSettleWhatAnEarlierAttemptDid() {
    SynclineClient client = client(
        LONG,
        voter(FakeConfig.ofPuts(
                Script.refuses(Rejection.of(Reason.OUTCOME_UNKNOWN, "stopping")),
                Script.refuses(Rejection.tooLarge("content", 9, 8))))
            .endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("TOO_LARGE");
  }

  @Test
  void aDecisionOfTheLogSettlesWhatAnEarlierAttemptDid() {
    SynclineClient client = client(
        LONG,
        voter(FakeConfig.ofPuts(
                Script.refuses(Rejection.of(Reason.OUTCOME_UNKNOWN, "stopping")),
                Script.refuses(Rejection.namespaceNotFound("team"))))
            .endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT)).isInstanceOf(RejectedException.class);
  }

  @Test
  void waitsForRoomWhenTheVoterHasTooManyCommandsInFlight() {
    var config = FakeConfig.ofPuts(
        Script.refuses(Rejection.tooMany("commands in flight", 17, 16)),
        Script.refuses(Rejection.tooMany("commands in flight", 17, 16)),
        Script.answers(committed(1)));
    SynclineClient client = client(LONG, voter(config).endpoint());

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();
    assertThat(config.puts.requests()).hasSize(3);
  }

  @Test
  void aWriteForWhichRoomNeverComesIsRefused() {
    SynclineClient client = client(
        SHORT,
        voter(FakeConfig.ofPuts(Script.refuses(Rejection.tooMany("commands", 17, 16))))
            .endpoint());

    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_MANY));
  }

  @Test
  void aTransactionThatIsItselfTooManyIsNotTriedAgain() {
    var config = new FakeConfig();
    config.transactions = new Script<>(Script.refuses(Rejection.tooMany("operations", 2, 1)));
    SynclineClient client = client(LONG, voter(config).endpoint());
    var delete = new Command.Transaction.Operation(KEY, null, false);

    assertThatThrownBy(() -> client.write(
            new Command.Transaction(TEAM, List.of(), List.of(delete), List.of(delete)), ""))
        .isInstanceOf(RejectedException.class);
    assertThat(config.transactions.requests()).hasSize(1);
  }

  private static FakeConfig pointingAt(FakeVoter leader) {
    Script.Step<PutRequest, WriteResponse> refusal =
        Script.refuses(Rejection.notLeader(leader.endpoint().toString()));
    return FakeConfig.ofPuts(refusal);
  }
}
