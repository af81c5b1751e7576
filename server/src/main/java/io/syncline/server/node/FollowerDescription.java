package io.syncline.server.node;

import io.syncline.client.sync.FollowView;
import io.syncline.monitor.Readiness;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.FollowerView;
import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.server.rpc.VoterView;
import java.util.function.Supplier;

/** What a follower says of itself. */
record FollowerDescription(
    Follower follower,
    FollowerSettings settings,
    Readiness readiness,
    Supplier<AlertsResponse> alertsNow,
    long startedAtNanos)
    implements VoterView {

  FollowerDescription(
      Follower follower,
      FollowerSettings settings,
      Readiness readiness,
      Supplier<AlertsResponse> alertsNow) {
    this(follower, settings, readiness, alertsNow, System.nanoTime());
  }

  @Override
  public AlertsResponse alerts() {
    return alertsNow.get();
  }

  @Override
  public IdentifyResponse identity() {
    var response = IdentifyResponse.newBuilder().setVoter(settings.id());
    follower.replica().cluster().ifPresent(cluster -> response.setClusterId(cluster.toString()));
    return response.build();
  }

  @Override
  public StatusResponse status() {
    FollowView view = follower.view();
    var header = ResponseHeader.newBuilder()
        .setVoter(settings.id())
        .setRevision(follower.replica().cursor().value())
        .setTerm(follower.replica().term());
    follower.replica().cluster().ifPresent(cluster -> header.setClusterId(cluster.toString()));
    return StatusResponse.newBuilder()
        .setHeader(header)
        .setRole(StatusResponse.Role.FOLLOWER)
        .setReady(readiness.ready())
        .addAllNotReadyReasons(readiness.reasons())
        .setNamespaces(follower.replica().store().namespaces().size())
        .setStoreBytes(follower.replica().store().sizeBytes())
        .setWatchers(follower.watchers())
        .setUptimeMs((System.nanoTime() - startedAtNanos) / 1_000_000)
        .setBuild(SelfDescription.build())
        .setFollower(describe(view))
        .build();
  }

  private FollowerView describe(FollowView view) {
    FollowView.Counts counts = view.counts();
    var described = FollowerView.newBuilder()
        .setUpstream(view.upstream())
        .setState(view.state().name())
        .setHeadRevision(view.head().value())
        .setLastError(view.lastError())
        .setLastCorruption(view.lastCorruption())
        .setBatches(counts.batches())
        .setChanges(counts.changes())
        .setBytes(counts.bytes())
        .setDuplicates(counts.duplicates())
        .setRetries(counts.retries())
        .setCorrupt(counts.corrupt())
        .setMismatches(counts.mismatches())
        .setRepairs(counts.repairs())
        .setSnapshots(counts.snapshots())
        .setSnapshotBytes(counts.snapshotBytes())
        .setCopyingKeys(follower.copyingKeys())
        .setCopyingTotalKeys(follower.copyingTotalKeys());
    follower.ageNow().ifPresent(age -> described.setAgeMs(age.toMillis()));
    described.setSelectors(settings.subscription().toString());
    view.suspects().forEach(suspect -> described.addSuspects(suspect.value()));
    return described.build();
  }
}
