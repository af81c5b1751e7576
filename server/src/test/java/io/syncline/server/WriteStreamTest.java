package io.syncline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.CommandId;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceBlockingStub;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceStub;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.OnConflict;
import io.syncline.proto.api.v1.Precondition;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.WriteContext;
import io.syncline.proto.api.v1.WriteManyRequest;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteManyResponse;
import io.syncline.proto.api.v1.WriteManyResponse.Answer;
import io.syncline.proto.api.v1.WriteResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What three voters answer to writes that come over a stream. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WriteStreamTest {
  private static final int MOST_WRITES = 1024;
  private static final ByteString KEY = utf8("kept");

  @TempDir
  static Path root;

  private static LocalCluster cluster;
  private static long sequence;

  private String leader = "";

  @BeforeAll
  static void start() {
    cluster = new LocalCluster(root, 3, builder -> builder.electionTimeout(Duration.ofSeconds(3)));
    cluster.startAll();
    cluster.put(cluster.awaitLeader(), "kept", "content");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void findLeader() {
    leader = cluster.awaitLeader();
  }

  private record Sample(String what, Write write) {
    @Override
    public String toString() {
      return what;
    }
  }

  /** In their order: each builds on those before. The keys' contents are new in each. */
  static Stream<Sample> writes() {
    return Stream.of(
        new Sample("a put", write().setPut(put("k")).build()),
        new Sample("a second put", write().setPut(put("k")).build()),
        new Sample(
            "a put whose condition fails",
            write().setPut(put("k").setPrecondition(atVersion(7))).build()),
        new Sample(
            "a conflict that nobody settles",
            write()
                .setPut(put("k")
                    .setPrecondition(atVersion(1))
                    .setOnConflict(OnConflict.newBuilder().setStrategy("reject")))
                .build()),
        new Sample("a delete", write().setDelete(delete("k")).build()),
        new Sample("a delete of nothing", write().setDelete(delete("none")).build()),
        new Sample(
            "an undelete",
            write()
                .setUndelete(UndeleteRequest.newBuilder()
                    .setContext(context())
                    .setNamespace("default")
                    .setKey(utf8("k")))
                .build()),
        new Sample("a rollback", write().setRollback(rollback(1)).build()),
        new Sample(
            "a rollback to a version that never was",
            write().setRollback(rollback(99)).build()),
        new Sample("an empty key", write().setPut(put("")).build()),
        new Sample(
            "a content of 2 MiB",
            write()
                .setPut(put("k").setContent(ByteString.copyFrom(new byte[2 << 20])))
                .build()),
        new Sample(
            "an unknown namespace",
            write().setPut(put("k").setNamespace("none")).build()));
  }

  /** The second time, a command that was carried out gives its first outcome again. */
  @ParameterizedTest
  @MethodSource("writes")
  @Order(1)
  void aWriteIsAnsweredAsItsOwnMethodAnswersIt(Sample sample) {
    assertThat(streamed(leader, sample.write())).isEqualTo(alone(leader, sample.write()));
  }

  @Test
  void aVoterThatDoesNotLeadSaysWhoDoesAsItsOwnMethodsDo() {
    String other = other();
    Write put = write().setPut(put("k")).build();

    Answer answer = streamed(other, put);

    assertThat(answer).isEqualTo(alone(other, put));
    assertThat(reason(StatusCodec.fromMessage(answer.getRefused()))).contains(Reason.NOT_LEADER);
  }

  @Test
  void aWriteThatIsNoneIsRefusedAndTheOthersAreNot() {
    var caller = new Caller(cluster.configStreams(leader));
    caller.send(write().setId(1).build(), write().setId(2).setPut(put("k")).build());

    List<Answer> answers = caller.leave();

    assertThat(answers).hasSize(2);
    Answer refused = answers.stream().filter(a -> a.getId() == 1).findFirst().orElseThrow();
    assertThat(reason(StatusCodec.fromMessage(refused.getRefused()))).contains(Reason.BAD_ARGUMENT);
    Answer written = answers.stream().filter(a -> a.getId() == 2).findFirst().orElseThrow();
    assertThat(written.getWritten().getChanged()).isTrue();
  }

  @Test
  void eachOfAFullMessageIsAnsweredBeforeTheStreamEnds() {
    var caller = new Caller(cluster.configStreams(leader));
    caller.send(puts(MOST_WRITES));

    List<Answer> answers = caller.leave();

    assertThat(answers.stream().map(Answer::getId))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, MOST_WRITES).mapToObj(i -> (long) i).toList());
    assertThat(answers.stream().map(a -> a.getWritten().getHeader().getRevision()))
        .doesNotHaveDuplicates()
        .doesNotContain(0L);
  }

  @Test
  void ofAMessageOfTooManyWritesNoneIsBegun() {
    var caller = new Caller(cluster.configStreams(leader));
    long before = head();
    caller.send(puts(MOST_WRITES + 1));

    assertThat(caller.ended)
        .failsWithin(LocalCluster.PATIENCE)
        .withThrowableThat()
        .havingCause()
        .satisfies(error -> assertThat(StatusCodec.fromStatus(error))
            .hasValueSatisfying(rejection -> {
              assertThat(rejection.reason()).isEqualTo(Reason.TOO_MANY);
              assertThat(rejection.given()).isEqualTo(MOST_WRITES + 1);
              assertThat(rejection.limit()).isEqualTo(MOST_WRITES);
            }));
    assertThat(head()).isEqualTo(before);
  }

  @Test
  void theActorOfTheStreamMakesItsWrites() {
    var headers = new Metadata();
    headers.put(Metadata.Key.of("syncline-actor", Metadata.ASCII_STRING_MARSHALLER), "robot");
    var caller = new Caller(cluster
        .configStreams(leader)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)));
    caller.send(write().setPut(put("acted on")).build());

    WriteResponse written = caller.leave().get(0).getWritten();

    assertThat(written.getVersions(0).getCreatedBy().getName()).isEqualTo("robot");
  }

  /** Without being told so, it would be cut off later, and could not know what had become of it. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aVoterThatStopsTellsIdleStreamsSo() {
    String other = other();
    var caller = new Caller(cluster.configStreams(other));
    caller.send(write().setPut(put("k")).build());
    caller.awaitAnswer();

    cluster.stop(other);
    try {
      assertThat(caller.ended)
          .failsWithin(LocalCluster.PATIENCE)
          .withThrowableThat()
          .havingCause()
          .satisfies(error -> assertThat(reason(error)).contains(Reason.NOT_READY));
    } finally {
      cluster.start(other);
    }
  }

  /** One stream, as a test calls it. */
  private static final class Caller implements StreamObserver<WriteManyResponse> {
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final StreamObserver<WriteManyRequest> requests;

    Caller(ConfigServiceStub stub) {
      requests = stub.writeMany(this);
    }

    void send(Write... writes) {
      requests.onNext(
          WriteManyRequest.newBuilder().addAllWrites(List.of(writes)).build());
    }

    void awaitAnswer() {
      assertThat(answered).succeedsWithin(LocalCluster.PATIENCE);
    }

    /** All answers. */
    List<Answer> leave() {
      requests.onCompleted();
      assertThat(ended).succeedsWithin(LocalCluster.PATIENCE);
      return answers;
    }

    @Override
    public void onNext(WriteManyResponse message) {
      answers.addAll(message.getAnswersList());
      answered.complete(null);
    }

    @Override
    public void onError(Throwable error) {
      ended.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }

  private static Answer streamed(String voter, Write write) {
    var caller = new Caller(cluster.configStreams(voter));
    caller.send(write);
    List<Answer> answers = caller.leave();
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  /** The answer of the write's own method, in the form in which a stream carries it. */
  private static Answer alone(String voter, Write write) {
    var answer = Answer.newBuilder().setId(write.getId());
    try {
      return answer.setWritten(call(cluster.config(voter), write)).build();
    } catch (StatusRuntimeException e) {
      return answer.setRefused(StatusCodec.toMessage(e)).build();
    }
  }

  private static WriteResponse call(ConfigServiceBlockingStub stub, Write write) {
    return switch (write.getWriteCase()) {
      case PUT -> stub.put(write.getPut());
      case DELETE -> stub.delete(write.getDelete());
      case UNDELETE -> stub.undelete(write.getUndelete());
      case ROLLBACK -> stub.rollback(write.getRollback());
      case WRITE_NOT_SET -> throw new AssertionError("a write without content");
    };
  }

  private static Optional<Reason> reason(Throwable error) {
    return StatusCodec.fromStatus(error).map(Rejection::reason);
  }

  private String other() {
    return cluster.addresses().stream()
        .map(address -> address.name())
        .filter(name -> !name.equals(leader))
        .findFirst()
        .orElseThrow();
  }

  private long head() {
    return cluster
        .config(leader)
        .get(GetRequest.newBuilder().setNamespace("default").setKey(KEY).build())
        .getHeader()
        .getRevision();
  }

  private static Write[] puts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> write().setId(i).setPut(put("many-" + i)).build())
        .toArray(Write[]::new);
  }

  private static Write.Builder write() {
    return Write.newBuilder().setId(17);
  }

  private static PutRequest.Builder put(String key) {
    var put =
        PutRequest.newBuilder().setContext(context()).setNamespace("default").setKey(utf8(key));
    return put.setContent(utf8("content " + sequence));
  }

  private static DeleteRequest.Builder delete(String key) {
    return DeleteRequest.newBuilder()
        .setContext(context())
        .setNamespace("default")
        .setKey(utf8(key));
  }

  private static RollbackRequest.Builder rollback(long version) {
    return RollbackRequest.newBuilder()
        .setContext(context())
        .setNamespace("default")
        .setKey(utf8("k"))
        .setToVersion(version);
  }

  private static Precondition atVersion(long version) {
    return Precondition.newBuilder().setAtVersion(version).build();
  }

  private static WriteContext context() {
    return WriteContext.newBuilder()
        .setCommandId(CommandId.newBuilder()
            .setClientId(ByteString.copyFrom(new byte[16]))
            .setSequence(++sequence))
        .build();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
