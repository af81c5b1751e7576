package io.syncline.client.sync;

import io.syncline.codec.SyncCodec;
import io.syncline.model.NamespaceName;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.Subscriber;
import java.util.Map;
import java.util.Set;

/** Makes what a follower says: who it is, where it stands, what it asks for. Used on one loop. */
final class Messages {
  /** A relay may have thousands below it: they are told of from time to time. */
  private static final long DOWNSTREAM_INTERVAL_MS = 1000;

  private final Loop loop;
  private final Self self;
  private final Replica replica;
  private final FollowSettings settings;
  private final Counters counters;

  private long downstreamToldAtMs = Long.MIN_VALUE;

  Messages(Loop loop, Self self, Replica replica, FollowSettings settings, Counters counters) {
    this.loop = loop;
    this.self = self;
    this.replica = replica;
    this.settings = settings;
    this.counters = counters;
  }

  PullRequest pull() {
    boolean withDownstream = isDownstreamDue();
    return PullRequest.newBuilder()
        .setSubscriber(subscriber(withDownstream))
        .setReport(report(true, withDownstream))
        .setMaxChanges(settings.maxChanges())
        .setMaxBytes(settings.maxBytes())
        .setWaitMs(Math.toIntExact(settings.pullWait().toMillis()))
        .build();
  }

  StreamRequest open() {
    downstreamToldAtMs = loop.nowMs();
    return StreamRequest.newBuilder()
        .setOpen(StreamRequest.Open.newBuilder()
            .setSubscriber(subscriber(true))
            .setReport(report(true, true))
            .setMaxChanges(settings.maxChanges())
            .setMaxBytes(settings.maxBytes())
            .setCredits(settings.credits()))
        .build();
  }

  /**
   * @param full with digests, and from time to time with those below
   */
  StreamRequest acknowledgement(boolean resend, boolean full) {
    return StreamRequest.newBuilder()
        .setAcknowledge(StreamRequest.Acknowledge.newBuilder()
            .setReport(report(full, full && isDownstreamDue()))
            .setResend(resend))
        .build();
  }

  StreamRequest refusal(StreamRequest.Refuse.Reason reason, String detail) {
    return StreamRequest.newBuilder()
        .setRefuse(StreamRequest.Refuse.newBuilder()
            .setReport(report(true, false))
            .setReason(reason)
            .setDetail(detail))
        .build();
  }

  private boolean isDownstreamDue() {
    boolean due = downstreamToldAtMs == Long.MIN_VALUE
        || loop.nowMs() - downstreamToldAtMs >= DOWNSTREAM_INTERVAL_MS;
    if (due) {
      downstreamToldAtMs = loop.nowMs();
    }
    return due;
  }

  Subscriber subscriber() {
    return subscriber(false);
  }

  private Subscriber subscriber(boolean withDownstream) {
    var subscriber = Subscriber.newBuilder()
        .setFollowerId(self.id())
        .setAddress(self.address())
        .setDurable(self.durable())
        .addAllSelectors(SyncCodec.toProto(self.subscription()));
    replica.cluster().ifPresent(cluster -> subscriber.setClusterId(cluster.toString()));
    if (withDownstream) {
      self.downstream().get().stream()
          .map(FollowerStatus::getFollowerId)
          .forEach(subscriber::addDownstreamIds);
    }
    return subscriber.build();
  }

  private Report report(boolean withDigests, boolean withDownstream) {
    var report = Report.newBuilder()
        .setCursor(replica.cursor().value())
        .setMismatches(counters.mismatches)
        .setRepairs(counters.repairs)
        .setRetries(counters.retries);
    if (withDownstream) {
      report.setDownstreamTold(true).addAllDownstream(self.downstream().get());
    }
    for (NamespaceName namespace : withDigests ? wholeNamespaces() : Set.<NamespaceName>of()) {
      report.addAllDigests(SyncCodec.toProto(Map.of(namespace, replica.digest(namespace))));
    }
    return report.build();
  }

  private Set<NamespaceName> wholeNamespaces() {
    return self.subscription().wholeAmong(replica.namespaces());
  }
}
