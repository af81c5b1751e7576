package io.syncline.monitor.metrics;

import static io.syncline.monitor.metrics.Metric.Node.FOLLOWER;
import static io.syncline.monitor.metrics.Metric.Node.VOTER;
import static io.syncline.monitor.metrics.Metric.Unit.BYTES;
import static io.syncline.monitor.metrics.Metric.Unit.NONE;
import static io.syncline.monitor.metrics.Metric.Unit.RATIO;
import static io.syncline.monitor.metrics.Metric.Unit.SECONDS;
import static io.syncline.monitor.metrics.Metric.counter;
import static io.syncline.monitor.metrics.Metric.gauge;
import static io.syncline.monitor.metrics.Metric.histogram;
import static io.syncline.monitor.metrics.Metric.summary;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every metric there is. Nodes export no other; documentation, dashboards and alerts are made of
 * these, and tests hold all of them against each other.
 *
 * <p>Names and labels are a contract: renaming one breaks somebody's alert.
 */
public final class MetricCatalogue {
  /** From 0.5 ms, a write on a fast disk, to 10 s, a client's patience. */
  private static final List<Double> LATENCIES =
      List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

  /** From 0.1 ms: what happens inside one node. */
  private static final List<Double> SHORT_LATENCIES =
      List.of(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0);

  /** From 1 ms to a day: a follower may have been off over a weekend's night. */
  private static final List<Double> PROPAGATION = List.of(
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
      300.0, 3600.0, 86400.0);

  private static final List<Double> COMMANDS =
      List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0);

  // The node

  public static final Metric BUILD_INFO = gauge(
          "syncline_build_info", NONE, "Always 1; the labels say what runs.")
      .by("version", "java");

  public static final Metric NODE_INFO = gauge(
          "syncline_node_info", NONE, "Always 1; the labels say which node this is.")
      .by("node", "role", "cluster_id");

  public static final Metric READY =
      gauge("syncline_ready", NONE, "1 if the node is ready, as its health says; else 0.");

  // Sync: what a voter or a relay does for those that follow it

  public static final Metric SYNC_LAG_REVISIONS = gauge(
          "syncline_sync_lag_revisions",
          NONE,
          "Revisions of the whole store from the follower's cursor to the newest that changed the"
              + " namespace: 0 if the follower has all of the namespace. At most 200 followers, those"
              + " furthest behind, have series of their own, each of at most 20 namespaces, those that"
              + " changed last; the largest lag of the rest stands under \"(others)\".")
      .by("follower", "namespace");

  public static final Metric SYNC_LAG_SECONDS = gauge(
          "syncline_sync_lag_seconds",
          SECONDS,
          "How long ago the oldest revision was committed that the follower lacks, if it lacks"
              + " anything of the namespace; 0 if it has all. Series as of"
              + " syncline_sync_lag_revisions.")
      .by("follower", "namespace");

  public static final Metric FOLLOWERS = gauge(
          "syncline_followers",
          NONE,
          "Followers of this node itself, not of its relays, by the state of their synchronisation:"
              + " pending, running, completed, failed, retrying. One that went to another node counts"
              + " there; one that no voter has heard of, though the log remembers it, counts at the"
              + " leader, as failed.")
      .by("state");

  public static final Metric FOLLOWERS_BY_LAG = gauge(
          "syncline_followers_by_lag",
          NONE,
          "Followers, as of syncline_followers, by how far behind they are: none, 1s, 5s, 30s, 5m,"
              + " more: up to the stated limit and above the one before it.")
      .by("lag");

  public static final Metric FOLLOWERS_BY_DIGEST = gauge(
          "syncline_followers_by_digest",
          NONE,
          "Followers, as of syncline_followers, by whether their copy's digests were equal to this"
              + " node's when last compared at one revision: equal, different, unknown.")
      .by("digest");

  public static final Metric SYNC_ATTEMPTS = counter(
          "syncline_sync_attempts_total",
          NONE,
          "Batches, or parts of snapshots, handed to followers, repeated ones included, by mode:"
              + " push, pull, snapshot. With syncline_sync_successes_total the sync success rate.")
      .by("mode");

  public static final Metric SYNC_SUCCESSES = counter(
          "syncline_sync_successes_total",
          NONE,
          "Batches that followers acknowledged as verified and applied: of a pull, by what they ask"
              + " for next. A part of a snapshot counts when the next is asked for, the last at"
              + " once.")
      .by("mode");

  public static final Metric SYNC_SENT_BYTES = counter(
          "syncline_sync_sent_bytes_total", BYTES, "Encoded bytes handed to followers.")
      .by("mode");

  public static final Metric SYNC_RETRIES = counter(
          "syncline_sync_retries_total",
          NONE,
          "Times a batch was sent again: not acknowledged in time, lost, or damaged on its way; and"
              + " times a snapshot that was broken off was gone on with.")
      .by("mode");

  public static final Metric SYNC_REFUSALS = counter(
          "syncline_sync_refusals_total",
          NONE,
          "Batches that followers refused: corrupt, foreign, stale_term, digest_mismatch.")
      .by("reason");

  public static final Metric SYNC_SESSIONS = gauge(
          "syncline_sync_sessions",
          NONE,
          "Followers being served just now: push streams open, pulls waiting, snapshots under way.")
      .by("mode");

  public static final Metric SYNC_PROPAGATION = histogram(
      "syncline_sync_propagation_seconds",
      SECONDS,
      PROPAGATION,
      "From the commit of a batch's newest revision until a follower that is sent batches"
          + " acknowledged it as applied.");

  public static final Metric SYNC_STALLED = gauge(
      "syncline_sync_stalled",
      NONE,
      "Followers that are there, and whose synchronisation does not move though there is something"
          + " to send: begun anew three times, then left to people.");

  public static final Metric SYNC_STALLS = counter(
      "syncline_sync_stalls_total",
      NONE,
      "Times a follower's synchronisation was found stalled and begun anew.");

  // The copy of a follower, its own side

  public static final Metric COPY_LAG_REVISIONS = gauge(
      "syncline_copy_lag_revisions",
      NONE,
      "Revisions between the copy's cursor and the newest revision the follower has heard of.",
      FOLLOWER);

  public static final Metric COPY_AGE = gauge(
      "syncline_copy_age_seconds",
      SECONDS,
      "How long ago the copy was surely equal to the centre; absent until it was once.",
      FOLLOWER);

  public static final Metric COPY_STATE = gauge(
          "syncline_copy_state",
          NONE,
          "1 for what the follower is doing, 0 for the rest: waiting, pulling, streaming, copying,"
              + " comparing.",
          FOLLOWER)
      .by("state");

  public static final Metric COPY_BATCHES =
      counter("syncline_copy_batches_total", NONE, "Batches applied.", FOLLOWER);

  public static final Metric COPY_CHANGES =
      counter("syncline_copy_changes_total", NONE, "Changes applied.", FOLLOWER);

  public static final Metric COPY_BYTES =
      counter("syncline_copy_received_bytes_total", BYTES, "Bytes of batches received.", FOLLOWER);

  public static final Metric COPY_DUPLICATES = counter(
      "syncline_copy_duplicates_total",
      NONE,
      "Batches that the copy had already, and skipped.",
      FOLLOWER);

  public static final Metric COPY_RETRIES = counter(
      "syncline_copy_retries_total",
      NONE,
      "Attempts to follow that failed and were begun anew.",
      FOLLOWER);

  public static final Metric COPY_CORRUPT = counter(
      "syncline_copy_corrupt_total",
      NONE,
      "What arrived and did not match its checksum: refused, never applied.",
      FOLLOWER);

  public static final Metric COPY_MISMATCHES = counter(
      "syncline_copy_digest_mismatches_total",
      NONE,
      "Times the copy's digest of a namespace was not the centre's.",
      FOLLOWER);

  public static final Metric COPY_REPAIRS = counter(
      "syncline_copy_repairs_total", NONE, "Keys of the copy that were repaired.", FOLLOWER);

  public static final Metric COPY_SUSPECTS = gauge(
      "syncline_copy_suspect_namespaces",
      NONE,
      "Namespaces that differ from the centre's and are not served as fresh.",
      FOLLOWER);

  public static final Metric COPY_SNAPSHOTS = counter(
      "syncline_copy_snapshots_total", NONE, "Snapshots, or net differences, taken.", FOLLOWER);

  public static final Metric COPY_SNAPSHOT_BYTES = counter(
      "syncline_copy_snapshot_received_bytes_total",
      BYTES,
      "Bytes of snapshots received.",
      FOLLOWER);

  public static final Metric COPY_SNAPSHOT_PROGRESS = gauge(
      "syncline_copy_snapshot_progress_ratio",
      RATIO,
      "How much of the snapshot under way has arrived, of 1; 1 if none is under way.",
      FOLLOWER);

  public static final Metric DRAFTS = gauge(
          "syncline_drafts", NONE, "Drafts kept by this follower: waiting, refused.", FOLLOWER)
      .by("state");

  // Writes and reads

  public static final Metric WRITES = counter(
          "syncline_writes_total",
          NONE,
          "Writes of clients carried out by this leader, by kind: put, delete, delete_range,"
              + " undelete, rollback, transaction, resolve_conflict, namespace, compact, lease, auth.",
          VOTER)
      .by("kind");

  public static final Metric WRITE_REJECTIONS = counter(
          "syncline_write_rejections_total",
          NONE,
          "Writes of clients refused, by reason: that of the API in lower case, such as"
              + " precondition_failed.",
          VOTER)
      .by("reason");

  public static final Metric WRITE_SECONDS = histogram(
      "syncline_write_seconds",
      SECONDS,
      LATENCIES,
      "From the proposal of a client's write at the leader until it is carried out; a settled"
          + " conflict included. Refused ones are not timed.",
      VOTER);

  public static final Metric READS = counter(
          "syncline_reads_total",
          NONE,
          "Reads answered, also by that there is no such key, by kind (get, list, history, diff) and"
              + " by consistency (linearizable, at_least, stale). Each page counts.")
      .by("kind", "consistency");

  public static final Metric READ_SECONDS = histogram(
      "syncline_read_seconds",
      SECONDS,
      SHORT_LATENCIES,
      "From the arrival of a read of one key until its answer.");

  public static final Metric COMMANDS_IN_FLIGHT = gauge(
      "syncline_commands_in_flight",
      NONE,
      "Commands accepted by this leader whose outcome is not known yet.",
      VOTER);

  public static final Metric GROUP_COMMIT = histogram(
      "syncline_group_commit_commands",
      NONE,
      COMMANDS,
      "Commands that shared one entry of the Raft log, and so one flush.",
      VOTER);

  public static final Metric COMMIT_SECONDS = histogram(
      "syncline_commit_seconds",
      SECONDS,
      LATENCIES,
      "From an entry's submission to Raft by this leader until it is committed and applied.",
      VOTER);

  public static final Metric APPLY_SECONDS = histogram(
      "syncline_apply_seconds",
      SECONDS,
      SHORT_LATENCIES,
      "The application of one committed entry, the write to the store included.",
      VOTER);

  public static final Metric CONFLICTS = gauge(
          "syncline_conflicts",
          NONE,
          "Conflicts recorded and kept, by type (version_conflict, content_conflict,"
              + " concurrent_modification) and state (open, resolved, rejected). Counted at most every"
              + " 5 s.",
          VOTER)
      .by("type", "state");

  public static final Metric CONFLICTS_SETTLED = counter(
          "syncline_conflicts_settled_total",
          NONE,
          "Conflicts this leader dealt with, by type, by strategy (all custom ones as custom), and by"
              + " the state that left them in: open, resolved, rejected.",
          VOTER)
      .by("type", "strategy", "state");

  // Raft

  public static final Metric RAFT_HAS_LEADER =
      gauge("syncline_raft_has_leader", NONE, "1 if this voter knows of a leader; else 0.", VOTER);

  public static final Metric RAFT_IS_LEADER =
      gauge("syncline_raft_is_leader", NONE, "1 at the leader; else 0.", VOTER);

  public static final Metric RAFT_TERM = gauge("syncline_raft_term", NONE, "The Raft term.", VOTER);

  public static final Metric RAFT_LEADER_CHANGES = counter(
      "syncline_raft_leader_changes_total",
      NONE,
      "Leaders this voter has seen come, the first since its start not counted.",
      VOTER);

  public static final Metric RAFT_COMMIT_INDEX =
      gauge("syncline_raft_commit_index", NONE, "The newest committed entry of the log.", VOTER);

  public static final Metric RAFT_APPLY_LAG = gauge(
      "syncline_raft_apply_lag_entries",
      NONE,
      "Entries committed and not applied yet by this voter.",
      VOTER);

  public static final Metric RAFT_VOTER_LAG = gauge(
          "syncline_raft_voter_lag_entries",
          NONE,
          "At the leader: entries of its log that another voter is not known to have.",
          VOTER)
      .by("voter");

  public static final Metric RAFT_VOTER_SILENCE = gauge(
          "syncline_raft_voter_silence_seconds",
          SECONDS,
          "At the leader: how long ago another voter last answered.",
          VOTER)
      .by("voter");

  public static final Metric RAFT_LOG_BYTES =
      gauge("syncline_raft_log_bytes", BYTES, "The Raft log on the disk.", VOTER);

  public static final Metric RAFT_SNAPSHOT_AGE = gauge(
      "syncline_raft_snapshot_age_seconds",
      SECONDS,
      "How old the newest snapshot is; absent while there is none.",
      VOTER);

  public static final Metric RAFT_FLUSH_SECONDS = summary(
      "syncline_raft_flush_seconds",
      SECONDS,
      "The flushes of the Raft log to the disk (fsync), as Ratis times them.",
      VOTER);

  // The store

  public static final Metric REVISION =
      gauge("syncline_revision", NONE, "The newest revision this node has applied.");

  public static final Metric HORIZON = gauge(
      "syncline_horizon_revision",
      NONE,
      "The oldest revision whose history is kept, of all namespaces the newest such.");

  public static final Metric STORE_BYTES =
      gauge("syncline_store_bytes", BYTES, "The store: its files, and what is in memory only yet.");

  public static final Metric DISK_FREE =
      gauge("syncline_disk_free_bytes", BYTES, "Free space on the disk of the data folder.");

  public static final Metric NAMESPACES = gauge("syncline_namespaces", NONE, "Namespaces.");

  public static final Metric NAMESPACE_KEYS = gauge(
          "syncline_namespace_keys",
          NONE,
          "Live keys. The hundred namespaces with the most changes have a series each; the sum of the"
              + " rest stands under \"(others)\".")
      .by("namespace");

  public static final Metric NAMESPACE_BYTES = gauge(
          "syncline_namespace_content_bytes",
          BYTES,
          "Contents of live keys. Series as of syncline_namespace_keys.")
      .by("namespace");

  public static final Metric NAMESPACE_VERSIONS = gauge(
          "syncline_namespace_changes",
          NONE,
          "Versions made in the namespace since it was created. Series as of"
              + " syncline_namespace_keys.")
      .by("namespace");

  // Watches

  public static final Metric WATCHERS = gauge(
          "syncline_watchers",
          NONE,
          "Watches open: synced ones have everything, lagging ones are behind and served from the"
              + " store.")
      .by("state");

  public static final Metric WATCH_EVENTS = counter(
      "syncline_watch_events_total", NONE, "Changes handed to watchers, one for each of them.");

  public static final Metric FEED_CHANGES = gauge(
      "syncline_feed_changes", NONE, "Recent changes kept in memory for watchers and followers.");

  public static final Metric FEED_BYTES =
      gauge("syncline_feed_bytes", BYTES, "Bytes of these changes.");

  // The etcd door

  public static final Metric LEASES = gauge(
      "syncline_leases",
      NONE,
      "Leases of clients of etcd that this voter looks after: all there are at the leader, none at"
          + " the others.",
      VOTER);

  public static final Metric CONTENDERS = gauge(
      "syncline_contenders",
      NONE,
      "Clients of etcd that wait at this voter for a lock or to be elected.",
      VOTER);

  // Alerts

  public static final Metric ALERTS = gauge(
          "syncline_alerts", NONE, "Alerts of the built-in evaluation that fire at this node.")
      .by("severity");

  public static final Metric ALERT_DELIVERIES = counter(
          "syncline_alert_deliveries_total",
          NONE,
          "Notices of alerts to the webhook: delivered, retried, given_up.")
      .by("result");

  public static final Metric SERIES_LEFT_OUT = gauge(
      "syncline_metrics_left_out_series",
      NONE,
      "Series that were not exported just now because a metric had too many.");

  // The process

  public static final Metric JVM_MEMORY_USED =
      gauge("jvm_memory_used_bytes", BYTES, "Memory used, by area and pool.").by("area", "id");

  public static final Metric JVM_MEMORY_MAX = gauge(
          "jvm_memory_max_bytes", BYTES, "The most memory a pool may take; -1: not bounded.")
      .by("area", "id");

  public static final Metric JVM_GC_PAUSE = summary(
          "jvm_gc_pause_seconds", SECONDS, "Pauses of the garbage collector.")
      .by("action", "cause", "gc");

  public static final Metric JVM_THREADS = gauge("jvm_threads_live_threads", NONE, "Live threads.");

  public static final Metric PROCESS_CPU =
      gauge("process_cpu_usage", NONE, "Processor use of the process, of 1 for all processors.");

  public static final Metric SYSTEM_CPU =
      gauge("system_cpu_usage", NONE, "Processor use of the machine, of 1 for all processors.");

  public static final Metric PROCESS_UPTIME =
      gauge("process_uptime_seconds", SECONDS, "Since the process started.");

  public static final Metric PROCESS_FILES =
      gauge("process_files_open_files", NONE, "Open file descriptors.");

  public static final Metric PROCESS_FILES_MAX =
      gauge("process_files_max_files", NONE, "The most file descriptors the process may open.");

  public static final Metric PROCESS_MEMORY = gauge(
      "process_resident_memory_bytes", BYTES, "Memory of the process, as the system counts it.");

  public static final List<Metric> ALL = List.of(
      BUILD_INFO,
      NODE_INFO,
      READY,
      SYNC_LAG_REVISIONS,
      SYNC_LAG_SECONDS,
      FOLLOWERS,
      FOLLOWERS_BY_LAG,
      FOLLOWERS_BY_DIGEST,
      SYNC_ATTEMPTS,
      SYNC_SUCCESSES,
      SYNC_SENT_BYTES,
      SYNC_RETRIES,
      SYNC_REFUSALS,
      SYNC_SESSIONS,
      SYNC_PROPAGATION,
      SYNC_STALLED,
      SYNC_STALLS,
      COPY_LAG_REVISIONS,
      COPY_AGE,
      COPY_STATE,
      COPY_BATCHES,
      COPY_CHANGES,
      COPY_BYTES,
      COPY_DUPLICATES,
      COPY_RETRIES,
      COPY_CORRUPT,
      COPY_MISMATCHES,
      COPY_REPAIRS,
      COPY_SUSPECTS,
      COPY_SNAPSHOTS,
      COPY_SNAPSHOT_BYTES,
      COPY_SNAPSHOT_PROGRESS,
      DRAFTS,
      WRITES,
      WRITE_REJECTIONS,
      WRITE_SECONDS,
      READS,
      READ_SECONDS,
      COMMANDS_IN_FLIGHT,
      GROUP_COMMIT,
      COMMIT_SECONDS,
      APPLY_SECONDS,
      CONFLICTS,
      CONFLICTS_SETTLED,
      RAFT_HAS_LEADER,
      RAFT_IS_LEADER,
      RAFT_TERM,
      RAFT_LEADER_CHANGES,
      RAFT_COMMIT_INDEX,
      RAFT_APPLY_LAG,
      RAFT_VOTER_LAG,
      RAFT_VOTER_SILENCE,
      RAFT_LOG_BYTES,
      RAFT_SNAPSHOT_AGE,
      RAFT_FLUSH_SECONDS,
      REVISION,
      HORIZON,
      STORE_BYTES,
      DISK_FREE,
      NAMESPACES,
      NAMESPACE_KEYS,
      NAMESPACE_BYTES,
      NAMESPACE_VERSIONS,
      WATCHERS,
      WATCH_EVENTS,
      FEED_CHANGES,
      FEED_BYTES,
      LEASES,
      CONTENDERS,
      ALERTS,
      ALERT_DELIVERIES,
      SERIES_LEFT_OUT,
      JVM_MEMORY_USED,
      JVM_MEMORY_MAX,
      JVM_GC_PAUSE,
      JVM_THREADS,
      PROCESS_CPU,
      SYSTEM_CPU,
      PROCESS_UPTIME,
      PROCESS_FILES,
      PROCESS_FILES_MAX,
      PROCESS_MEMORY);

  private static final Map<String, Metric> BY_METER_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Metric::meterName, Function.identity()));

  private MetricCatalogue() {}

  static boolean hasMeter(String meterName) {
    return BY_METER_NAME.containsKey(meterName);
  }
}
