package io.syncline.monitor.dashboard;

import static io.syncline.monitor.dashboard.Panel.stat;
import static io.syncline.monitor.dashboard.Panel.timeSeries;
import static io.syncline.monitor.dashboard.Panel.timeline;
import static io.syncline.monitor.dashboard.Selector.all;
import static io.syncline.monitor.dashboard.Selector.buckets;
import static io.syncline.monitor.dashboard.Selector.counts;
import static io.syncline.monitor.dashboard.Selector.largest;
import static io.syncline.monitor.dashboard.Selector.some;
import static io.syncline.monitor.dashboard.Selector.sums;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.util.List;

/** The voters: who leads, what is written, how long it takes, how much room there is. */
final class ClusterDashboard {
  static final Dashboard DASHBOARD = new Dashboard(
      "cluster",
      "Syncline: cluster",
      "The voters: who leads, what is written and read, how long it takes, how much room is left.",
      MetricCatalogue.RAFT_TERM,
      List.of(
          now(),
          raft(),
          writes(),
          NodePanels.reads(),
          leases(),
          NodePanels.store(),
          NodePanels.namespaces(),
          NodePanels.process(),
          NodePanels.monitoring()));

  private ClusterDashboard() {}

  private static Row leases() {
    return Row.of(
        "Leases",
        timeSeries(
                "Leases",
                "Leases of clients of etcd; the leader looks after them.",
                PanelUnit.COUNT,
                Query.of("leases", "sum(%s)", all(MetricCatalogue.LEASES)))
            .sized(12, 6),
        timeSeries(
                "Contenders",
                "Clients of etcd that wait for a lock or to be elected.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.CONTENDERS)))
            .sized(12, 6));
  }

  private static Row now() {
    return Row.of(
        "Now",
        stat(
            "Leader",
            "The voter that leads.",
            PanelUnit.COUNT,
            Query.of(
                "{{node}}",
                "max by (node) (%s and on (job, instance) (%s == 1))",
                all(MetricCatalogue.NODE_INFO),
                all(MetricCatalogue.RAFT_IS_LEADER))),
        stat(
                "Voters that know a leader",
                "Without a majority of them nothing can be written.",
                PanelUnit.COUNT,
                Query.of("voters", "sum(%s)", all(MetricCatalogue.RAFT_HAS_LEADER)))
            .from(2, "green")
            .alerts(AlertCatalogue.NO_LEADER),
        stat(
            "Term",
            "The Raft term: one more for each election.",
            PanelUnit.COUNT,
            Query.of("term", "max(%s)", all(MetricCatalogue.RAFT_TERM))),
        stat(
            "Revision",
            "The newest revision.",
            PanelUnit.COUNT,
            Query.of("revision", "max(%s)", all(MetricCatalogue.REVISION))),
        stat(
            "Writes",
            "Carried out, a second.",
            PanelUnit.PER_SECOND,
            Query.of("writes", "sum(rate(%s[$__rate_interval]))", all(MetricCatalogue.WRITES))),
        stat(
            "Reads",
            "Answered, a second.",
            PanelUnit.PER_SECOND,
            Query.of("reads", "sum(rate(%s[$__rate_interval]))", all(MetricCatalogue.READS))),
        stat(
                "Write latency",
                "All but one write in a hundred took at most so long.",
                PanelUnit.SECONDS,
                Query.quantile("p99", "0.99", MetricCatalogue.WRITE_SECONDS))
            .from(AlertCatalogue.WRITE_LATENCY_HIGH.threshold(), "red")
            .alerts(AlertCatalogue.WRITE_LATENCY_HIGH),
        stat(
            "Commands in flight",
            "Accepted by the leader, with an outcome that is not known yet.",
            PanelUnit.COUNT,
            Query.of("commands", "sum(%s)", all(MetricCatalogue.COMMANDS_IN_FLIGHT))));
  }

  private static Row raft() {
    return Row.of(
        "Raft",
        timeline(
                "Who leads",
                "The leader, at each time.",
                Query.of("{{instance}}", "%s", all(MetricCatalogue.RAFT_IS_LEADER)))
            .meaning(0, "votes", "light-blue")
            .meaning(1, "leads", "blue")
            .alerts(AlertCatalogue.LEADER_CHANGES_OFTEN),
        NodePanels.ready(),
        timeSeries(
                "Leaders that came",
                "As each voter has seen it.",
                PanelUnit.COUNT,
                Query.of(
                    "{{instance}}",
                    "sum by (instance) (increase(%s[$__rate_interval]))",
                    all(MetricCatalogue.RAFT_LEADER_CHANGES)))
            .alerts(AlertCatalogue.LEADER_CHANGES_OFTEN)
            .sized(6, 8),
        timeSeries(
                "Entries committed",
                "Entries of the Raft log; each may hold many commands.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{instance}}",
                    "rate(%s[$__rate_interval])",
                    all(MetricCatalogue.RAFT_COMMIT_INDEX)))
            .sized(6, 8),
        timeSeries(
                "Entries to apply",
                "Committed and not applied yet, by voter.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.RAFT_APPLY_LAG)))
            .alerts(AlertCatalogue.APPLY_LAG)
            .sized(6, 8),
        timeSeries(
                "Entries that voters lack",
                "Of the leader's log, by voter.",
                PanelUnit.COUNT,
                Query.of("{{voter}}", "max by (voter) (%s)", all(MetricCatalogue.RAFT_VOTER_LAG)))
            .alerts(AlertCatalogue.VOTER_BEHIND)
            .sized(6, 8),
        timeSeries(
                "Silence of voters",
                "How long ago each last answered the leader.",
                PanelUnit.SECONDS,
                Query.of(
                    "{{voter}}", "max by (voter) (%s)", all(MetricCatalogue.RAFT_VOTER_SILENCE)))
            .from(AlertCatalogue.VOTER_SILENT.threshold(), "red")
            .alerts(AlertCatalogue.VOTER_SILENT)
            .sized(6, 8),
        timeSeries(
                "Flushes of the log",
                "The mean, and the longest of the last minutes.",
                PanelUnit.SECONDS,
                Query.of(
                    "{{instance}} mean",
                    "rate(%s[$__rate_interval]) / rate(%s[$__rate_interval])",
                    sums(MetricCatalogue.RAFT_FLUSH_SECONDS),
                    counts(MetricCatalogue.RAFT_FLUSH_SECONDS)),
                Query.of("{{instance}} longest", "%s", largest(MetricCatalogue.RAFT_FLUSH_SECONDS)))
            .alerts(AlertCatalogue.FLUSH_SLOW)
            .sized(6, 8),
        timeSeries(
                "Raft log",
                "On the disk; each snapshot shortens it.",
                PanelUnit.BYTES,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.RAFT_LOG_BYTES)))
            .alerts(AlertCatalogue.RAFT_LOG_LARGE)
            .sized(6, 8),
        timeSeries(
                "Age of the newest snapshot",
                "A snapshot is due by the size of the log, not by time.",
                PanelUnit.SECONDS,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.RAFT_SNAPSHOT_AGE)))
            .alerts(AlertCatalogue.RAFT_LOG_LARGE)
            .sized(6, 8));
  }

  private static Row writes() {
    return Row.of(
        "Writes",
        timeSeries(
                "Writes",
                "Carried out, by kind.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{kind}}",
                    "sum by (kind) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.WRITES)))
            .asStack(),
        timeSeries(
                "Writes refused",
                "By reason.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{reason}}",
                    "sum by (reason) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.WRITE_REJECTIONS)))
            .asStack()
            .alerts(AlertCatalogue.WRITE_REJECTIONS_HIGH),
        timeSeries(
                "Write latency",
                "From the proposal at the leader until the outcome is known.",
                PanelUnit.SECONDS,
                Query.quantile("p50", "0.5", MetricCatalogue.WRITE_SECONDS),
                Query.quantile("p99", "0.99", MetricCatalogue.WRITE_SECONDS),
                Query.of("longest", "max(%s)", largest(MetricCatalogue.WRITE_SECONDS)))
            .from(AlertCatalogue.WRITE_LATENCY_HIGH.threshold(), "red")
            .alerts(AlertCatalogue.WRITE_LATENCY_HIGH),
        Panel.heatmap(
                Panel.Kind.BUCKET_HEATMAP,
                "Write latency: all writes",
                "How many writes took how long.",
                PanelUnit.SECONDS,
                Query.of(
                    "{{le}}",
                    "sum by (le) (increase(%s[$__rate_interval]))",
                    buckets(MetricCatalogue.WRITE_SECONDS)))
            .alerts(AlertCatalogue.WRITE_LATENCY_HIGH)
            .sized(8, 8),
        timeSeries(
            "Where a write's time goes",
            "Until an entry is committed and applied, and of that its application; p99.",
            PanelUnit.SECONDS,
            Query.quantile("committed and applied", "0.99", MetricCatalogue.COMMIT_SECONDS),
            Query.quantile("applied", "0.99", MetricCatalogue.APPLY_SECONDS)),
        timeSeries(
            "Group commit",
            "Commands that shared one entry of the log, and so one flush.",
            PanelUnit.COUNT,
            Query.of(
                "mean",
                "sum(rate(%s[$__rate_interval])) / sum(rate(%s[$__rate_interval]))",
                sums(MetricCatalogue.GROUP_COMMIT),
                counts(MetricCatalogue.GROUP_COMMIT)),
            Query.quantile("p99", "0.99", MetricCatalogue.GROUP_COMMIT)),
        timeSeries(
                "Commands in flight at the leader",
                "Beyond the setting max-commands-in-flight writes are refused.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.COMMANDS_IN_FLIGHT)))
            .alerts(AlertCatalogue.WRITE_REJECTIONS_HIGH)
            .sized(12, 8),
        timeSeries(
                "Rollbacks",
                "New versions with an older content.",
                PanelUnit.COUNT,
                Query.of(
                    "rollbacks",
                    "sum(increase(%s[$__rate_interval]))",
                    some(Series.of(MetricCatalogue.WRITES).where("kind", "rollback"))))
            .sized(12, 8));
  }
}
