package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.client.HistoryQuery;
import io.syncline.client.ListQuery;
import io.syncline.client.SynclineClient;
import io.syncline.client.WatchListener;
import io.syncline.client.WatchQuery;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Command;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.OnConflict;
import io.syncline.model.Precondition;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.proto.etcd.lock.LockGrpc;
import io.syncline.proto.etcd.lock.LockRequest;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.server.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What voters and followers export, read over HTTP as Prometheus does. */
class MetricsTest {
  private static final MonitoringSettings AT_ANY_PORT =
      MonitoringSettings.DEFAULT.withHttpListen(Optional.of(new Endpoint("127.0.0.1", 0)));
  private static final Key KEY = Key.of("routes/api");
  private static final int PUTS = 40;
  private static final String TYPE = "# TYPE ";

  /** Of the built-in evaluation of alerts: there where one is set up. */
  private static final Set<Metric> OF_FOLLOWED =
      Set.of(MetricCatalogue.SYNC_LAG_REVISIONS, MetricCatalogue.SYNC_LAG_SECONDS);

  private static final Set<Metric> LEADERS =
      Set.of(MetricCatalogue.RAFT_VOTER_LAG, MetricCatalogue.RAFT_VOTER_SILENCE);

  @TempDir
  Path root;

  private final HttpClient http = HttpClient.newHttpClient();
  private LocalCluster cluster;
  private LocalFollowers followers;
  /** Where each serves HTTP. */
  private final Map<String, Endpoint> nodes = new LinkedHashMap<>();

  private SynclineClient client;

  @BeforeEach
  void start() {
    cluster = new LocalCluster(
        root, 3, builder -> builder.monitoring(AT_ANY_PORT).snapshotLogBytes(8 << 10));
    followers = new LocalFollowers(root);
    startVoters();
    cluster.awaitLeader();
    client = followers.client("alice", endpoints());
  }

  private void startVoters() {
    cluster
        .addresses()
        .forEach(each ->
            nodes.put(each.name(), cluster.start(each.name()).httpEndpoint().orElseThrow()));
  }

  @AfterEach
  void stopAll() {
    followers.close();
    cluster.close();
    assertThat(followers.faults()).isEmpty();
    assertThat(cluster.faults()).isEmpty();
  }

  private Endpoint[] endpoints() {
    return cluster.addresses().stream().map(VoterAddress::client).toArray(Endpoint[]::new);
  }

  @Test
  void everyMetricOfTheCatalogueIsExportedByTheNodesThatHaveItAndNoOther() {
    Follower relay = follow("relay", Mode.PUSH, endpoints());
    Follower pulling = follow("pulling", Mode.PULL, relay.endpoint());
    nodes.put("relay", relay.httpEndpoint().orElseThrow());
    nodes.put("pulling", pulling.httpEndpoint().orElseThrow());
    var seen = new AtomicLong();
    try (var watch = client.watch(WatchQuery.of(NamespaceName.DEFAULT), counting(seen))) {
      assertThat(watch).isNotNull();
      use();
      long revision = newest();
      followers.awaitAt(relay, revision);
      followers.awaitAt(pulling, revision);
      await().atMost(PATIENCE).until(() -> seen.get() == revision);

      await().atMost(PATIENCE).untilAsserted(() -> {
        assertExports(Metric.Node.VOTER, LEADERS, "v1", "v2", "v3");
        assertExports(Metric.Node.FOLLOWER, Set.of(), "relay", "pulling");
      });
      assertValues(revision);
    }
  }

  /**
   * All of the catalogue by one of the nodes or another, and by each what is not of a leader, or of one
   * that is followed, alone.
   */
  private void assertExports(Metric.Node kind, Set<Metric> ofSome, String... named) {
    var exported = new TreeSet<String>();
    Set<Metric> all = MetricCatalogue.ALL.stream()
        .filter(metric -> metric.nodes().contains(kind))
        .collect(Collectors.toSet());
    Set<Metric> ofEach = all.stream()
        .filter(metric -> !ofSome.contains(metric) && !OF_FOLLOWED.contains(metric))
        .collect(Collectors.toSet());
    for (String node : named) {
      Set<String> names = names(scrape(node));
      assertThat(names).as(node).containsAll(exportedNames(ofEach));
      exported.addAll(names);
    }
    assertThat(exported).isEqualTo(exportedNames(all));
  }

  /** Some of everything that is counted. */
  private void use() {
    for (int i = 0; i < PUTS; i++) {
      put("key/" + i, "content of " + i + " " + "x".repeat(500), Precondition.NONE);
    }
    put(KEY.toString(), "a: 1\n", Precondition.NONE);
    put(KEY.toString(), "a: 2\n", Precondition.NONE);
    client.write(
        new Command.Rollback(NamespaceName.DEFAULT, KEY, new Version(1), Precondition.NONE), "");
    var stale = new Command.Put(
        NamespaceName.DEFAULT,
        KEY,
        content("b: 1\n"),
        new Precondition.AtVersion(new Version(2)),
        false,
        null);
    assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> client.write(stale, ""));
    assertThat(client.write(stale, "", OnConflict.by("accept-target")).conflictId())
        .isPositive();
    client.get(NamespaceName.DEFAULT, KEY, ReadAt.NOW, Consistency.LINEARIZABLE);
    client.get(NamespaceName.DEFAULT, KEY, ReadAt.NOW, Consistency.ANY);
    assertThat(client.listAll(ListQuery.of(NamespaceName.DEFAULT)).count()).isPositive();
    assertThat(client.historyAll(HistoryQuery.of(NamespaceName.DEFAULT, KEY)).count())
        .isPositive();
    client.write(new Command.Compact(null, new Revision(5)), "");
  }

  private void assertValues(long revision) {
    String leader = cluster.awaitLeader();
    Map<String, Double> values = values(scrape(leader));
    // one put was settled as a conflict, one of the same refused
    assertThat(values)
        .containsEntry("syncline_writes_total{kind=\"put\"}", PUTS + 3.0)
        .containsEntry("syncline_writes_total{kind=\"rollback\"}", 1.0)
        .containsEntry("syncline_writes_total{kind=\"compact\"}", 1.0)
        .containsEntry("syncline_writes_total{kind=\"delete\"}", 0.0)
        .containsEntry("syncline_write_seconds_count", PUTS + 5.0)
        .containsEntry("syncline_write_rejections_total{reason=\"precondition_failed\"}", 1.0)
        .containsEntry(
            "syncline_conflicts{state=\"resolved\",type=\"concurrent_modification\"}", 1.0)
        .containsEntry(
            "syncline_conflicts_settled_total{state=\"resolved\",strategy=\"accept-target\","
                + "type=\"concurrent_modification\"}",
            1.0)
        .containsEntry("syncline_horizon_revision", 5.0)
        .containsEntry("syncline_namespace_keys{namespace=\"default\"}", PUTS + 1.0)
        .containsEntry("syncline_commands_in_flight", 0.0)
        .containsEntry("syncline_raft_is_leader", 1.0)
        .containsEntry("syncline_ready", 1.0);
    assertThat(values.get("syncline_raft_flush_seconds_count")).isPositive();
    assertThat(values.get("syncline_commit_seconds_count"))
        .isEqualTo(values.get("syncline_group_commit_commands_count"));
    assertThat(sum("syncline_reads_total", "kind=\"get\"")).isGreaterThanOrEqualTo(2);
    assertThat(sum("syncline_reads_total", "kind=\"list\"")).isPositive();
    assertThat(sum("syncline_reads_total", "kind=\"history\"")).isPositive();
    assertThat(sum("syncline_watchers", "state=\"synced\"")).isEqualTo(1);
    assertThat(sum("syncline_watch_events_total", "")).isEqualTo((double) revision);
    assertSyncIsIdle();
  }

  private void assertSyncIsIdle() {
    await().atMost(PATIENCE).untilAsserted(() -> {
      for (String mode : List.of("push", "pull")) {
        String label = "mode=\"" + mode + "\"";
        assertThat(sum("syncline_sync_attempts_total", label)).isPositive();
        assertThat(sum("syncline_sync_successes_total", label))
            .as(mode)
            .isEqualTo(sum("syncline_sync_attempts_total", label));
      }
      assertThat(sum("syncline_followers", "state=\"completed\"")).isEqualTo(2);
      assertThat(sum("syncline_followers", "")).isEqualTo(2);
      assertThat(sum("syncline_followers_by_lag", "lag=\"none\"")).isEqualTo(2);
      assertThat(sum("syncline_followers_by_digest", "digest=\"equal\"")).isEqualTo(2);
      assertThat(sum("syncline_sync_lag_revisions", "")).isZero();
      assertThat(sum("syncline_sync_lag_seconds", "")).isZero();
      assertThat(sum("syncline_sync_sessions", "mode=\"push\"")).isEqualTo(1);
      assertThat(sum("syncline_sync_sessions", "mode=\"pull\"")).isEqualTo(1);
      assertThat(sum("syncline_sync_propagation_seconds_count", "")).isPositive();
      assertThat(sum("syncline_sync_stalled", "")).isZero();
    });
  }

  @Test
  void aFollowerThatIsOffFallsBehindAndOneThatIsBackDoesNot() {
    Follower follower = follow("edge", Mode.PUSH, endpoints());
    put("key", "1", Precondition.NONE);
    followers.awaitAt(follower, newest());

    followers.stop(follower);
    put("key", "2", Precondition.NONE);
    put("key", "3", Precondition.NONE);

    String edge = "follower=\"edge\",namespace=\"default\"";
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(sum("syncline_sync_lag_revisions", edge)).isEqualTo(2));
    assertThat(sum("syncline_followers_by_lag", "lag=\"none\"")).isZero();

    follow("edge", Mode.PUSH, endpoints());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(sum("syncline_sync_lag_revisions", edge)).isZero());
  }

  @Test
  void countersBeginAnewWithTheProcessAndTheRestDoesNot() {
    put("key", "1", Precondition.NONE);
    put("key", "2", Precondition.NONE);
    cluster.stopAll();
    startVoters();
    String leader = cluster.awaitLeader();

    Map<String, Double> values = values(scrape(leader));

    assertThat(values)
        .containsEntry("syncline_writes_total{kind=\"put\"}", 0.0)
        .containsEntry("syncline_revision", 2.0)
        .containsEntry("syncline_namespace_changes{namespace=\"default\"}", 2.0);
  }

  @Test
  void withoutMetricsOnlyTheProcessIsMeasured() {
    var alone = new LocalCluster(
        root.resolve("alone"), 1, builder -> builder.monitoring(AT_ANY_PORT.withMetrics(false)));
    try (alone) {
      Voter voter = alone.start("v1");
      alone.awaitLeader();
      alone.put("v1", "key", "content");

      assertThat(names(scrape(voter.httpEndpoint().orElseThrow())))
          .contains("syncline_build_info", "syncline_ready", "jvm_threads_live_threads")
          .noneMatch(name -> name.startsWith("syncline_write") || name.startsWith("syncline_raft"));
    }
  }

  @Test
  void leasesAndWhoWaitsForALockAreCountedAndReadOnEtcdsPortToo() {
    var etcd = EtcdSettings.DEFAULT.withListen(new Endpoint("127.0.0.1", 0));
    var alone = new LocalCluster(root.resolve("alone"), 1, builder -> builder.etcd(etcd));
    try (alone) {
      Voter voter = alone.start("v1");
      alone.awaitLeader();
      Endpoint door = voter.etcdEndpoint().orElseThrow();
      ManagedChannel channel = NettyChannelBuilder.forAddress(door.host(), door.port())
          .usePlaintext()
          .build();
      try {
        List<LockRequest> locks = Stream.of(1L, 2L)
            .map(id -> LeaseGrpc.newBlockingStub(channel)
                .leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(600).build())
                .getID())
            .map(id -> LockRequest.newBuilder()
                .setName(ByteString.copyFromUtf8("lock"))
                .setLease(id)
                .build())
            .toList();
        assertThat(LockGrpc.newBlockingStub(channel).lock(locks.get(0)).getKey().isEmpty())
            .isFalse();
        var waiting = LockGrpc.newFutureStub(channel).lock(locks.get(1));

        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(values(scrape(door)))
                .containsEntry("syncline_leases", 2.0)
                .containsEntry("syncline_contenders", 1.0));
        assertThat(waiting.isDone()).isFalse();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void anHttpPortInUseIsToldAndNothingIsLeftBehind() {
    Endpoint used = at("v1");
    var refused = new LocalCluster(
        root.resolve("r"),
        1,
        builder ->
            builder.monitoring(MonitoringSettings.DEFAULT.withHttpListen(Optional.of(used))));
    try (refused) {
      assertThatExceptionOfType(RefusedToStart.class)
          .isThrownBy(() -> refused.start("v1"))
          .withMessageContaining("http-listen: cannot listen on " + used)
          .withMessageContaining("stop what uses it, or set another address");
    }
    var again = new LocalCluster(
        root.resolve("r"), 1, builder -> builder.monitoring(MonitoringSettings.DEFAULT));
    try (again) {
      assertThat(again.start("v1").httpEndpoint()).isEmpty();
    }
  }

  @Test
  void S0_39_aFollowersHealthIsToldAlikeByHttpAndByGrpc() {
    Follower cutOff = follow("cut-off", Mode.PULL, new Endpoint("127.0.0.1", 1));
    Follower follower = follow("edge", Mode.PUSH, endpoints());

    await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(scrape(follower.httpEndpoint().orElseThrow(), "/health/ready"))
          .isEqualTo("{\"ready\":true,\"reasons\":[]}\n");
      assertThat(grpcHealth(follower)).isEqualTo(ServingStatus.SERVING);
    });
    Endpoint http = cutOff.httpEndpoint().orElseThrow();
    assertThat(scrape(http, "/health/ready")).startsWith("{\"ready\":false,\"reasons\":[\"nothing");
    assertThat(scrape(http, "/health/live")).isEqualTo("{\"live\":true}\n");
    assertThat(grpcHealth(cutOff)).isEqualTo(ServingStatus.NOT_SERVING);
  }

  private static ServingStatus grpcHealth(Follower follower) {
    Endpoint at = follower.endpoint();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(at.host(), at.port()).usePlaintext().build();
    try {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthCheckRequest.getDefaultInstance())
          .getStatus();
    } finally {
      channel.shutdownNow();
    }
  }

  private Follower follow(String id, Mode mode, Endpoint... upstreams) {
    return followers.start(id, mode, Subscription.EVERYTHING, List.of(upstreams));
  }

  private long newest() {
    return cluster.status(cluster.awaitLeader()).getHeader().getRevision();
  }

  private void put(String key, String content, Precondition condition) {
    client.write(
        new Command.Put(
            NamespaceName.DEFAULT, Key.of(key), content(content), condition, false, null),
        "");
  }

  private static Command.Content content(String text) {
    return Command.Content.of(ByteString.copyFromUtf8(text), "");
  }

  private static WatchListener counting(AtomicLong seen) {
    return (revision, events) -> seen.addAndGet(events.size());
  }

  private static Set<String> exportedNames(Set<Metric> metrics) {
    return metrics.stream()
        .flatMap(metric -> switch (metric.kind()) {
          case COUNTER, GAUGE -> Stream.of(metric.name());
          case SUMMARY, HISTOGRAM -> Stream.of(metric.name(), metric.name() + "_max");
        })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Endpoint at(String node) {
    return Objects.requireNonNull(nodes.get(node), node);
  }

  private String scrape(String node) {
    return scrape(at(node));
  }

  private String scrape(Endpoint at) {
    return scrape(at, "/metrics");
  }

  private String scrape(Endpoint at, String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://" + at + path)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The names that are exported, as their types say. */
  private static Set<String> names(String scraped) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(TYPE))
        .map(line -> line.substring(TYPE.length(), line.lastIndexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Double> values(String scraped) {
    return scraped
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.toMap(
            line -> line.substring(0, line.lastIndexOf(' ')),
            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
  }

  /** Of all nodes, the series of a metric that have a label. */
  private double sum(String metric, String label) {
    return nodes.keySet().stream()
        .flatMap(node -> values(scrape(node)).entrySet().stream())
        .filter(entry -> entry.getKey().equals(metric) || entry.getKey().startsWith(metric + "{"))
        .filter(entry -> entry.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
