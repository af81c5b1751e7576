package io.syncline.ops.settings;

import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.server.node.VoterAddress;
import io.syncline.server.node.VoterSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All settings of {@code syncline server}, in the order in which help and reference show them. */
public final class Catalogue {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /** No voter can be set to accept more than this. */
  public static final long LARGEST_CONTENT_BYTES = VoterSettings.MAX_CONTENT_BYTES;

  public static final Setting<String> NAME = new Setting<>(
      "name", SettingType.name(), "v1", "The voter's name, unique within the cluster.");

  public static final Setting<Path> DATA = new Setting<>(
      "data",
      SettingType.folder(),
      "syncline-data",
      "The folder of the store and the Raft log. Belongs to one voter of one cluster.");

  public static final Setting<Endpoint> LISTEN = new Setting<>(
      "listen", SettingType.endpoint(), "127.0.0.1:7400", "Where clients are served (gRPC).");

  public static final Setting<Endpoint> RAFT_LISTEN = new Setting<>(
      "raft-listen",
      SettingType.endpoint(),
      "127.0.0.1:7500",
      "Where the other voters are served.");

  public static final Setting<Optional<Endpoint>> HTTP_LISTEN = new Setting<>(
      "http-listen",
      SettingType.maybeEndpoint(),
      "127.0.0.1:7600",
      "Where metrics and health are served (HTTP): /metrics, /health/live, /health/ready.");

  public static final Setting<Optional<Endpoint>> ETCD_LISTEN = new Setting<>(
      "etcd-listen",
      SettingType.maybeEndpoint(),
      "none",
      "Where clients of etcd are served, as etcd serves them: gRPC and HTTP on one port. The same on"
          + " all voters: an address, or none.");

  public static final Setting<NamespaceName> ETCD_NAMESPACE = new Setting<>(
      "etcd-namespace",
      SettingType.namespace(),
      "etcd",
      "The namespace that clients of etcd see as their keyspace; the same on all voters.");

  public static final Setting<Endpoint> ADVERTISE = new Setting<>(
      "advertise",
      SettingType.endpoint(),
      "(as listen)",
      "Where clients are told to find this voter.");

  public static final Setting<List<VoterAddress>> VOTERS = new Setting<>(
      "voters",
      SettingType.voters(),
      "(this voter alone)",
      "Every voter of the cluster, this one included; the same on all of them.");

  public static final Setting<Long> MAX_CONTENT = new Setting<>(
      "max-content",
      SettingType.size(KIB, LARGEST_CONTENT_BYTES),
      "1MiB",
      "The largest content of a key. Larger ones are refused.");

  public static final Setting<Integer> MAX_COMMANDS_IN_FLIGHT = new Setting<>(
      "max-commands-in-flight",
      SettingType.count(1, 1 << 20),
      "16384",
      "Writes accepted and not yet decided. Further ones are refused and retried by clients.");

  public static final Setting<Duration> ELECTION_TIMEOUT = new Setting<>(
      "election-timeout",
      SettingType.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
      "1s",
      "A voter that hears nothing from the leader for this long, to twice this long, stands for"
          + " election.");

  public static final Setting<Boolean> LEADER_LEASE = new Setting<>(
      "leader-lease",
      SettingType.bool(),
      "true",
      "Serve linearizable reads under the leader's lease. Without it each read waits for a"
          + " majority to confirm the leader.");

  public static final Setting<Long> SNAPSHOT_LOG = new Setting<>(
      "snapshot-log",
      SettingType.size(MIB, 64 * GIB),
      "256MiB",
      "A snapshot is taken, and the log before it dropped, after this much Raft log.");

  public static final Setting<Integer> SNAPSHOTS_KEPT = new Setting<>(
      "snapshots-kept", SettingType.count(1, 100), "2", "How many of the newest snapshots stay.");

  public static final Setting<Duration> RETENTION_INTERVAL = new Setting<>(
      "retention-interval",
      SettingType.duration(Duration.ofMillis(100), Duration.ofDays(1)),
      "1m",
      "How often versions are looked for that the settings of their namespace no longer keep.");

  public static final Setting<Duration> RETENTION_GRACE = new Setting<>(
      "retention-grace",
      SettingType.duration(Duration.ZERO, Duration.ofDays(365)),
      "10m",
      "A limit on the count of versions never drops one superseded more recently than this.");

  public static final Setting<Long> RETENTION_FOR_FOLLOWERS = new Setting<>(
      "retention-for-followers",
      SettingType.size(0, 1024 * GIB),
      "1GiB",
      "History that a follower still has to be sent is kept up to these bytes of the change log. One"
          + " further behind is sent the net difference.");

  public static final Setting<Integer> FEED_CHANGES = new Setting<>(
      "feed-changes",
      SettingType.count(1, 1 << 24),
      "4096",
      "Recent changes kept in memory for watchers. Who is further behind reads from disk.");

  public static final Setting<Long> FEED_BYTES = new Setting<>(
      "feed-bytes",
      SettingType.size(64 * KIB, 64 * GIB),
      "64MiB",
      "Bytes of recent changes kept in memory for watchers.");

  public static final Setting<Integer> MAX_WATCHES = new Setting<>(
      "max-watches",
      SettingType.count(1, 1_000_000),
      "10000",
      "Watches served at a time. Further ones are refused.");

  public static final Setting<Boolean> METRICS = new Setting<>(
      "metrics",
      SettingType.bool(),
      "true",
      "Count and time what the voter does. Without it /metrics has only what concerns the process.");

  public static final Setting<Optional<URI>> ALERT_WEBHOOK = new Setting<>(
      "alert-webhook",
      SettingType.maybeUrl(),
      "none",
      "Who is told of alerts that this voter finds, in the format of Alertmanager's webhook.");

  public static final Setting<String> RUNBOOKS = new Setting<>(
      "runbooks",
      SettingType.text("URL", "where the pages of docs/runbooks are, with a slash at the end"),
      "docs/runbooks/",
      "How links to runbooks begin in what a webhook is told.");

  public static final List<Setting<?>> ALL = List.of(
      NAME,
      DATA,
      LISTEN,
      RAFT_LISTEN,
      HTTP_LISTEN,
      ETCD_LISTEN,
      ETCD_NAMESPACE,
      ADVERTISE,
      VOTERS,
      MAX_CONTENT,
      MAX_COMMANDS_IN_FLIGHT,
      ELECTION_TIMEOUT,
      LEADER_LEASE,
      SNAPSHOT_LOG,
      SNAPSHOTS_KEPT,
      RETENTION_INTERVAL,
      RETENTION_GRACE,
      RETENTION_FOR_FOLLOWERS,
      FEED_CHANGES,
      FEED_BYTES,
      MAX_WATCHES,
      METRICS,
      ALERT_WEBHOOK,
      RUNBOOKS);

  private Catalogue() {}
}
