package io.syncline.monitor.alert;

import static io.syncline.monitor.alert.AlertRule.Direction.ABOVE;
import static io.syncline.monitor.alert.AlertRule.Direction.BELOW;
import static io.syncline.monitor.alert.AlertRule.Severity.CRITICAL;
import static io.syncline.monitor.alert.AlertRule.Severity.WARNING;

import io.syncline.monitor.alert.Measure.Answers;
import io.syncline.monitor.alert.Measure.Increase;
import io.syncline.monitor.alert.Measure.LeastOfNodes;
import io.syncline.monitor.alert.Measure.Mean;
import io.syncline.monitor.alert.Measure.Missing;
import io.syncline.monitor.alert.Measure.OncePerCluster;
import io.syncline.monitor.alert.Measure.Quantile;
import io.syncline.monitor.alert.Measure.Ratio;
import io.syncline.monitor.alert.Measure.Share;
import io.syncline.monitor.alert.Measure.Sum;
import io.syncline.monitor.alert.Measure.Value;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.time.Duration;
import java.util.List;

/**
 * Every alert there is. Prometheus' rules, the nodes' own evaluation, the runbooks and the
 * documentation are made of these, or held against them.
 */
public final class AlertCatalogue {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final double GIB = (double) (1L << 30);

  // The cluster

  public static final AlertRule NO_LEADER = new AlertRule(
      "NoLeader",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.RAFT_HAS_LEADER)),
      BELOW,
      1,
      Duration.ofSeconds(30),
      ValueUnit.COUNT,
      "Voter {node} knows of no leader.",
      "Writes and linearizable reads fail; followers go on to serve what they have.",
      "See which voters run and reach each other: a majority must.",
      "An election takes a few seconds at the default time-out of 1 s; half a minute is none.");

  public static final AlertRule LEADER_CHANGES_OFTEN = new AlertRule(
      "LeaderChangesOften",
      WARNING,
      new Increase(
          Series.of(MetricCatalogue.RAFT_LEADER_CHANGES), List.of(), Duration.ofMinutes(15)),
      ABOVE,
      3,
      AT_ONCE,
      ValueUnit.COUNT,
      "Voter {node} has seen {value} new leaders within 15 minutes.",
      "Each change holds up writes for a second or more.",
      "Look for a voter that pauses: disk, processor, memory, network.",
      "A rolling restart of three voters makes up to three changes.");

  public static final AlertRule VOTER_SILENT = new AlertRule(
      "VoterSilent",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.RAFT_VOTER_SILENCE)),
      ABOVE,
      10,
      Duration.ofMinutes(1),
      ValueUnit.SECONDS,
      "Voter {voter} has not answered the leader {node} for {value}.",
      "None yet; of three voters, the loss of one more stops all writes.",
      "Start the voter again, or replace it.",
      "Voters answer within milliseconds; a minute spares a restart for an upgrade.");

  public static final AlertRule VOTER_BEHIND = new AlertRule(
      "VoterBehind",
      WARNING,
      new Value(Series.of(MetricCatalogue.RAFT_VOTER_LAG)),
      ABOVE,
      1_000,
      Duration.ofMinutes(2),
      ValueUnit.COUNT,
      "Voter {voter} lacks {value} entries of the log of the leader {node}.",
      "None yet; if another voter is lost, writes wait until this one has caught up.",
      "Look at the voter's disk and network; it catches up by itself if it is faster than the writes.",
      "One entry is on its way at a time, so a healthy voter lacks a handful; 1,000 take seconds.");

  public static final AlertRule APPLY_LAG = new AlertRule(
      "ApplyLag",
      WARNING,
      new Value(Series.of(MetricCatalogue.RAFT_APPLY_LAG)),
      ABOVE,
      1_000,
      Duration.ofMinutes(1),
      ValueUnit.COUNT,
      "Voter {node} has {value} committed entries to apply.",
      "Stale reads of this voter grow older; if it leads, writes are acknowledged late.",
      "Look at the voter's disk and processor.",
      "Entries are applied as they are committed; 1,000 are left over from a restart only.");

  public static final AlertRule NODE_DOWN = new AlertRule(
      "NodeDown",
      CRITICAL,
      new Answers("syncline.*"),
      BELOW,
      1,
      Duration.ofMinutes(1),
      ValueUnit.COUNT,
      "Node {node} cannot be scraped.",
      "It serves nobody, if it is down; others take over.",
      "See whether the process runs, and why it ended.",
      "Four scrapes at the usual interval of 15 s.");

  public static final AlertRule NODE_NOT_READY = new AlertRule(
      "NodeNotReady",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.READY)),
      BELOW,
      1,
      Duration.ofMinutes(2),
      ValueUnit.COUNT,
      "Node {node} runs and is not ready.",
      "It is sent no requests, or refuses them.",
      "Read its reasons, with syncline status.",
      "A restart replays the log within a minute.");

  // Synchronisation

  public static final AlertRule SYNC_LAG_HIGH = new AlertRule(
      "SyncLagHigh",
      WARNING,
      new LeastOfNodes(Series.of(MetricCatalogue.SYNC_LAG_SECONDS)),
      ABOVE,
      30,
      Duration.ofMinutes(1),
      ValueUnit.SECONDS,
      "Follower {follower} is {value} behind in namespace {namespace}.",
      "Whoever reads there gets configuration that has been replaced.",
      "See whether the follower runs and what it was last refused for.",
      "Changes arrive within milliseconds when pushed, within 2 s when pulled.");

  public static final AlertRule SYNC_SUCCESS_RATE_LOW = new AlertRule(
      "SyncSuccessRateLow",
      WARNING,
      new Ratio(
          Series.of(MetricCatalogue.SYNC_SUCCESSES),
          Series.of(MetricCatalogue.SYNC_ATTEMPTS),
          List.of("mode"),
          Duration.ofMinutes(2)),
      BELOW,
      0.95,
      Duration.ofMinutes(2),
      ValueUnit.PERCENT,
      "Of the batches that {node} hands out by {mode}, followers acknowledge {value}.",
      "Changes reach some followers late, or not at all.",
      "Look at the refusals by reason, and at the followers that are retrying.",
      "Almost all succeed; for as long as the window, so that one bad moment does not count.");

  public static final AlertRule SYNC_REFUSED = new AlertRule(
      "SyncRefused",
      WARNING,
      new Increase(
          Series.of(MetricCatalogue.SYNC_REFUSALS)
              .where("reason", "corrupt", "foreign", "digest_mismatch"),
          List.of("reason"),
          Duration.ofMinutes(5)),
      ABOVE,
      3,
      AT_ONCE,
      ValueUnit.COUNT,
      "Followers of {node} refused {value} batches within 5 minutes: {reason}.",
      "Those followers stay behind until they are sent what they accept.",
      "See which follower refuses, and why.",
      "One may be damaged on its way; refusals of an older leader are normal, and left out.");

  public static final AlertRule SYNC_STALLED = new AlertRule(
      "SyncStalled",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.SYNC_STALLED)),
      ABOVE,
      0,
      Duration.ofMinutes(1),
      ValueUnit.COUNT,
      "The synchronisation of {value} followers of {node} does not move.",
      "They serve what they had, and get no changes.",
      "See which they are; restart a follower that does not come along.",
      "A stall is begun anew at once; one that lasts a minute was not cured by that.");

  public static final AlertRule FOLLOWERS_FAILED = new AlertRule(
      "FollowersFailed",
      WARNING,
      new Sum(Series.of(MetricCatalogue.FOLLOWERS).where("state", "failed"), List.of()),
      ABOVE,
      0,
      Duration.ofMinutes(5),
      ValueUnit.COUNT,
      "{value} followers of {node} are gone, or refuse what they are sent.",
      "They serve what they had, if they run.",
      "See which they are and why; start them, or let them be forgotten.",
      "A follower is restarted, or changes to another voter, within a minute.");

  public static final AlertRule DIGEST_MISMATCH = new AlertRule(
      "DigestMismatch",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.FOLLOWERS_BY_DIGEST).where("digest", "different")),
      ABOVE,
      0,
      Duration.ofMinutes(2),
      ValueUnit.COUNT,
      "{value} followers of {node} have another content than the centre at the same revision.",
      "Whoever reads there may get what nobody wrote.",
      "Verify the follower, and repair it.",
      "A difference is repaired within seconds of its discovery.");

  public static final AlertRule COPY_SUSPECT = new AlertRule(
      "CopySuspect",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.COPY_SUSPECTS)),
      ABOVE,
      0,
      Duration.ofMinutes(2),
      ValueUnit.COUNT,
      "Follower {node} does not trust its copy of {value} namespaces.",
      "Reads of those namespaces that demand freshness are refused there.",
      "Verify the follower, and repair it.",
      "A difference is repaired within seconds of its discovery.");

  public static final AlertRule COPY_CORRUPT = new AlertRule(
      "CopyCorrupt",
      WARNING,
      new Increase(Series.of(MetricCatalogue.COPY_CORRUPT), List.of(), Duration.ofMinutes(10)),
      ABOVE,
      0,
      AT_ONCE,
      ValueUnit.COUNT,
      "Follower {node} was sent something damaged {value} times within 10 minutes.",
      "None: what is damaged is never applied, and is asked for again.",
      "Look for bad memory or a bad network at the follower, and at what it follows.",
      "TCP lets no damage through by chance that is worth waiting for a second one.");

  public static final AlertRule FOLLOWER_COPY_STALE = new AlertRule(
      "FollowerCopyStale",
      WARNING,
      new Value(Series.of(MetricCatalogue.COPY_AGE)),
      ABOVE,
      60,
      Duration.ofMinutes(1),
      ValueUnit.SECONDS,
      "Follower {node} was last surely equal to the centre {value} ago.",
      "Reads there may be that old; those that demand better are refused.",
      "See whether it reaches what it follows.",
      "A follower hears from the centre each second; beyond 10 s it is not ready by default.");

  public static final AlertRule FOLLOWER_NEVER_SYNCED = new AlertRule(
      "FollowerNeverSynced",
      WARNING,
      new Missing(
          Series.of(MetricCatalogue.COPY_AGE), Series.of(MetricCatalogue.COPY_LAG_REVISIONS)),
      ABOVE,
      0,
      Duration.ofMinutes(10),
      ValueUnit.COUNT,
      "Follower {node} has not been equal to the centre since it started.",
      "It serves what it had, or nothing.",
      "See whether it reaches what it follows, and whether a copy is on its way.",
      "A whole copy of a gibibyte takes a few minutes.");

  public static final AlertRule DRAFTS_REFUSED = new AlertRule(
      "DraftsRefused",
      WARNING,
      new Value(Series.of(MetricCatalogue.DRAFTS).where("state", "refused")),
      ABOVE,
      0,
      Duration.ofMinutes(15),
      ValueUnit.COUNT,
      "Follower {node} keeps {value} drafts that the cluster refused.",
      "What somebody wrote there while cut off has not become a version.",
      "Have their authors look at them.",
      "They wait for a person; a quarter of an hour lets the author look first.");

  // Conflicts, writes, watches

  public static final AlertRule CONFLICTS_OPEN = new AlertRule(
      "ConflictsOpen",
      WARNING,
      new OncePerCluster(
          Series.of(MetricCatalogue.CONFLICTS).where("state", "open"),
          Series.of(MetricCatalogue.RAFT_IS_LEADER)),
      ABOVE,
      0,
      Duration.ofMinutes(15),
      ValueUnit.COUNT,
      "{value} conflicts of type {type} wait for somebody to decide.",
      "Of each, one side's change is not in force.",
      "Look at them with syncline conflicts list --state open, and resolve them.",
      "They wait for a person; a quarter of an hour lets whoever made them look first.");

  public static final AlertRule WRITE_REJECTIONS_HIGH = new AlertRule(
      "WriteRejectionsHigh",
      WARNING,
      new Increase(
          Series.of(MetricCatalogue.WRITE_REJECTIONS)
              .where("reason", "too_many", "not_ready", "outcome_unknown", "fault"),
          List.of("reason"),
          Duration.ofMinutes(5)),
      ABOVE,
      50,
      AT_ONCE,
      ValueUnit.COUNT,
      "{node} refused {value} writes within 5 minutes: {reason}.",
      "Writers wait and try again, or give up.",
      "Look at the write latency and at the voters' disks.",
      "Only what the cluster is to blame for counts; a change of leader refuses a handful.");

  public static final AlertRule WRITE_LATENCY_HIGH = new AlertRule(
      "WriteLatencyHigh",
      WARNING,
      new Quantile(Series.of(MetricCatalogue.WRITE_SECONDS), 0.99, Duration.ofMinutes(5)),
      ABOVE,
      0.5,
      Duration.ofMinutes(5),
      ValueUnit.SECONDS,
      "Of the writes at {node}, one in a hundred takes {value} or more.",
      "Writers wait.",
      "Look at the flushes of the Raft log, then at the load.",
      "A majority's flush takes milliseconds on a good disk, some tens on a slow one.");

  public static final AlertRule FLUSH_SLOW = new AlertRule(
      "FlushSlow",
      WARNING,
      new Mean(Series.of(MetricCatalogue.RAFT_FLUSH_SECONDS), Duration.ofMinutes(5)),
      ABOVE,
      0.1,
      Duration.ofMinutes(5),
      ValueUnit.SECONDS,
      "Voter {node} takes {value} to flush its log.",
      "If it leads, or the others are slow too, every write waits that long.",
      "Give the voter a faster disk, or one that it does not share.",
      "A good disk flushes in 1 to 10 ms; at 100 ms and beyond elections come near.");

  public static final AlertRule WATCHERS_LAGGING = new AlertRule(
      "WatchersLagging",
      WARNING,
      new Value(Series.of(MetricCatalogue.WATCHERS).where("state", "lagging")),
      ABOVE,
      10,
      Duration.ofMinutes(10),
      ValueUnit.COUNT,
      "{value} watches at {node} lag behind.",
      "Those applications learn of changes late; if history is compacted before they read it, their"
          + " watches end.",
      "Find out which clients take in changes too slowly.",
      "Single slow readers are their own affair; many point at the node or its network.");

  // Room

  public static final AlertRule DISK_ALMOST_FULL = new AlertRule(
      "DiskAlmostFull",
      CRITICAL,
      new Value(Series.of(MetricCatalogue.DISK_FREE)),
      BELOW,
      GIB,
      Duration.ofMinutes(1),
      ValueUnit.BYTES,
      "The disk of {node} has {value} left.",
      "When it is full the node stops, so that it loses nothing.",
      "Make room now; then find out what takes it.",
      "Log and snapshot before the next clean-up take some 512 MiB at the default settings.");

  public static final AlertRule RAFT_LOG_LARGE = new AlertRule(
      "RaftLogLarge",
      WARNING,
      new Value(Series.of(MetricCatalogue.RAFT_LOG_BYTES)),
      ABOVE,
      2 * GIB,
      Duration.ofMinutes(15),
      ValueUnit.BYTES,
      "The Raft log of {node} takes {value}.",
      "A restart takes long, and the disk fills.",
      "See why no snapshot is taken.",
      "A snapshot is due each 256 MiB by default; raise this with the setting snapshot-log.");

  public static final AlertRule MEMORY_HIGH = new AlertRule(
      "MemoryHigh",
      WARNING,
      new Share(
          Series.of(MetricCatalogue.JVM_MEMORY_USED).where("area", "heap"),
          Series.of(MetricCatalogue.JVM_MEMORY_MAX).where("area", "heap"),
          List.of()),
      ABOVE,
      0.95,
      Duration.ofMinutes(10),
      ValueUnit.PERCENT,
      "Node {node} uses {value} of its heap.",
      "Pauses grow longer; at last the node stops.",
      "Give it a larger heap with SYNCLINE_HEAP, or less to do.",
      "The collector lets the heap rise to about half before it cleans up; it is never full for long.");

  public static final AlertRule FILES_ALMOST_OUT = new AlertRule(
      "FilesAlmostOut",
      WARNING,
      new Share(
          Series.of(MetricCatalogue.PROCESS_FILES),
          Series.of(MetricCatalogue.PROCESS_FILES_MAX),
          List.of()),
      ABOVE,
      0.9,
      Duration.ofMinutes(5),
      ValueUnit.PERCENT,
      "Node {node} has {value} of the files open that it may.",
      "With all of them open it takes no connection, and cannot write.",
      "Raise the limit of open files of the process.",
      "Connections come and go by the hundred when clients restart.");

  // Monitoring itself

  public static final AlertRule SERIES_LEFT_OUT = new AlertRule(
      "SeriesLeftOut",
      WARNING,
      new Value(Series.of(MetricCatalogue.SERIES_LEFT_OUT)),
      ABOVE,
      0,
      Duration.ofMinutes(15),
      ValueUnit.COUNT,
      "Node {node} leaves out {value} series of its metrics.",
      "Some followers or namespaces are on no dashboard, and no alert looks at them.",
      "See which metric has so many series.",
      "None is left out in normal operation.");

  public static final AlertRule ALERTS_UNDELIVERED = new AlertRule(
      "AlertsUndelivered",
      WARNING,
      new Increase(
          Series.of(MetricCatalogue.ALERT_DELIVERIES).where("result", "given_up"),
          List.of(),
          Duration.ofHours(1)),
      ABOVE,
      0,
      AT_ONCE,
      ValueUnit.COUNT,
      "{node} gave up {value} notices of alerts to its webhook within an hour.",
      "Somebody was not told of something that was wrong.",
      "See whether the webhook's receiver runs and accepts what it is sent.",
      "A notice is given up only after a quarter of an hour of attempts.");

  public static final List<AlertRule> ALL = List.of(
      NO_LEADER,
      LEADER_CHANGES_OFTEN,
      VOTER_SILENT,
      VOTER_BEHIND,
      APPLY_LAG,
      NODE_DOWN,
      NODE_NOT_READY,
      SYNC_LAG_HIGH,
      SYNC_SUCCESS_RATE_LOW,
      SYNC_REFUSED,
      SYNC_STALLED,
      FOLLOWERS_FAILED,
      DIGEST_MISMATCH,
      COPY_SUSPECT,
      COPY_CORRUPT,
      FOLLOWER_COPY_STALE,
      FOLLOWER_NEVER_SYNCED,
      DRAFTS_REFUSED,
      CONFLICTS_OPEN,
      WRITE_REJECTIONS_HIGH,
      WRITE_LATENCY_HIGH,
      FLUSH_SLOW,
      WATCHERS_LAGGING,
      DISK_ALMOST_FULL,
      RAFT_LOG_LARGE,
      MEMORY_HIGH,
      FILES_ALMOST_OUT,
      SERIES_LEFT_OUT,
      ALERTS_UNDELIVERED);

  private AlertCatalogue() {}
}
