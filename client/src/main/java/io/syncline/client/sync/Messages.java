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
  private final Self self;
  private final Replica replica;
  private final FollowSettings settings;
  private final Counters counters;

  Messages(Self self, Replica replica, FollowSettings settings, Counters counters) {
    this.self = self;
    this.replica = replica;
    this.settings = settings;
    this.counters = counters;
  }

  PullRequest pull() {
    return PullRequest.newBuilder()
        .setSubscriber(subscriber())
        .setReport(report(true))
        .setMaxChanges(settings.maxChanges())
        .setMaxBytes(settings.maxBytes())
        .setWaitMs(Math.toIntExact(settings.pullWait().toMillis()))
        .build();
  }

  StreamRequest open() {
    return StreamRequest.newBuilder()
        .setOpen(StreamRequest.Open.newBuilder()
            .setSubscriber(subscriber())
            .setReport(report(true))
            .setMaxChanges(settings.maxChanges())
            .setMaxBytes(settings.maxBytes())
            .setCredits(settings.credits()))
        .build();
  }

  StreamRequest acknowledgement(boolean resend, boolean withDigests) {
    return StreamRequest.newBuilder()
        .setAcknowledge(StreamRequest.Acknowledge.newBuilder()
            .setReport(report(withDigests))
            .setResend(resend))
        .build();
  }

  StreamRequest refusal(StreamRequest.Refuse.Reason reason, String detail) {
    return StreamRequest.newBuilder()
        .setRefuse(StreamRequest.Refuse.newBuilder()
            .setReport(report(true))
            .setReason(reason)
            .setDetail(detail))
        .build();
  }

  Subscriber subscriber() {
    var subscriber = Subscriber.newBuilder()
        .setFollowerId(self.id())
        .setAddress(self.address())
        .setDurable(self.durable())
        .addAllSelectors(SyncCodec.toProto(self.subscription()));
    replica.cluster().ifPresent(cluster -> subscriber.setClusterId(cluster.toString()));
    self.downstream().get().stream()
        .map(FollowerStatus::getFollowerId)
        .forEach(subscriber::addDownstreamIds);
    return subscriber.build();
  }

  private Report report(boolean withDigests) {
    var report = Report.newBuilder()
        .setCursor(replica.cursor().value())
        .setMismatches(counters.mismatches)
        .setRepairs(counters.repairs)
        .setRetries(counters.retries)
        .addAllDownstream(self.downstream().get());
    for (NamespaceName namespace : withDigests ? wholeNamespaces() : Set.<NamespaceName>of()) {
      report.addAllDigests(SyncCodec.toProto(Map.of(namespace, replica.digest(namespace))));
    }
    return report.build();
  }

  private Set<NamespaceName> wholeNamespaces() {
    return self.subscription().wholeAmong(replica.namespaces());
  }
}
