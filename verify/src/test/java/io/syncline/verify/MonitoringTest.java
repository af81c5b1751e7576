package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.client.Watch;
import io.syncline.client.WatchQuery;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.alert.AlertRule;
import io.syncline.monitor.dashboard.Dashboard;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.monitor.dashboard.Panel;
import io.syncline.monitor.dashboard.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus looks at three voters and two followers while they are written to, read and watched,
 * while a follower stands still and comes back, a conflict waits and the leader is killed: every query of
 * every dashboard and every rule must have something to show. Fails where there is no Prometheus.
 */
@Tag("prometheus")
@TestInstance(Lifecycle.PER_CLASS)
class MonitoringTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAMESPACE = "shop";
  private static final int BEHIND = 50;

  /** As the voter knows it that serves the follower now. */
  private static final String LAG_OF_PUSHED =
      "min(syncline_sync_lag_revisions{follower=\"pushed\"," + "namespace=\"" + NAMESPACE + "\"})";

  /** So that there is soon enough of a log for a snapshot. */
  private static final String PADDING = " ".repeat(2000);

  /** Has a value only of a follower that never reached its upstream: there is none. */
  private static final List<AlertRule> NOTHING_TO_SHOW =
      List.of(AlertCatalogue.FOLLOWER_NEVER_SYNCED);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path root;

  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final Instant begun = Instant.now();
  private ProcessCluster cluster;
  private CommandProcess syncline;
  private FollowerProcess pushed;
  private FollowerProcess pulled;
  private PrometheusProcess prometheus;
  private Thread writer;

  @BeforeAll
  void liveThroughAnEventfulMinute() throws Exception {
    cluster = ProcessCluster.started(root.resolve("cluster"), "--snapshot-log=1MiB");
    syncline = new CommandProcess(root, cluster.endpointsText());
    pushed = new FollowerProcess("pushed", root, cluster.endpointsText(), "--mode=push");
    pulled = new FollowerProcess("pulled", root, cluster.endpointsText(), "--mode=pull");
    List.of(pushed, pulled).forEach(SynclineProcess::start);
    prometheus = PrometheusProcess.started(
        root.resolve("prometheus"),
        Map.of(
            "syncline-voters",
            cluster.voters().stream().map(VoterProcess::http).toList(),
            "syncline-followers",
            List.of(pushed.http(), pulled.http())),
        List.of(Path.of("../ops/monitoring/prometheus/syncline-alerts.yml").toAbsolutePath()));
    run("namespace", "create", NAMESPACE);
    writer = new Thread(this::writeAndReadAllTheTime, "writer");
    writer.start();
    awaitAbove("sum(rate(syncline_writes_total{kind=\"put\"}[5s]))", 0);

    rollBack();
    leaveAConflictOpen();
    draftAtAFollower();
    standStillAndComeBack();
    killTheLeader();
    awaitAbove("sum(rate(syncline_sync_propagation_seconds_count[5s]))", 0);
    awaitAbove("max(syncline_raft_snapshot_age_seconds)", 0);
  }

  @AfterAll
  void stop() throws InterruptedException {
    writing.set(false);
    if (writer != null) {
      writer.join();
    }
    if (prometheus != null) {
      prometheus.close();
    }
    List.of(pushed, pulled).forEach(SynclineProcess::kill);
    cluster.close();
  }

  private void writeAndReadAllTheTime() {
    WatchQuery query = WatchQuery.of(new NamespaceName(NAMESPACE));
    try (SynclineClient client = cluster.client();
        Watch watch = client.watch(query, (revision, events) -> {})) {
      for (int i = 0; writing.get(); i++) {
        Key key = Key.of("limits/" + i % 20);
        try {
          client.put(
              new NamespaceName(NAMESPACE), key, ByteString.copyFromUtf8("rate: " + i + PADDING));
          client.get(new NamespaceName(NAMESPACE), key);
        } catch (UnavailableException | UnknownOutcomeException | RejectedException e) {
          // while there is no leader
        }
      }
    }
  }

  private void rollBack() throws Exception {
    run("put", "routes/api", "-n", NAMESPACE, "--content", "timeout: 5s");
    run("put", "routes/api", "-n", NAMESPACE, "--content", "timeout: 50s");
    run("rollback", "routes/api", "-n", NAMESPACE, "--to-version", "1");
    assertThat(prometheus.value("sum(syncline_revision)")).isPositive();
    awaitAbove("sum(syncline_writes_total{kind=\"rollback\"})", 0);
  }

  private void leaveAConflictOpen() throws Exception {
    CommandProcess.Ended ended = syncline.run(
        "put",
        "routes/api",
        "-n",
        NAMESPACE,
        "--content",
        "timeout: 7s",
        "--if-version",
        "1",
        "--on-conflict",
        "manual");
    assertThat(ended.err()).contains("conflict");
    awaitAbove("max(syncline_conflicts{state=\"open\"})", 0);
  }

  private void draftAtAFollower() throws Exception {
    CommandProcess.Ended ended = new CommandProcess(root, pushed.address().toString())
        .run("draft", "put", "routes/draft", "-n", NAMESPACE, "--content", "drafted");
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  private void standStillAndComeBack() {
    pushed.pause();
    awaitAbove(LAG_OF_PUSHED, BEHIND);
    pushed.resume();
    await("the follower has come back")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> prometheus.value(LAG_OF_PUSHED) < BEHIND);
  }

  private void killTheLeader() {
    VoterProcess leader = cluster.awaitLeader();
    leader.kill();
    awaitAbove("max(syncline_raft_leader_changes_total)", 0);
    awaitAbove("count(up == 0)", 0);
    leader.start();
    cluster.awaitAllReady();
    await("every node is scraped again")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> prometheus.value("min(up)") == 1);
  }

  private void awaitAbove(String expression, double least) {
    await(expression + " > " + least)
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> prometheus.value(expression) > least);
  }

  private void run(String... arguments) throws Exception {
    CommandProcess.Ended ended = syncline.run(arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  /** As Grafana does where nothing is picked. */
  private static String withoutVariables(String expression) {
    return expression
        .replace("$__rate_interval", "10s")
        .replaceAll("\\$(cluster|job|instance|namespace)", ".*");
  }

  private boolean hasValues(String expression) {
    for (JsonNode series : prometheus.range(expression, begun, Instant.now())) {
      for (JsonNode point : series.get("values")) {
        if (!point.get(1).asText().equals("NaN")) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void everyQueryOfEveryPanelHasSomethingToShow() {
    var empty = new ArrayList<String>();
    for (Dashboard dashboard : Dashboards.ALL) {
      for (Panel panel : dashboard.panels().toList()) {
        for (Query query : panel.queries()) {
          if (!hasValues(withoutVariables(query.expression()))) {
            empty.add(dashboard.title() + " / " + panel.title() + ": " + query.expression());
          }
        }
      }
    }

    assertThat(empty).isEmpty();
  }

  @Test
  void everyMarkOfWhatHappenedIsThere() {
    for (Dashboards.Event event : Dashboards.EVENTS) {
      assertThat(hasValues(withoutVariables(event.expression())))
          .as(event.name())
          .isTrue();
    }
  }

  @Test
  void everyRuleHasSomethingToMeasure() {
    var empty = new ArrayList<String>();
    for (AlertRule rule : AlertCatalogue.ALL) {
      if (!NOTHING_TO_SHOW.contains(rule) && !hasValues(rule.measure().promql())) {
        empty.add(rule.name() + ": " + rule.measure().promql());
      }
    }

    assertThat(empty).isEmpty();
  }

  @Test
  void theLagRoseWhileTheFollowerStoodStillAndFellWhenItCameBack() {
    JsonNode series = prometheus.range(LAG_OF_PUSHED, begun, Instant.now());
    var values = new ArrayList<Double>();
    series.get(0).get("values").forEach(point -> values.add(point.get(1).asDouble()));

    double largest = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    assertThat(largest).isGreaterThan(BEHIND);
    assertThat(values.get(values.size() - 1)).isLessThan(largest / 2);
  }

  @Test
  void prometheusFindsNothingWrongWithTheMetrics() throws Exception {
    for (VoterProcess voter : cluster.voters()) {
      lint(voter.name(), voter.http().toString());
    }
    lint(pushed.name(), pushed.http().toString());
  }

  private static void lint(String name, String address) throws Exception {
    Path out = Files.createTempFile(root, name, ".lint");
    Process promtool = new ProcessBuilder(
            "sh", "-c", "curl -sf http://" + address + "/metrics | promtool check metrics")
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
    int code = promtool.waitFor();
    assertThat(Files.readString(out)).as(name).isEmpty();
    assertThat(code).isZero();
  }

  @Test
  void theReportShowsWhatPrometheusHas() throws Exception {
    Path page = root.resolve("report.html");
    CommandProcess.Ended ended = syncline.run(
        "monitoring",
        "report",
        "--prometheus",
        prometheus.url(),
        "--since",
        "2m",
        "--out",
        page.toString(),
        "--output",
        "json");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(JSON.readTree(ended.out())).isNotEmpty();
    assertThat(Files.readString(page))
        .contains("<svg")
        .contains(Dashboards.ALL.stream().map(Dashboard::title).toList());
  }
}
