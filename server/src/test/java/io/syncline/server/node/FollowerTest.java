package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.codec.StatusCodec;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.model.NamespaceName;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import io.syncline.proto.api.v1.CompactRequest;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceBlockingStub;
import io.syncline.proto.api.v1.Consistency;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.ListFollowersRequest;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import io.syncline.server.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a follower promises: a real one, of a real voter. */
class FollowerTest {
  private static final Subscription DEFAULT = Subscription.of(Selector.all(NamespaceName.DEFAULT));

  @TempDir
  Path root;

  private final List<Follower> followers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private LocalCluster cluster;
  private String leader;

  @BeforeEach
  void startVoter() {
    cluster = new LocalCluster(root, 1, builder -> builder.feedChanges(16));
    cluster.startAll();
    leader = cluster.awaitLeader();
  }

  @AfterEach
  void stopAll() {
    channels.forEach(ManagedChannel::shutdownNow);
    followers.forEach(Follower::close);
    cluster.close();
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void itHoldsWhatTheVoterHoldsAndIsToldOfWhatComes(Mode mode) {
    cluster.put(leader, "key/1", "one");
    Follower follower = start("f1", mode, DEFAULT, voter());

    awaitAt(follower, 1);
    assertThat(read(follower, "key/1")).isEqualTo("one");
    cluster.put(leader, "key/1", "two");
    cluster.put(leader, "key/2", "x");
    delete("key/2");

    awaitAt(follower, 4);
    assertThat(read(follower, "key/1")).isEqualTo("two");
    assertThat(refusal(follower, "key/2")).isEqualTo(Reason.KEY_NOT_FOUND);
    awaitEqualDigests("f1");
    FollowerStatus status = statusOf("f1");
    assertThat(status.getLagRevisions()).isZero();
    assertThat(status.getState()).isEqualTo(FollowerStatus.State.COMPLETED);
    assertThat(status.getMode())
        .isEqualTo(mode == Mode.PULL ? FollowerStatus.Mode.PULL : FollowerStatus.Mode.PUSH);
  }

  @Test
  void S0_8_threeFollowersEachHaveTheirOwnCursor() {
    for (String id : List.of("f1", "f2", "f3")) {
      start(id, Mode.AUTO, DEFAULT, voter());
    }
    for (int i = 1; i <= 50; i++) {
      cluster.put(leader, "key/" + i % 7, "content " + i);
    }
    for (Follower follower : followers) {
      awaitAt(follower, 50);
    }
    List.of("f1", "f2", "f3").forEach(this::awaitEqualDigests);
  }

  @Test
  void S1_38_withoutTheCentreItServesItsLastGoodStateSaysItsAgeAndRefusesWrites() {
    cluster.put(leader, "key", "kept");
    Follower follower = start("f1", Mode.AUTO, DEFAULT, voter());
    awaitAt(follower, 1);
    await().atMost(PATIENCE).until(follower::ready);

    cluster.stopAll();

    await().atMost(PATIENCE).until(() -> !follower.ready());
    assertThat(follower.notReadyReasons().toString()).contains("ms old (expected: at most");
    assertThat(read(follower, "key")).isEqualTo("kept");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> config(follower)
            .put(PutRequest.newBuilder()
                .setNamespace("default")
                .setKey(ByteString.copyFromUtf8("key"))
                .build()))
        .withMessageContaining("it takes no writes; send them to a voter");
    close(follower);
    Follower again = start("f1", Mode.AUTO, DEFAULT, voter());
    assertThat(read(again, "key")).isEqualTo("kept");

    cluster.startAll();
    leader = cluster.awaitLeader();
    cluster.put(leader, "key", "new");
    awaitAt(again, 2);
    assertThat(read(again, "key")).isEqualTo("new");
    assertThat(again.view().counts().snapshots()).as("only the difference came").isZero();
  }

  @Test
  void S2_16_pastTheHorizonItTakesTheNetDifferenceAndNotEverything() {
    for (int i = 0; i < 200; i++) {
      cluster.put(leader, "key/" + i, "x".repeat(500));
    }
    Follower follower = start("f1", Mode.PULL, DEFAULT, voter());
    awaitAt(follower, 200);
    close(follower);
    for (int i = 0; i < 50; i++) {
      cluster.put(leader, "key/7", "changed " + i);
    }
    delete("key/9");
    compact(251);

    Follower again = start("f1", Mode.PULL, DEFAULT, voter());
    awaitAt(again, 251);

    assertThat(read(again, "key/7")).isEqualTo("changed 49");
    assertThat(refusal(again, "key/9")).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(again.view().counts().snapshots()).isEqualTo(1);
    assertThat(again.view().counts().snapshotBytes())
        .as("two of 200 keys of 500 bytes differ")
        .isLessThan(5_000);
    awaitEqualDigests("f1");
  }

  @Test
  void aNewFollowerBelowTheHorizonTakesAWholeCopy() {
    for (int i = 0; i < 100; i++) {
      cluster.put(leader, "key/" + i % 40, "content " + i);
    }
    compact(100);

    Follower follower = start("f1", Mode.AUTO, DEFAULT, voter());
    awaitAt(follower, 100);
    cluster.put(leader, "key/0", "after");

    awaitAt(follower, 101);
    assertThat(read(follower, "key/0")).isEqualTo("after");
    assertThat(read(follower, "key/39")).isEqualTo("content 79");
    awaitEqualDigests("f1");
  }

  @Test
  void aFollowerOfARelayHoldsTheSameAndIsSeenAtTheVoter() {
    cluster.put(leader, "key", "one");
    Follower relay = start("relay", Mode.PUSH, DEFAULT, voter());
    Follower below = start("below", Mode.PUSH, DEFAULT, relay.endpoint());

    awaitAt(below, 1);
    cluster.put(leader, "key", "two");
    awaitAt(below, 2);

    assertThat(read(below, "key")).isEqualTo("two");
    FollowerStatus seen =
        await().atMost(PATIENCE).until(() -> statusOf("below"), s -> s.getCursor() == 2);
    assertThat(seen.getUpstream()).isEqualTo("relay");
  }

  @Test
  void aRelayWithoutACopyIsFollowedByNobodyAndStartsNoClusterOfItsOwn() {
    Endpoint nobody = new Endpoint("127.0.0.1", LocalCluster.freePorts(1).get(0));
    Follower relay = start("relay", Mode.PUSH, DEFAULT, nobody);

    SyncServiceGrpc.SyncServiceBlockingStub stub =
        SyncServiceGrpc.newBlockingStub(channel(relay.endpoint()));
    assertThat(reasonOf(() -> stub.pull(
            PullRequest.newBuilder().setSubscriber(subscriber("below")).build())))
        .isEqualTo(Reason.NOT_READY);
    assertThat(reasonOf(() -> stub.withDeadlineAfter(PATIENCE)
            .listFollowers(ListFollowersRequest.getDefaultInstance())))
        .isEqualTo(Reason.NOT_READY);
  }

  @Test
  void aReportThatHasNotTheStatedFormEndsItsStreamAndNothingElse() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    StreamObserver<StreamRequest> requests =
        SyncServiceGrpc.newStub(channel(voter())).stream(new StreamObserver<>() {
          @Override
          public void onNext(StreamResponse response) {}

          @Override
          public void onError(Throwable error) {
            ended.complete(error);
          }

          @Override
          public void onCompleted() {}
        });
    requests.onNext(StreamRequest.newBuilder()
        .setOpen(StreamRequest.Open.newBuilder()
            .setSubscriber(subscriber("odd"))
            .setReport(Report.newBuilder().setCursor(-1)))
        .build());

    Throwable error = ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    assertThat(StatusCodec.fromStatus(error).orElseThrow().reason()).isEqualTo(Reason.BAD_ARGUMENT);
    assertThat(cluster.faults()).isEmpty();
  }

  @Test
  void aLoopOfRelaysIsRefused() {
    cluster.put(leader, "key", "one");
    List<Integer> ports = LocalCluster.freePorts(1);
    var second = new Endpoint("127.0.0.1", ports.get(0));
    Follower first = start("first", Mode.PUSH, DEFAULT, voter());
    awaitAt(first, 1);
    start("second", second, Mode.PUSH, DEFAULT, first.endpoint());
    awaitAt(followers.get(1), 1);
    Endpoint address = first.endpoint();
    close(first);

    Follower looped = start("first", address, Mode.PUSH, DEFAULT, second);

    await()
        .atMost(PATIENCE)
        .until(() -> looped.view().lastError(), error -> error.contains("loop"));
    assertThat(read(looped, "key")).isEqualTo("one");
  }

  @Test
  void aFollowerOfAPrefixHoldsThatAlone() {
    cluster.put(leader, "routes/a", "1");
    cluster.put(leader, "limits/a", "2");
    Follower follower =
        start("f1", Mode.PUSH, Subscription.of(Selector.parse("default:routes/")), voter());

    awaitAt(follower, 2);
    assertThat(read(follower, "routes/a")).isEqualTo("1");
    assertThat(refusal(follower, "limits/a")).isEqualTo(Reason.KEY_NOT_FOUND);
  }

  @Test
  void S4_37_aFlippedByteInTheCopyIsFoundNamedAndRepairedAndNeverServedAsGood() {
    for (int i = 0; i < 100; i++) {
      cluster.put(leader, "key/" + i, "content " + i);
    }
    Follower follower = start("f1", Mode.PUSH, DEFAULT, voter());
    awaitAt(follower, 100);
    LocalFollowers.flipByteOf(follower, "key/42");

    assertThat(refusal(follower, "key/42")).isEqualTo(Reason.FAULT);

    await().atMost(PATIENCE).until(() -> follower.view().counts().repairs() == 1);
    assertThat(read(follower, "key/42")).isEqualTo("content 42");
    assertThat(follower.view().counts().mismatches()).isEqualTo(1);
    assertThat(follower.view().counts().snapshots())
        .as("only the one key was fetched")
        .isZero();
    awaitEqualDigests("f1");
  }

  @Test
  void aDamagedCopyThatNobodyReadsIsFoundByVerifying() {
    for (int i = 0; i < 100; i++) {
      cluster.put(leader, "key/" + i, "content " + i);
    }
    Follower follower = start("f1", Mode.PUSH, DEFAULT, voter());
    awaitAt(follower, 100);
    LocalFollowers.flipByteOf(follower, "key/7");

    follower.verify();

    await().atMost(PATIENCE).until(() -> follower.view().counts().repairs() == 1);
    assertThat(read(follower, "key/7")).isEqualTo("content 7");
  }

  @Test
  void aFollowerOfAnotherClusterIsRefusedWithWhatToDo() {
    cluster.put(leader, "key", "one");
    Follower follower = start("f1", Mode.PUSH, DEFAULT, voter());
    awaitAt(follower, 1);
    close(follower);
    cluster.close();
    var other = new LocalCluster(root.resolve("other"), 1, builder -> builder);
    other.startAll();
    leader = other.awaitLeader();
    cluster = other;
    other.put(leader, "key", "of another cluster");

    Follower lost = start("f1", Mode.PUSH, DEFAULT, voter());

    await()
        .atMost(PATIENCE)
        .until(() -> lost.view().lastError(), error -> error.contains("empty the"));
    assertThat(read(lost, "key")).isEqualTo("one");
  }

  private Endpoint voter() {
    return cluster.address(leader).client();
  }

  private static Subscriber subscriber(String id) {
    return Subscriber.newBuilder()
        .setFollowerId(id)
        .addAllSelectors(SyncCodec.toProto(DEFAULT))
        .build();
  }

  private Follower start(String id, Mode mode, Subscription subscription, Endpoint upstream) {
    return start(id, new Endpoint("127.0.0.1", 0), mode, subscription, upstream);
  }

  private Follower start(
      String id, Endpoint listen, Mode mode, Subscription subscription, Endpoint upstream) {
    FollowSettings quick = new FollowSettings(
        mode,
        Duration.ofMillis(500),
        8,
        500,
        1 << 20,
        Duration.ofSeconds(3),
        Duration.ofMillis(20),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
    var settings = new FollowerSettings(
        id,
        root.resolve(id),
        listen,
        listen,
        List.of(upstream),
        subscription,
        quick,
        List.of(upstream),
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        4096,
        64L << 20,
        100,
        MonitoringSettings.DEFAULT);
    Follower follower = Follower.start(settings, faults::add);
    followers.add(follower);
    return follower;
  }

  private void close(Follower follower) {
    follower.close();
    followers.remove(follower);
  }

  private void awaitAt(Follower follower, long revision) {
    await()
        .atMost(PATIENCE)
        .until(() -> follower.replica().cursor(), new Revision(revision)::equals);
  }

  private void awaitEqualDigests(String id) {
    await().atMost(PATIENCE).until(() -> {
      FollowerStatus status = statusOf(id);
      return status.hasDigestsEqual() && status.getDigestsEqual();
    });
  }

  private FollowerStatus statusOf(String id) {
    ManagedChannel channel = channel(voter());
    return SyncServiceGrpc.newBlockingStub(channel)
        .listFollowers(ListFollowersRequest.getDefaultInstance())
        .getFollowersList()
        .stream()
        .filter(status -> status.getFollowerId().equals(id))
        .findFirst()
        .orElse(FollowerStatus.getDefaultInstance());
  }

  private ManagedChannel channel(Endpoint endpoint) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
        .usePlaintext()
        .build();
    channels.add(channel);
    return channel;
  }

  private ConfigServiceBlockingStub config(Follower follower) {
    return ConfigServiceGrpc.newBlockingStub(channel(follower.endpoint()));
  }

  private GetResponse get(Follower follower, String key) {
    return config(follower)
        .get(GetRequest.newBuilder()
            .setNamespace("default")
            .setKey(ByteString.copyFromUtf8(key))
            .setConsistency(Consistency.newBuilder().setMaxStalenessMs(0))
            .build());
  }

  private String read(Follower follower, String key) {
    return get(follower, key).getVersion().getContent().toStringUtf8();
  }

  private Reason refusal(Follower follower, String key) {
    return reasonOf(() -> get(follower, key));
  }

  private static Reason reasonOf(ThrowingCallable asking) {
    StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, asking);
    assertThat(error).as("it is refused").isNotNull();
    return StatusCodec.fromStatus(error).orElseThrow().reason();
  }

  private void delete(String key) {
    var unused = cluster
        .config(leader)
        .delete(DeleteRequest.newBuilder()
            .setNamespace("default")
            .setKey(ByteString.copyFromUtf8(key))
            .build());
  }

  private void compact(long revision) {
    var unused = cluster
        .cluster(leader)
        .compact(CompactRequest.newBuilder()
            .setNamespace("default")
            .setRevision(revision)
            .build());
  }
}
