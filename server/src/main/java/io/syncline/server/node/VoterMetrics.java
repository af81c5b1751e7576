package io.syncline.server.node;

import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.model.FollowerRegistration;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.server.conflict.ConflictCounts;
import io.syncline.server.conflict.ConflictMeters;
import io.syncline.server.conflict.WriteMeters;
import io.syncline.server.etcd.EtcdServices;
import io.syncline.server.feed.Feed;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.raft.RaftMeters;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.raft.RaftStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a voter measures beside what every node does.
 *
 * @param longestSilence of a leader that is still known
 */
record VoterMetrics(
    NodeMetrics node,
    RaftMeters raft,
    WriteMeters writes,
    ConflictMeters conflicts,
    Duration longestSilence) {
  private static final List<Metric> RAFT = List.of(
      MetricCatalogue.RAFT_HAS_LEADER,
      MetricCatalogue.RAFT_IS_LEADER,
      MetricCatalogue.RAFT_TERM,
      MetricCatalogue.RAFT_COMMIT_INDEX,
      MetricCatalogue.RAFT_APPLY_LAG,
      MetricCatalogue.RAFT_VOTER_LAG,
      MetricCatalogue.RAFT_VOTER_SILENCE,
      MetricCatalogue.RAFT_LOG_BYTES,
      MetricCatalogue.RAFT_SNAPSHOT_AGE,
      MetricCatalogue.COMMANDS_IN_FLIGHT);

  private static final List<Metric> ETCD =
      List.of(MetricCatalogue.LEASES, MetricCatalogue.CONTENDERS);

  static VoterMetrics of(NodeMetrics node, Duration electionTimeout) {
    return new VoterMetrics(
        node,
        node.counted(RaftMeters::of, RaftMeters.NONE),
        node.counted(WriteMeters::of, WriteMeters.NONE),
        node.counted(ConflictMeters::of, ConflictMeters.NONE),
        electionTimeout.multipliedBy(2));
  }

  /**
   * Looks at the parts from now on.
   *
   * @param unheardOf followers that the log remembers and no voter has heard of
   */
  void lookAt(
      VoterServing serving,
      DataFolder folder,
      Feed feed,
      ConflictCounts kept,
      EtcdServices etcd,
      Supplier<List<FollowerRegistration>> unheardOf) {
    var store = new StoreMetrics(serving.store(), folder, feed, serving.watches());
    var sync = new SyncMetrics(serving.sync(), serving.store(), unheardOf, Clock.systemUTC());
    node.look(StoreMetrics.METRICS, store::look);
    node.look(SyncMetrics.METRICS, sync::look);
    node.look(RAFT, rows -> lookAtRaft(serving.raft(), rows));
    node.look(ETCD, rows -> lookAtEtcd(etcd, rows));
    node.look(List.of(MetricCatalogue.CONFLICTS), rows -> lookAtConflicts(kept, rows));
    node.startAlerting();
  }

  private static void lookAtEtcd(EtcdServices etcd, Rows rows) {
    rows.add(MetricCatalogue.LEASES, etcd.leases());
    rows.add(MetricCatalogue.CONTENDERS, etcd.contenders());
  }

  private void lookAtRaft(RaftNode raft, Rows rows) {
    RaftStatus status = raft.status();
    boolean led =
        status.sinceLeader().filter(age -> age.compareTo(longestSilence) < 0).isPresent();
    rows.add(MetricCatalogue.RAFT_HAS_LEADER, led ? 1 : 0);
    rows.add(MetricCatalogue.RAFT_IS_LEADER, status.role() == RaftStatus.Role.LEADER ? 1 : 0);
    rows.add(MetricCatalogue.RAFT_TERM, status.term());
    // Ratis says -1 where there is nothing yet
    rows.add(MetricCatalogue.RAFT_COMMIT_INDEX, Math.max(0, status.commitIndex()));
    rows.add(
        MetricCatalogue.RAFT_APPLY_LAG, Math.max(0, status.commitIndex() - status.appliedIndex()));
    rows.add(MetricCatalogue.RAFT_LOG_BYTES, raft.logBytes());
    raft.snapshotAge()
        .ifPresent(age -> rows.add(MetricCatalogue.RAFT_SNAPSHOT_AGE, age.toMillis() / 1e3));
    rows.add(MetricCatalogue.COMMANDS_IN_FLIGHT, raft.commandsInFlight());
    status.followers().forEach((peer, follower) -> {
      String voter = Member.nameOf(peer);
      rows.add(
          MetricCatalogue.RAFT_VOTER_LAG,
          Math.max(0, status.lastIndex() - follower.matchIndex()),
          voter);
      rows.add(MetricCatalogue.RAFT_VOTER_SILENCE, follower.sinceSeen().toMillis() / 1e3, voter);
    });
  }

  private static void lookAtConflicts(ConflictCounts kept, Rows rows) {
    var counts = kept.now();
    for (ConflictType type : ConflictType.values()) {
      for (Conflict.State state : Conflict.State.values()) {
        rows.add(
            MetricCatalogue.CONFLICTS,
            counts.getOrDefault(new ConflictCounts.Kept(type, state), 0L),
            ConflictMeters.label(type),
            ConflictMeters.label(state));
      }
    }
  }
}
