package io.syncline.server.node;

import io.syncline.client.sync.FollowView;
import io.syncline.client.sync.FollowView.State;
import io.syncline.model.Draft;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.server.draft.Drafts;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/** What a follower measures beside what every node does: its own copy. */
record FollowerMetrics(Follower follower, Drafts drafts) {
  private static final List<Metric> COPY = List.of(
      MetricCatalogue.COPY_LAG_REVISIONS,
      MetricCatalogue.COPY_AGE,
      MetricCatalogue.COPY_STATE,
      MetricCatalogue.COPY_BATCHES,
      MetricCatalogue.COPY_CHANGES,
      MetricCatalogue.COPY_BYTES,
      MetricCatalogue.COPY_DUPLICATES,
      MetricCatalogue.COPY_RETRIES,
      MetricCatalogue.COPY_CORRUPT,
      MetricCatalogue.COPY_MISMATCHES,
      MetricCatalogue.COPY_REPAIRS,
      MetricCatalogue.COPY_SUSPECTS,
      MetricCatalogue.COPY_SNAPSHOTS,
      MetricCatalogue.COPY_SNAPSHOT_BYTES,
      MetricCatalogue.COPY_SNAPSHOT_PROGRESS);

  private static final List<State> STATES =
      List.of(State.WAITING, State.PULLING, State.STREAMING, State.COPYING, State.COMPARING);

  void lookAt(NodeMetrics node, FollowerServing serving, DataFolder folder) {
    var replica = serving.replica();
    var store = new StoreMetrics(replica.store(), folder, replica.feed(), serving.watches());
    var sync = new SyncMetrics(serving.sync(), replica.store(), List::of, Clock.systemUTC());
    node.look(StoreMetrics.METRICS, store::look);
    node.look(SyncMetrics.METRICS, sync::look);
    node.look(COPY, this::lookAtCopy);
    node.look(List.of(MetricCatalogue.DRAFTS), this::lookAtDrafts);
    node.startAlerting();
  }

  private void lookAtCopy(Rows rows) {
    FollowView view = follower.view();
    FollowView.Counts counts = view.counts();
    rows.add(
        MetricCatalogue.COPY_LAG_REVISIONS,
        Math.max(0, view.head().value() - view.cursor().value()));
    follower.ageNow().ifPresent(age -> rows.add(MetricCatalogue.COPY_AGE, age.toMillis() / 1e3));
    STATES.forEach(state -> rows.add(
        MetricCatalogue.COPY_STATE,
        view.state() == state ? 1 : 0,
        state.name().toLowerCase(Locale.ROOT)));
    rows.add(MetricCatalogue.COPY_BATCHES, counts.batches());
    rows.add(MetricCatalogue.COPY_CHANGES, counts.changes());
    rows.add(MetricCatalogue.COPY_BYTES, counts.bytes());
    rows.add(MetricCatalogue.COPY_DUPLICATES, counts.duplicates());
    rows.add(MetricCatalogue.COPY_RETRIES, counts.retries());
    rows.add(MetricCatalogue.COPY_CORRUPT, counts.corrupt());
    rows.add(MetricCatalogue.COPY_MISMATCHES, counts.mismatches());
    rows.add(MetricCatalogue.COPY_REPAIRS, counts.repairs());
    rows.add(MetricCatalogue.COPY_SUSPECTS, view.suspects().size());
    rows.add(MetricCatalogue.COPY_SNAPSHOTS, counts.snapshots());
    rows.add(MetricCatalogue.COPY_SNAPSHOT_BYTES, counts.snapshotBytes());
    double progress = follower
        .copying()
        .map(now -> Math.min(1.0, (double) now.keys() / (double) now.totalKeys()))
        .orElse(1.0);
    rows.add(MetricCatalogue.COPY_SNAPSHOT_PROGRESS, progress);
  }

  private void lookAtDrafts(Rows rows) {
    List<Draft> kept = drafts.list();
    rows.add(MetricCatalogue.DRAFTS, count(kept, Draft.State.PENDING), "waiting");
    rows.add(MetricCatalogue.DRAFTS, count(kept, Draft.State.REFUSED), "refused");
  }

  private static long count(List<Draft> drafts, Draft.State state) {
    return drafts.stream().filter(draft -> draft.outcome().state() == state).count();
  }
}
