package io.syncline.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.codec.SyncCodec;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Rejection;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.server.sync.Downstream;
import io.syncline.server.sync.PushStream;
import io.syncline.server.sync.Reply;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncMeters;
import io.syncline.server.sync.SyncServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node sends to those who follow it, one exchange at a time, in virtual time. */
class SyncServerTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final int UNDERWAY_BYTES = 64 << 10;
  private static final int CONTENT_BYTES = 1 << 10;
  private static final int LONG_HISTORY = 2_000;
  private static final SyncLimits LIMITS = new SyncLimits(
      100,
      UNDERWAY_BYTES,
      Duration.ofSeconds(1),
      Duration.ofSeconds(2),
      Duration.ofSeconds(30),
      Duration.ofMinutes(10),
      Duration.ofDays(1),
      Duration.ofDays(1),
      LONG_HISTORY);

  private final VirtualTime time = new VirtualTime();
  private final MemorySource source = new MemorySource(() -> CLUSTER, time::nowMs, List::of);
  private final SyncServer server = new SyncServer(
      time.new Life(), source, LIMITS, "voter", new Random(1), time, SyncMeters.NONE);

  @BeforeEach
  void start() {
    server.start();
  }

  @Test
  void S3_24_aChangeAroundTheMomentThatAPullBeginsIsToldAtOnce() {
    for (int moment = 0; moment < 3; moment++) {
      long before = source.revision().value();
      var reply = new Received();
      List<Runnable> steps = new ArrayList<>(List.of(this::commitUntold, server::onCommitted));
      steps.add(moment, () -> server.pull(pull("f" + before, before, 60_000), reply));

      steps.forEach(Runnable::run);
      time.runUntil(time.nowMs());

      assertThat(reply.to()).as("pull as step " + moment).isEqualTo(before + 1);
    }
  }

  @Test
  void S3_23_aPullIsHeldForAsLongAsItAskedFor() {
    var reply = new Received();

    server.pull(pull("f1", 0, 5_000), reply);
    time.runUntil(4_999);
    assertThat(reply.answered()).isFalse();

    time.runUntil(5_000);
    assertThat(reply.answered()).isTrue();
  }

  @Test
  void S4_19_aFollowerThatTakesNothingHoldsUpNoOther() {
    var stuck = new Sink("stuck");
    var quick = new Sink("quick");
    stuck.ready = false;
    stuck.open(64);
    quick.open(64);

    commit(100);

    assertThat(quick.batches()).isNotEmpty();
    assertThat(quick.cursor).isEqualTo(100);
    assertThat(stuck.batches()).isEmpty();
  }

  @Test
  void S4_21_whatWasLostOnTheWayIsSentAgainBeforeAnythingAfterIt() {
    var sink = new Sink("f1");
    sink.acknowledging = false;
    sink.open(64);
    commit(1);
    commit(1);
    commit(1);
    assertThat(sink.spans()).containsExactly("0-1", "1-2", "2-3");

    // the first arrived, the second did not
    sink.batches.clear();
    sink.acknowledge(1, true);

    assertThat(sink.spans()).containsExactly("1-3");
  }

  @Test
  void S4_22_S4_23_whatIsNotAcknowledgedIsSentAgainAfterLongerAndLongerWaits() {
    var sink = new Sink("f1");
    sink.acknowledging = false;
    sink.open(64);
    commit(1);

    time.runUntil(Duration.ofMinutes(2).toMillis());

    List<Long> waits = LongStream.range(1, sink.sentAtMs.size())
        .mapToObj(i -> sink.sentAtMs.get((int) i) - sink.sentAtMs.get((int) i - 1))
        .toList();
    assertThat(waits).hasSizeGreaterThan(4).isSorted();
    assertThat(waits.get(0)).isBetween(2_000L, 3_500L);
    assertThat(waits.get(waits.size() - 1)).isBetween(30_000L, 38_500L);
    assertThat(status("f1").getState()).isEqualTo(FollowerStatus.State.RETRYING);
  }

  @Test
  void S4_25_onlyTheRevisionThatWasAppliedCounts() {
    var sink = new Sink("f1");
    sink.acknowledging = false;
    sink.open(64);
    commit(3);

    sink.acknowledge(2, false);
    assertThat(status("f1").getCursor()).isEqualTo(2);
    assertThat(status("f1").getLagRevisions()).isEqualTo(1);

    sink.acknowledge(3, false);
    assertThat(status("f1").getState()).isEqualTo(FollowerStatus.State.COMPLETED);
  }

  @Test
  void S4_26_everyBatchNamesItsClusterAndTerm() {
    var sink = new Sink("f1");
    sink.open(64);
    commit(1);

    assertThat(sink.batches()).allSatisfy(batch -> {
      assertThat(batch.cluster()).isEqualTo(CLUSTER);
      assertThat(batch.term()).isEqualTo(1);
    });
  }

  @Test
  void S4_18_batchesAreCutByTheNumberOfChangesAskedFor() {
    commit(1050);
    var sink = new Sink("f1");
    sink.open(64);

    assertThat(sink.batches().stream().map(batch -> batch.changes().size()))
        .startsWith(SyncLimits.DEFAULT_CHANGES)
        .allMatch(changes -> changes <= SyncLimits.DEFAULT_CHANGES);
    assertThat(sink.cursor).isEqualTo(1050);
  }

  @Test
  void manyVersionsOfFewKeysAreLeftToTheNetDifference() {
    for (int i = 1; i <= LONG_HISTORY; i++) {
      source.commit("key/" + i % 10, new Version(i), "content " + i);
    }
    var sink = new Sink("pushed");
    var reply = new Received();

    sink.open(64);
    server.pull(pull("pulled", 0, 0), reply);
    time.runUntil(time.nowMs());

    assertThat(sink.snapshotNeeded).isTrue();
    assertThat(sink.batches()).isEmpty();
    assertThat(reply.snapshotNeeded()).isTrue();

    // with the difference, only what came after it is lacked
    sink.cursor = LONG_HISTORY - 1;
    sink.acknowledge(sink.cursor, false);
    assertThat(sink.spans()).containsExactly((LONG_HISTORY - 1) + "-" + LONG_HISTORY);
  }

  @Test
  void versionsOfManyKeysAreSentHoweverManyTheyAre() {
    commit(LONG_HISTORY + 1);
    var sink = new Sink("f1");

    sink.open(64);

    assertThat(sink.snapshotNeeded).isFalse();
    assertThat(sink.cursor).isEqualTo(LONG_HISTORY + 1);
  }

  @Test
  void noMoreIsUnderWayThanCreditsAllow() {
    var sink = new Sink("f1");
    sink.acknowledging = false;
    sink.open(2);

    for (int i = 0; i < 10; i++) {
      commit(1);
    }

    assertThat(sink.batches()).hasSize(2);
  }

  @Test
  void howeverManyFollowWhatIsUnderWayToThemHasABound() {
    var sinks = new ArrayList<Sink>();
    for (int i = 0; i < 4; i++) {
      var sink = new Sink("f" + i);
      sink.acknowledging = false;
      sink.open(64);
      sinks.add(sink);
    }

    for (int i = 0; i < 500; i++) {
      commit(1);
    }

    long underWay = sinks.stream().mapToLong(Sink::bytes).sum();
    // each may go over its share by the last batch
    assertThat(underWay).isBetween(UNDERWAY_BYTES / 2L, UNDERWAY_BYTES + 4L * 2 * CONTENT_BYTES);
  }

  private void commit(int changes) {
    for (int i = 0; i < changes; i++) {
      commitUntold();
    }
    server.onCommitted();
    time.runUntil(time.nowMs());
  }

  private void commitUntold() {
    long revision = source.revision().value() + 1;
    source.commit(("content of " + revision + " ").repeat(CONTENT_BYTES / 12));
  }

  private FollowerStatus status(String id) {
    return server.statuses().stream()
        .filter(status -> status.getFollowerId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Subscriber subscriber(String id) {
    return Subscriber.newBuilder()
        .setFollowerId(id)
        .setClusterId(CLUSTER.toString())
        .addAllSelectors(SyncCodec.toProto(Subscription.EVERYTHING))
        .build();
  }

  private static Report report(long cursor) {
    return Report.newBuilder().setCursor(cursor).build();
  }

  private static PullRequest pull(String id, long cursor, int waitMs) {
    return PullRequest.newBuilder()
        .setSubscriber(subscriber(id))
        .setReport(report(cursor))
        .setWaitMs(waitMs)
        .build();
  }

  private static final class Received implements Reply<PullResponse> {
    private @Nullable PullResponse response;

    @Override
    public void answer(PullResponse answer) {
      response = answer;
    }

    @Override
    public void refuse(Throwable why) {
      throw new AssertionError("refused", why);
    }

    boolean answered() {
      return response != null;
    }

    boolean snapshotNeeded() {
      PullResponse answer = response;
      return answer != null && answer.getSnapshotNeeded();
    }

    /** The revision that the answer leads to; -1: there is none. */
    long to() {
      PullResponse answer = response;
      return answer == null ? -1 : SyncCodec.open(answer.getBatch()).to().value();
    }
  }

  /** A follower that applies what it is sent at once, in order; acknowledges it if it is to. */
  private final class Sink implements Downstream {
    private final String id;
    private final PushStream stream = server.stream(this);
    private final List<StreamResponse> batches = new ArrayList<>();
    private final List<Long> sentAtMs = new ArrayList<>();
    private boolean ready = true;
    private boolean acknowledging = true;
    private boolean snapshotNeeded;
    private long cursor;

    Sink(String id) {
      this.id = id;
    }

    void open(int credits) {
      stream.message(StreamRequest.newBuilder()
          .setOpen(StreamRequest.Open.newBuilder()
              .setSubscriber(subscriber(id))
              .setReport(report(0))
              .setCredits(credits))
          .build());
      time.runUntil(time.nowMs());
    }

    void acknowledge(long revision, boolean resend) {
      stream.message(StreamRequest.newBuilder()
          .setAcknowledge(
              StreamRequest.Acknowledge.newBuilder().setReport(report(revision)).setResend(resend))
          .build());
      time.runUntil(time.nowMs());
    }

    List<ChangeBatch> batches() {
      return batches.stream()
          .map(response -> SyncCodec.open(response.getBatch()))
          .toList();
    }

    List<String> spans() {
      return batches().stream().map(batch -> batch.from() + "-" + batch.to()).toList();
    }

    long bytes() {
      return batches.stream()
          .mapToLong(response -> response.getBatch().getBatch().size())
          .sum();
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void send(StreamResponse response) {
      if (!response.hasBatch()) {
        snapshotNeeded |= response.getSnapshotNeeded();
        return;
      }
      batches.add(response);
      sentAtMs.add(time.nowMs());
      if (acknowledging) {
        ChangeBatch batch = SyncCodec.open(response.getBatch());
        assertThat(batch.from().value()).isEqualTo(cursor);
        cursor = batch.to().value();
        stream.message(StreamRequest.newBuilder()
            .setAcknowledge(StreamRequest.Acknowledge.newBuilder().setReport(report(cursor)))
            .build());
      }
    }

    @Override
    public void end(Rejection why) {
      throw new AssertionError(id + ": " + why.message());
    }
  }
}
