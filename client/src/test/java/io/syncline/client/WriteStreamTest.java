package io.syncline.client;

import static io.syncline.client.Answers.CONTENT;
import static io.syncline.client.Answers.KEY;
import static io.syncline.client.Answers.TEAM;
import static io.syncline.client.Answers.committed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.grpc.Status;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.Endpoint;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.WriteManyResponse;
import io.syncline.proto.api.v1.WriteManyResponse.Answer;
import io.syncline.proto.api.v1.WriteResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small writes travel together, and each ends as if it had travelled alone. */
@Timeout(60)
final class WriteStreamTest {
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Travels alone. */
  private static final ByteString LARGE = ByteString.copyFrom(new byte[65 << 10]);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final FakeConfig config = new FakeConfig();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private SynclineClient client(Duration deadline) {
    return client(deadline, voter(config));
  }

  private SynclineClient client(Duration deadline, Endpoint... voters) {
    SynclineClient client =
        SynclineClient.builder().endpoints(List.of(voters)).deadline(deadline).build();
    opened.add(0, client);
    return client;
  }

  private Endpoint voter(FakeConfig behaviour) {
    FakeVoter voter = FakeVoter.start(behaviour);
    opened.add(voter);
    return voter.endpoint();
  }

  @Test
  void writesBegunWhileAnswersAreToldLeaveInOneMessage() throws Exception {
    AsyncSyncline client = client(LONG).async();

    CompletableFuture<List<CompletableFuture<WriteResult>>> next = heldUntilGoingOn(
        client,
        () ->
            IntStream.range(0, 50).mapToObj(i -> client.put(TEAM, KEY, CONTENT)).toList());

    assertThat(next).succeedsWithin(LONG);
    for (CompletableFuture<WriteResult> write : next.get()) {
      assertThat(write.get().revision()).isEqualTo(new Revision(2));
    }
    assertThat(config.streamedMessages).containsExactly(1, 50);
    assertThat(config.writeStreams).hasSize(1);
  }

  /** What goes on when a first write's answer is told, and surely then. */
  private <T> CompletableFuture<T> heldUntilGoingOn(AsyncSyncline client, Supplier<T> goingOn) {
    var listening = new CountDownLatch(1);
    config.puts = new Script<>(
        (request, observer) -> {
          awaitUninterrupted(listening);
          Script.<Object, WriteResponse>answers(committed(1)).answer(request, observer);
        },
        Script.answers(committed(2)));
    CompletableFuture<T> next = client.put(TEAM, KEY, CONTENT).thenApply(first -> goingOn.get());
    listening.countDown();
    return next;
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void allWritesOfOneKeyTravelInTheStream() {
    SynclineClient client = client(LONG);

    client.put(TEAM, KEY, CONTENT);
    client.write(new Command.Delete(TEAM, KEY, Precondition.NONE, null), "");
    client.write(new Command.Undelete(TEAM, KEY, Precondition.NONE), "");
    client.write(new Command.Rollback(TEAM, KEY, new Version(1), Precondition.NONE), "");

    assertThat(config.streamedMessages).containsExactly(1, 1, 1, 1);
    assertThat(config.puts.requests()).hasSize(1);
    assertThat(config.deletes.requests()).hasSize(1);
    assertThat(config.undeletes.requests()).hasSize(1);
    assertThat(config.rollbacks.requests()).hasSize(1);
  }

  @Test
  void largeWritesTravelAlone() {
    assertThat(client(LONG).put(TEAM, KEY, LARGE).changed()).isTrue();

    assertThat(config.writeStreams).isEmpty();
    assertThat(config.puts.requests()).hasSize(1);
  }

  @Test
  void aClientThatTakesOnlySmallMessagesOpensNoStream() {
    SynclineClient client = SynclineClient.builder()
        .endpoints(List.of(voter(config)))
        .maxMessageBytes(1 << 20)
        .build();
    opened.add(0, client);

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();

    assertThat(config.writeStreams).isEmpty();
  }

  static Stream<Rejection> refusals() {
    var current = Answers.version(KEY, 4, 9, CONTENT).withoutContent();
    return Stream.of(
        Rejection.preconditionFailed(
            TEAM, KEY, new Precondition.AtVersion(new Version(3)), current),
        Rejection.namespaceNotFound("team"),
        Rejection.badArgument("key: 0 bytes"),
        Rejection.tooLarge("content", 9, 8));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalIsTheSameOnBothWays(Rejection refusal) {
    config.puts = new Script<>(Script.refuses(refusal));
    SynclineClient client = client(LONG);

    assertThat(refusalOf(client, CONTENT)).isEqualTo(refusalOf(client, LARGE)).isEqualTo(refusal);
    assertThat(config.streamedMessages).containsExactly(1);
  }

  private static Rejection refusalOf(SynclineClient client, ByteString content) {
    return catchThrowableOfType(RejectedException.class, () -> client.put(TEAM, KEY, content))
        .rejection();
  }

  @Test
  void whatABrokenStreamLeftUnansweredIsTriedAgainWithItsIds() {
    config.puts = new Script<>(Script.isSilent(), Script.isSilent(), Script.answers(committed(3)));
    AsyncSyncline client = client(LONG).async();
    CompletableFuture<WriteResult> first = client.put(TEAM, KEY, CONTENT);
    CompletableFuture<WriteResult> second = client.put(TEAM, KEY, CONTENT);
    await().atMost(LONG).until(() -> config.puts.requests().size() == 2);

    config.writeStreams.get(0).onError(Status.UNAVAILABLE.asRuntimeException());

    assertThat(first).succeedsWithin(LONG);
    assertThat(second).succeedsWithin(LONG);
    var requests = config.puts.requests();
    assertThat(requests.subList(2, 4)).containsExactlyInAnyOrderElementsOf(requests.subList(0, 2));
    assertThat(requests).hasSize(4);
    assertThat(config.writeStreams).hasSize(2);
  }

  @Test
  void whatABrokenStreamLeftUnansweredMayHaveBeenDone() {
    config.puts = new Script<>((request, observer) -> {
      var last = config.writeStreams.get(config.writeStreams.size() - 1);
      last.onError(Status.UNAVAILABLE.asRuntimeException());
    });

    assertThatThrownBy(() -> client(SHORT).put(TEAM, KEY, CONTENT))
        .isInstanceOf(UnknownOutcomeException.class);
  }

  @Test
  void whatAStoppingVoterLeftUnansweredIsSurelyNotDone() {
    config.puts = new Script<>((request, observer) -> {
      var last = config.writeStreams.get(config.writeStreams.size() - 1);
      last.onError(StatusCodec.toStatus(Rejection.of(Reason.NOT_READY, "stopping")));
    });

    assertThatThrownBy(() -> client(SHORT).put(TEAM, KEY, CONTENT))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("NOT_READY");
  }

  @Test
  void aWriteThatIsNotAnsweredInTimeEndsAloneAndTheStreamGoesOn() {
    config.puts = new Script<>((request, observer) -> {
      if (!request.getContent().equals(LATE)) {
        Script.<Object, WriteResponse>answers(committed(5)).answer(request, observer);
      }
    });
    SynclineClient client = client(SHORT);
    CompletableFuture<WriteResult> late = client.async().put(TEAM, KEY, LATE);

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();
    assertThat(late)
        .failsWithin(LONG)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnknownOutcomeException.class)
        .withMessageContaining("DEADLINE_EXCEEDED");

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();
    assertThat(config.writeStreams).hasSize(1);
  }

  private static final ByteString LATE = ByteString.copyFromUtf8("late");

  @Test
  void anAnswerToAWriteThatWasGivenUpIsIgnored() {
    var held = new CompletableFuture<Runnable>();
    config.puts = new Script<>(
        (request, observer) -> held.complete(
            () -> Script.<Object, WriteResponse>answers(committed(1)).answer(request, observer)),
        Script.answers(committed(2)),
        Script.isSilent());
    SynclineClient client = SynclineClient.builder()
        .endpoints(List.of(voter(config)))
        .maxOutstandingCalls(1)
        .build();
    opened.add(0, client);
    CompletableFuture<WriteResult> write = client.async().put(TEAM, KEY, CONTENT);
    assertThat(held).succeedsWithin(LONG);

    write.cancel(false);
    held.join().run();

    assertThat(client.put(TEAM, KEY, CONTENT).revision()).isEqualTo(new Revision(2));
    assertThat(config.puts.requests()).hasSize(2);
    assertThat(config.writeStreams).hasSize(1);
    // had it ended twice, there would be room for two
    assertThat(client.async().put(TEAM, KEY, CONTENT)).isNotDone();
    assertThatThrownBy(() -> client.put(TEAM, KEY, CONTENT))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_MANY));
  }

  @Test
  void writesGivenUpBeforeTheyLeftAreNotSentAndTakeNoRoom() {
    AsyncSyncline client = client(LONG).async();
    var content = ByteString.copyFrom(new byte[60 << 10]);

    CompletableFuture<List<CompletableFuture<WriteResult>>> next = heldUntilGoingOn(client, () -> {
      for (int i = 0; i < 20; i++) {
        client.put(TEAM, KEY, content).cancel(false);
      }
      return List.of(client.put(TEAM, KEY, CONTENT), client.put(TEAM, KEY, CONTENT));
    });

    assertThat(next).succeedsWithin(LONG);
    assertThat(next.join()).allSatisfy(write -> assertThat(write).succeedsWithin(LONG));
    assertThat(config.streamedMessages).containsExactly(1, 2);
  }

  @Test
  void aRefusalThatIsNotUnderstoodEndsNeitherTheStreamNorTheOthersInItsMessage() {
    config.puts = new Script<>(Script.isSilent(), Script.isSilent(), Script.answers(committed(3)));
    AsyncSyncline client = client(LONG).async();
    CompletableFuture<WriteResult> first = client.put(TEAM, KEY, CONTENT);
    CompletableFuture<WriteResult> second = client.put(TEAM, KEY, CONTENT);
    await().atMost(LONG).until(() -> config.puts.requests().size() == 2);
    var noSuchCode = com.google.rpc.Status.newBuilder().setCode(99);

    config
        .writeStreams
        .get(0)
        .onNext(WriteManyResponse.newBuilder()
            .addAnswers(Answer.newBuilder().setId(1).setRefused(noSuchCode))
            .addAnswers(Answer.newBuilder().setId(2).setWritten(committed(2)))
            .build());

    assertThat(second).succeedsWithin(LONG);
    assertThat(second.join().revision()).isEqualTo(new Revision(2));
    assertThat(first).succeedsWithin(LONG);
    assertThat(first.join().revision()).isEqualTo(new Revision(3));
    assertThat(config.writeStreams).hasSize(1);
  }

  @Test
  void aStreamThatIsNotUsedIsLeft() {
    Endpoint voter = voter(config);
    var connections = new Connections(
        new ClientSettings(List.of(voter), new Actor("tester", false), SHORT, 4 << 20, 10));
    opened.add(0, connections);
    var streams = new WriteStreams(connections, Duration.ofMillis(1));

    assertThat(written(streams, voter, connections)).succeedsWithin(LONG);
    await().atMost(LONG).until(() -> config.leftStreams.get() == 1);

    assertThat(written(streams, voter, connections)).succeedsWithin(LONG);
    assertThat(config.writeStreams).hasSize(2);
  }

  private static CompletableFuture<WriteResponse> written(
      WriteStreams streams, Endpoint voter, Connections connections) {
    var written = new CompletableFuture<WriteResponse>();
    new StreamedWrite(
            streams,
            voter,
            connections.channel(voter),
            write -> write.setPut(PutRequest.getDefaultInstance()),
            0,
            Deadline.after(SHORT.toMillis(), TimeUnit.MILLISECONDS),
            written::complete,
            failure -> written.completeExceptionally(failure.error()))
        .start();
    return written;
  }

  /** The daemon would keep what the stream holds until the deadline of its first write. */
  @Test
  void aClosedClientLeavesNoTimerBehind() {
    Set<Thread> others = timers();
    SynclineClient client = client(Duration.ofHours(1));
    client.put(TEAM, KEY, CONTENT);
    Set<Thread> own = timers();
    own.removeAll(others);
    assertThat(own).hasSize(1);

    client.close();

    await().atMost(LONG).until(() -> own.stream().noneMatch(Thread::isAlive));
  }

  private static Set<Thread> timers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("syncline-client-timer"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void aVoterOfAnOlderReleaseIsWrittenToWithoutAStream() {
    config.servesStreams = false;
    SynclineClient client = client(LONG);

    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();
    assertThat(client.put(TEAM, KEY, CONTENT).changed()).isTrue();

    assertThat(config.puts.requests()).hasSize(2);
    assertThat(config.writeStreams).isEmpty();
  }
}
