package io.syncline.server.node;

import io.syncline.model.FollowerRegistration;
import io.syncline.model.Revision;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.proto.sync.v1.FollowerStatus.State;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreReader;
import io.syncline.server.sync.Reply;
import io.syncline.server.sync.Survey;
import io.syncline.server.sync.Survey.Sight;
import io.syncline.server.sync.SyncMeters;
import io.syncline.server.sync.SyncServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How those that follow a node stand, as metrics. The loop that serves them tells a few words of each;
 * everything else is worked out on the thread that scrapes.
 *
 * @param unheardOf followers that the log remembers, and that no node has heard of
 */
record SyncMetrics(
    SyncServer sync,
    Store store,
    Supplier<List<FollowerRegistration>> unheardOf,
    InstantSource clock) {
  static final List<Metric> METRICS = List.of(
      MetricCatalogue.SYNC_LAG_REVISIONS,
      MetricCatalogue.SYNC_LAG_SECONDS,
      MetricCatalogue.FOLLOWERS,
      MetricCatalogue.FOLLOWERS_BY_LAG,
      MetricCatalogue.FOLLOWERS_BY_DIGEST,
      MetricCatalogue.SYNC_SESSIONS,
      MetricCatalogue.SYNC_STALLED);

  /** A loop that is that busy has better things to do than to be measured. */
  private static final long PATIENCE_MS = 1000;

  private static final List<State> STATES =
      List.of(State.PENDING, State.RUNNING, State.COMPLETED, State.FAILED, State.RETRYING);

  void look(Rows rows) {
    Survey survey = survey();
    rows.add(MetricCatalogue.SYNC_SESSIONS, survey.streams(), "push");
    rows.add(MetricCatalogue.SYNC_SESSIONS, survey.pulls(), "pull");
    rows.add(MetricCatalogue.SYNC_SESSIONS, survey.snapshots(), "snapshot");
    List<Sight> followers = ofThisNode(survey.followers());
    rows.add(
        MetricCatalogue.SYNC_STALLED, followers.stream().filter(Sight::stalled).count());
    countByState(followers, rows);
    countByDigest(followers, rows);
    new LagSeries(store.namespaces(), this::committedAfter, clock.instant()).fill(followers, rows);
  }

  private Survey survey() {
    var told = new CompletableFuture<Survey>();
    sync.survey(new Reply<>() {
      @Override
      public void answer(Survey survey) {
        told.complete(survey);
      }

      @Override
      public void refuse(Throwable why) {
        told.completeExceptionally(why);
      }
    });
    return told.orTimeout(PATIENCE_MS, TimeUnit.MILLISECONDS).join();
  }

  /**
   * Without those that went to another node, which shows them; with those that only the log remembers,
   * if it is for this node to show them.
   */
  private List<Sight> ofThisNode(List<Sight> seen) {
    var followers = new ArrayList<Sight>(seen);
    if (seen.stream().anyMatch(Sight::gone)) {
      var noted = new HashMap<String, Revision>();
      store
          .read(StoreReader::followers)
          .forEach(registration -> noted.put(registration.id(), registration.cursor()));
      followers.removeIf(follower -> follower.gone()
          && noted.getOrDefault(follower.id(), Revision.ZERO).isAfter(follower.cursor()));
    }
    unheardOf
        .get()
        .forEach(registration -> followers.add(new Sight(
            registration.id(),
            registration.subscription(),
            registration.cursor(),
            State.FAILED,
            true,
            Optional.empty(),
            false)));
    return followers;
  }

  private static void countByState(List<Sight> followers, Rows rows) {
    Map<State, Long> counts = new EnumMap<>(State.class);
    followers.forEach(follower -> counts.merge(follower.state(), 1L, Long::sum));
    STATES.forEach(state -> rows.add(
        MetricCatalogue.FOLLOWERS, counts.getOrDefault(state, 0L), SyncMeters.label(state)));
  }

  private static void countByDigest(List<Sight> followers, Rows rows) {
    Map<Optional<Boolean>, Long> counts = new HashMap<>();
    followers.forEach(follower -> counts.merge(follower.digestsEqual(), 1L, Long::sum));
    Metric metric = MetricCatalogue.FOLLOWERS_BY_DIGEST;
    rows.add(metric, counts.getOrDefault(Optional.of(true), 0L), "equal");
    rows.add(metric, counts.getOrDefault(Optional.of(false), 0L), "different");
    rows.add(metric, counts.getOrDefault(Optional.<Boolean>empty(), 0L), "unknown");
  }

  private Optional<Instant> committedAfter(Revision revision) {
    return sync.committedAfter(revision);
  }
}
