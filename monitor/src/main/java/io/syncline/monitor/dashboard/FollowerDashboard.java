package io.syncline.monitor.dashboard;

import static io.syncline.monitor.dashboard.Panel.stat;
import static io.syncline.monitor.dashboard.Panel.timeSeries;
import static io.syncline.monitor.dashboard.Panel.timeline;
import static io.syncline.monitor.dashboard.Selector.all;
import static io.syncline.monitor.dashboard.Selector.some;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.util.List;

/** Followers, from their own side: what their copy is worth, and what they do about it. */
final class FollowerDashboard {
  static final Dashboard DASHBOARD = new Dashboard(
      "follower",
      "Syncline: follower",
      "Followers from their own side: how old the copy is, what arrives, what is repaired.",
      MetricCatalogue.COPY_LAG_REVISIONS,
      List.of(
          now(),
          copy(),
          arrivals(),
          trust(),
          NodePanels.reads(),
          NodePanels.store(),
          NodePanels.process()));

  private FollowerDashboard() {}

  private static Row now() {
    return Row.of(
        "Now",
        stat(
                "Age of the copy",
                "How long ago the oldest copy was surely equal to the centre.",
                PanelUnit.SECONDS,
                Query.of("oldest", "max(%s)", all(MetricCatalogue.COPY_AGE)))
            .from(10, "orange")
            .from(AlertCatalogue.FOLLOWER_COPY_STALE.threshold(), "red")
            .alerts(AlertCatalogue.FOLLOWER_COPY_STALE),
        stat(
            "Revisions behind",
            "Of the copy that is furthest behind.",
            PanelUnit.COUNT,
            Query.of("most", "max(%s)", all(MetricCatalogue.COPY_LAG_REVISIONS))),
        stat(
                "Ready",
                "Followers that are ready to serve.",
                PanelUnit.COUNT,
                Query.of(
                    "followers",
                    "sum(%s and on (job, instance) %s)",
                    all(MetricCatalogue.READY),
                    all(MetricCatalogue.COPY_LAG_REVISIONS)))
            .from(1, "green")
            .alerts(AlertCatalogue.NODE_NOT_READY),
        stat(
                "Suspect namespaces",
                "Namespaces that differ from the centre's and are not served as fresh.",
                PanelUnit.COUNT,
                Query.of("namespaces", "sum(%s)", all(MetricCatalogue.COPY_SUSPECTS)))
            .from(1, "red")
            .alerts(AlertCatalogue.COPY_SUSPECT),
        stat(
                "Snapshot",
                "How much of the snapshot under way has arrived; all if none is under way.",
                PanelUnit.SHARE,
                Query.of("least", "min(%s)", all(MetricCatalogue.COPY_SNAPSHOT_PROGRESS)))
            .from(1, "green"),
        stat(
            "Drafts waiting",
            "Changes made here while cut off, to be proposed.",
            PanelUnit.COUNT,
            Query.of(
                "drafts",
                "sum(%s)",
                some(Series.of(MetricCatalogue.DRAFTS).where("state", "waiting")))),
        stat(
                "Drafts refused",
                "Changes made here that the cluster refused.",
                PanelUnit.COUNT,
                Query.of(
                    "drafts",
                    "sum(%s)",
                    some(Series.of(MetricCatalogue.DRAFTS).where("state", "refused"))))
            .from(1, "orange")
            .alerts(AlertCatalogue.DRAFTS_REFUSED),
        stat(
            "Changes applied",
            "A second, by all followers shown.",
            PanelUnit.PER_SECOND,
            Query.of(
                "changes", "sum(rate(%s[$__rate_interval]))", all(MetricCatalogue.COPY_CHANGES))));
  }

  private static Row copy() {
    return Row.of(
        "Copy",
        timeSeries(
                "Age of the copy",
                "How long ago it was surely equal to the centre.",
                PanelUnit.SECONDS,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.COPY_AGE)))
            .from(AlertCatalogue.FOLLOWER_COPY_STALE.threshold(), "red")
            .alerts(AlertCatalogue.FOLLOWER_COPY_STALE, AlertCatalogue.FOLLOWER_NEVER_SYNCED)
            .sized(12, 8),
        timeSeries(
                "Revisions behind",
                "Between the copy's cursor and the newest revision heard of.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.COPY_LAG_REVISIONS)))
            .sized(12, 8),
        timeline(
                "What it does",
                "Of waiting, pulling, streaming, copying and comparing.",
                Query.of("{{instance}} {{state}}", "%s", all(MetricCatalogue.COPY_STATE)))
            .meaning(0, " ", "transparent")
            .meaning(1, "does", "blue"),
        NodePanels.ready());
  }

  private static Row arrivals() {
    return Row.of(
        "What arrives",
        timeSeries(
            "Batches applied",
            "Each with one or more changes.",
            PanelUnit.PER_SECOND,
            rate(MetricCatalogue.COPY_BATCHES)),
        timeSeries(
            "Bytes received",
            "Of batches.",
            PanelUnit.BYTES_PER_SECOND,
            rate(MetricCatalogue.COPY_BYTES)),
        timeSeries(
            "Bytes of snapshots received",
            "Of whole copies, and of net differences.",
            PanelUnit.BYTES_PER_SECOND,
            rate(MetricCatalogue.COPY_SNAPSHOT_BYTES)),
        timeSeries(
            "Snapshots taken",
            "Whole copies, and net differences.",
            PanelUnit.COUNT,
            Query.of(
                "{{instance}}",
                "sum by (instance) (increase(%s[$__rate_interval]))",
                all(MetricCatalogue.COPY_SNAPSHOTS))),
        timeSeries(
            "Batches skipped",
            "That the copy had already.",
            PanelUnit.PER_SECOND,
            rate(MetricCatalogue.COPY_DUPLICATES)),
        timeSeries(
                "Attempts begun anew",
                "After they failed.",
                PanelUnit.PER_SECOND,
                rate(MetricCatalogue.COPY_RETRIES))
            .alerts(AlertCatalogue.FOLLOWER_COPY_STALE));
  }

  private static Row trust() {
    return Row.of(
        "Trust",
        timeSeries(
                "Damaged on arrival",
                "Refused, never applied.",
                PanelUnit.COUNT,
                increase(MetricCatalogue.COPY_CORRUPT))
            .alerts(AlertCatalogue.COPY_CORRUPT)
            .sized(6, 8),
        timeSeries(
                "Digests that differed",
                "Times the copy's digest of a namespace was not the centre's.",
                PanelUnit.COUNT,
                increase(MetricCatalogue.COPY_MISMATCHES))
            .alerts(AlertCatalogue.COPY_SUSPECT)
            .sized(6, 8),
        timeSeries(
                "Keys repaired",
                "Of the copy, because they were not what the centre has.",
                PanelUnit.COUNT,
                increase(MetricCatalogue.COPY_REPAIRS))
            .alerts(AlertCatalogue.COPY_SUSPECT)
            .sized(6, 8),
        timeSeries(
                "Drafts",
                "Kept here, by what became of them.",
                PanelUnit.COUNT,
                Query.of(
                    "{{instance}} {{state}}",
                    "sum by (instance, state) (%s)",
                    all(MetricCatalogue.DRAFTS)))
            .alerts(AlertCatalogue.DRAFTS_REFUSED)
            .sized(6, 8));
  }

  private static Query rate(io.syncline.monitor.metrics.Metric counter) {
    return Query.of("{{instance}}", "sum by (instance) (rate(%s[$__rate_interval]))", all(counter));
  }

  private static Query increase(io.syncline.monitor.metrics.Metric counter) {
    return Query.of(
        "{{instance}}", "sum by (instance) (increase(%s[$__rate_interval]))", all(counter));
  }
}
