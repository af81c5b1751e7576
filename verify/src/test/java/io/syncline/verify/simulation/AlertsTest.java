package io.syncline.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.codec.SyncCodec;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Rejection;
import io.syncline.model.Subscription;
import io.syncline.monitor.alert.Alert;
import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.alert.AlertEvaluator;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Metric;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamRequest.Refuse;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.server.sync.Downstream;
import io.syncline.server.sync.PushStream;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncMeters;
import io.syncline.server.sync.SyncServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node counts while it serves followers, and what its alerts make of it, in virtual time. */
class AlertsTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final Duration EVALUATION = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime();
  private final MemorySource source = new MemorySource(() -> CLUSTER, time::nowMs, List::of);
  private final Meters meters = new Meters();
  private final SyncServer server = new SyncServer(
      time.new Life(),
      source,
      SyncLimits.DEFAULT,
      "v1",
      new Random(1),
      time,
      SyncMeters.of(meters));
  private final List<String> told = new ArrayList<>();
  private final AlertEvaluator alerts = new AlertEvaluator(
      AlertCatalogue.ALL,
      Metric.Node.VOTER,
      "v1",
      meters::read,
      time,
      alert -> told.add(alert.rule() + " " + alert.state()));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void close() {
    meters.close();
  }

  /** A change every few seconds, and then a look at what is wrong. */
  private void live(Duration duration) {
    long end = time.nowMs() + duration.toMillis();
    while (time.nowMs() < end) {
      commit();
      time.runUntil(time.nowMs() + EVALUATION.toMillis());
      alerts.evaluate();
    }
  }

  @Test
  void S4_55_theSuccessRateAlertsWhenItFallsAndIsResolvedWhenItRises() {
    var steady = new Follower("steady");
    var refusing = new Follower("refusing");
    steady.open();
    refusing.open();
    live(Duration.ofMinutes(5));
    assertThat(told).isEmpty();

    refusing.refuses = true;
    live(Duration.ofMinutes(10));
    assertThat(told).contains("SyncSuccessRateLow firing", "SyncRefused firing");
    assertThat(alerts.firing())
        .extracting(Alert::summary)
        .anyMatch(summary -> summary.contains("by push, followers acknowledge"));

    refusing.refuses = false;
    live(Duration.ofMinutes(10));
    assertThat(told).contains("SyncSuccessRateLow resolved", "SyncRefused resolved");
    assertThat(alerts.alerts()).isEmpty();
  }

  @Test
  void S4_59_whatGoesOnIsToldOnce() {
    var refusing = new Follower("refusing");
    refusing.open();
    refusing.refuses = true;

    live(Duration.ofMinutes(30));

    assertThat(told.stream().filter("SyncRefused firing"::equals)).hasSize(1);
    assertThat(told).doesNotHaveDuplicates();
  }

  @Test
  void nothingFiresInAQuietHour() {
    new Follower("f1").open();
    new Follower("f2").open();

    live(Duration.ofHours(1));

    assertThat(told).isEmpty();
    assertThat(alerts.alerts()).isEmpty();
  }

  private void commit() {
    source.commit("rate: 100");
    server.onCommitted();
  }

  /** Applies what it is sent, or refuses it as damaged. */
  private final class Follower implements Downstream {
    private final Subscriber self;
    private final PushStream stream = server.stream(this);
    private boolean refuses;
    private long cursor;

    Follower(String id) {
      self = Subscriber.newBuilder()
          .setFollowerId(id)
          .addAllSelectors(SyncCodec.toProto(Subscription.EVERYTHING))
          .build();
    }

    void open() {
      stream.message(StreamRequest.newBuilder()
          .setOpen(StreamRequest.Open.newBuilder()
              .setSubscriber(self)
              .setReport(report())
              .setCredits(8))
          .build());
    }

    private Report report() {
      return Report.newBuilder().setCursor(cursor).build();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(StreamResponse response) {
      if (response.hasBatch() && refuses) {
        stream.message(StreamRequest.newBuilder()
            .setRefuse(Refuse.newBuilder().setReport(report()).setReason(Refuse.Reason.CORRUPT))
            .build());
        return;
      }
      if (response.hasBatch()) {
        ChangeBatch batch = SyncCodec.open(response.getBatch());
        if (batch.from().value() <= cursor) {
          cursor = Math.max(cursor, batch.to().value());
        }
      }
      stream.message(StreamRequest.newBuilder()
          .setAcknowledge(StreamRequest.Acknowledge.newBuilder().setReport(report()))
          .build());
    }

    @Override
    public void end(Rejection why) {}
  }
}
