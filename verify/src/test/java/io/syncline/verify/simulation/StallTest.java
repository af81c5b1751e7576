package io.syncline.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.codec.SyncCodec;
import io.syncline.model.Rejection;
import io.syncline.model.Subscription;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.server.sync.Downstream;
import io.syncline.server.sync.PushStream;
import io.syncline.server.sync.Reply;
import io.syncline.server.sync.Survey;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncMeters;
import io.syncline.server.sync.SyncServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A follower that does not move though there is something to send is begun anew, in virtual time. */
class StallTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final long STALLED_MS = 30_000;
  private static final SyncLimits LIMITS = new SyncLimits(
      100,
      1 << 20,
      Duration.ofSeconds(1),
      Duration.ofSeconds(2),
      Duration.ofSeconds(30),
      Duration.ofSeconds(10),
      Duration.ofDays(1),
      Duration.ofMillis(STALLED_MS),
      Long.MAX_VALUE);

  private final VirtualTime time = new VirtualTime();
  private final MemorySource source = new MemorySource(() -> CLUSTER, time::nowMs, List::of);
  private final Meters meters = new Meters();
  private final SyncServer server = new SyncServer(
      time.new Life(), source, LIMITS, "voter", new Random(1), time, SyncMeters.of(meters));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void S4_58_aStreamThatDoesNotMoveIsEndedSoThatItComesBack() {
    var follower = new Stuck();
    commit();

    time.runUntil(STALLED_MS - 1_000);
    assertThat(follower.ends).isEmpty();

    time.runUntil(STALLED_MS + 2_000);
    assertThat(follower.ends).hasSize(1);
    assertThat(follower.ends.get(0)).contains("begin anew");
    assertThat(stalls()).isEqualTo(1);
    assertThat(stalled()).isTrue();
  }

  @Test
  void S4_59_oneThatStaysStalledIsBegunAnewThriceAfterLongerWaitsAndThenLeftToPeople() {
    var follower = new Stuck();
    follower.comingBack = true;
    commit();

    time.runUntil(Duration.ofHours(2).toMillis());

    assertThat(follower.ends).hasSize(3);
    assertThat(follower.endedAtMs.get(1) - follower.endedAtMs.get(0))
        .isBetween(2 * STALLED_MS, 2 * STALLED_MS + 3_000);
    assertThat(follower.endedAtMs.get(2) - follower.endedAtMs.get(1))
        .isBetween(4 * STALLED_MS, 4 * STALLED_MS + 3_000);
    assertThat(stalls()).isEqualTo(3);
    assertThat(stalled()).isTrue();
  }

  @Test
  void oneThatMovesAgainIsNotStalledAnyMoreAndHasAllItsTriesAgain() {
    var follower = new Stuck();
    follower.comingBack = true;
    commit();
    time.runUntil(STALLED_MS + 2_000);
    assertThat(stalled()).isTrue();

    follower.acknowledge(1);
    assertThat(stalled()).isFalse();

    commit();
    time.runUntil(time.nowMs() + Duration.ofHours(2).toMillis());
    assertThat(stalls()).isEqualTo(1 + 3);
  }

  @Test
  void oneThatHasEverythingOrMovesSlowlyIsLeftAlone() {
    var follower = new Stuck();
    time.runUntil(Duration.ofHours(1).toMillis());
    for (int revision = 1; revision < 20; revision++) {
      commit();
      commit();
      time.runUntil(time.nowMs() + STALLED_MS - 2_000);
      follower.acknowledge(revision);
    }

    assertThat(follower.ends).isEmpty();
    assertThat(stalls()).isZero();
  }

  @Test
  void aConnectionThatTakesNothingIsStalledToo() {
    var follower = new Stuck();
    follower.ready = false;
    commit();

    time.runUntil(STALLED_MS + 2_000);

    assertThat(follower.ends).hasSize(1);
  }

  @Test
  void aPullThatIsRepeatedOverAndOverIsRefusedOnce() {
    commit();
    var refused = new ArrayList<Throwable>();
    for (int i = 0; i < 35; i++) {
      pull(refused);
      time.runUntil(time.nowMs() + 1_000);
    }

    assertThat(refused).hasSize(1);
    assertThat(refused.get(0)).hasMessageContaining("begin anew");
    assertThat(stalls()).isEqualTo(1);
    assertThat(stalled()).isTrue();
    assertThat(count(MetricCatalogue.SYNC_SUCCESSES, "pull")).isZero();
    assertThat(count(MetricCatalogue.SYNC_RETRIES, "pull")).isGreaterThan(30);
  }

  private void pull(List<Throwable> refused) {
    var request = PullRequest.newBuilder()
        .setSubscriber(subscriber())
        .setReport(Report.newBuilder().setCursor(0))
        .build();
    server.pull(request, new Reply<PullResponse>() {
      @Override
      public void answer(PullResponse answer) {}

      @Override
      public void refuse(Throwable why) {
        refused.add(why);
      }
    });
  }

  private double stalls() {
    return meters.read(MetricCatalogue.SYNC_STALLS).get(0).value();
  }

  private double count(io.syncline.monitor.metrics.Metric metric, String mode) {
    return meters.read(metric).stream()
        .filter(reading -> reading.labels().contains(mode))
        .mapToDouble(Reading::value)
        .sum();
  }

  private boolean stalled() {
    var told = new ArrayList<Survey>();
    server.survey(new Reply<>() {
      @Override
      public void answer(Survey survey) {
        told.add(survey);
      }

      @Override
      public void refuse(Throwable why) {
        throw new AssertionError(why);
      }
    });
    time.runUntil(time.nowMs());
    return told.get(0).followers().get(0).stalled();
  }

  private void commit() {
    source.commit("content");
    server.onCommitted();
    time.runUntil(time.nowMs());
  }

  private static Subscriber subscriber() {
    return Subscriber.newBuilder()
        .setFollowerId("f1")
        .setClusterId(CLUSTER.toString())
        .addAllSelectors(SyncCodec.toProto(Subscription.EVERYTHING))
        .build();
  }

  /** A follower that is there, and says so, but applies only what it is told to. */
  private final class Stuck implements Downstream {
    private final List<String> ends = new ArrayList<>();
    private final List<Long> endedAtMs = new ArrayList<>();
    private boolean ready = true;
    private boolean comingBack;
    private long cursor;
    private @Nullable PushStream stream;

    Stuck() {
      open();
    }

    private void open() {
      PushStream opened = server.stream(this);
      stream = opened;
      opened.message(StreamRequest.newBuilder()
          .setOpen(StreamRequest.Open.newBuilder()
              .setSubscriber(subscriber())
              .setReport(Report.newBuilder().setCursor(cursor))
              .setCredits(8))
          .build());
      time.runUntil(time.nowMs());
    }

    void acknowledge(long revision) {
      cursor = revision;
      say();
      time.runUntil(time.nowMs());
    }

    private void say() {
      PushStream open = stream;
      if (open != null) {
        open.message(StreamRequest.newBuilder()
            .setAcknowledge(StreamRequest.Acknowledge.newBuilder()
                .setReport(Report.newBuilder().setCursor(cursor)))
            .build());
      }
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void send(StreamResponse response) {
      say();
    }

    @Override
    public void end(Rejection why) {
      ends.add(why.message());
      endedAtMs.add(time.nowMs());
      stream = null;
      if (comingBack) {
        time.after(1_000, this::reopen);
      }
    }

    private void reopen() {
      PushStream opened = server.stream(this);
      stream = opened;
      opened.message(StreamRequest.newBuilder()
          .setOpen(StreamRequest.Open.newBuilder()
              .setSubscriber(subscriber())
              .setReport(Report.newBuilder().setCursor(cursor))
              .setCredits(8))
          .build());
    }
  }
}
