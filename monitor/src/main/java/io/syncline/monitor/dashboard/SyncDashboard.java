package io.syncline.monitor.dashboard;

import static io.syncline.monitor.dashboard.Panel.heatmap;
import static io.syncline.monitor.dashboard.Panel.stat;
import static io.syncline.monitor.dashboard.Panel.table;
import static io.syncline.monitor.dashboard.Panel.timeSeries;
import static io.syncline.monitor.dashboard.Selector.all;
import static io.syncline.monitor.dashboard.Selector.buckets;
import static io.syncline.monitor.dashboard.Selector.largest;
import static io.syncline.monitor.dashboard.Selector.some;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.dashboard.Panel.Kind;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.util.List;

/** The fleet: who is behind, how often it fails, what is stuck. */
final class SyncDashboard {
  /** The node that knows most of a follower is the one that says it lags least. */
  private static final String LAG = "min by (follower, namespace) (%s)";

  private static final String SUCCESS_RATE =
      "sum by (mode) (increase(%s[$__rate_interval])) / sum by (mode) (increase(%s[$__rate_interval]))";

  static final Dashboard DASHBOARD = new Dashboard(
      "sync",
      "Syncline: sync overview",
      "All followers: how far behind they are, how often synchronisation fails, what is stuck.",
      MetricCatalogue.SYNC_STALLED,
      List.of(now(), lag(), success(), flow(), propagation(), state()));

  private SyncDashboard() {}

  private static Row now() {
    return Row.of(
        "Now",
        stat(
            "Followers",
            "All followers that the cluster knows, directly or through relays.",
            PanelUnit.COUNT,
            Query.of("followers", "sum(%s)", all(MetricCatalogue.FOLLOWERS))),
        stat(
                "Failed or retrying",
                "Followers that are gone, refuse what they are sent, or are sent it again.",
                PanelUnit.COUNT,
                Query.of(
                    "followers",
                    "sum(%s)",
                    some(
                        Series.of(MetricCatalogue.FOLLOWERS).where("state", "failed", "retrying"))))
            .from(1, "red")
            .alerts(AlertCatalogue.FOLLOWERS_FAILED),
        stat(
                "Worst lag",
                "How long ago the oldest change was committed that some follower lacks.",
                PanelUnit.SECONDS,
                Query.of("worst", "max(" + LAG + ")", all(MetricCatalogue.SYNC_LAG_SECONDS)))
            .from(10, "orange")
            .from(30, "red")
            .alerts(AlertCatalogue.SYNC_LAG_HIGH),
        stat(
                "Success rate",
                "Of the batches handed to followers, those that they acknowledged.",
                PanelUnit.SHARE,
                Query.of(
                    "acknowledged",
                    "sum(increase(%s[$__rate_interval])) / sum(increase(%s[$__rate_interval]))",
                    all(MetricCatalogue.SYNC_SUCCESSES),
                    all(MetricCatalogue.SYNC_ATTEMPTS)))
            .from(0.95, "green")
            .alerts(AlertCatalogue.SYNC_SUCCESS_RATE_LOW),
        stat(
                "Digests that differ",
                "Followers whose copy is not what the centre has at the same revision.",
                PanelUnit.COUNT,
                Query.of(
                    "followers",
                    "sum(%s)",
                    some(Series.of(MetricCatalogue.FOLLOWERS_BY_DIGEST)
                        .where("digest", "different"))))
            .from(1, "red")
            .alerts(AlertCatalogue.DIGEST_MISMATCH),
        stat(
                "Stalled",
                "Followers whose synchronisation does not move though there is something to send.",
                PanelUnit.COUNT,
                Query.of("followers", "sum(%s)", all(MetricCatalogue.SYNC_STALLED)))
            .from(1, "red")
            .alerts(AlertCatalogue.SYNC_STALLED),
        stat(
                "Open conflicts",
                "Conflicts that wait for somebody to decide.",
                PanelUnit.COUNT,
                Query.of(
                    "conflicts",
                    "sum(max by (type) (%s))",
                    some(Series.of(MetricCatalogue.CONFLICTS).where("state", "open"))))
            .from(1, "orange")
            .alerts(AlertCatalogue.CONFLICTS_OPEN),
        stat(
                "Alerts",
                "Alerts that the nodes' own evaluation has found and that fire.",
                PanelUnit.COUNT,
                Query.of("{{severity}}", "sum by (severity) (%s)", all(MetricCatalogue.ALERTS)))
            .from(1, "red"));
  }

  private static Row lag() {
    return Row.of(
        "Lag",
        heatmap(
                Kind.VALUE_HEATMAP,
                "Lag of all followers",
                "How many followers are how far behind, in seconds. A follower that stops draws a"
                    + " line that rises.",
                PanelUnit.SECONDS,
                Query.of("{{follower}} {{namespace}}", LAG, all(MetricCatalogue.SYNC_LAG_SECONDS)))
            .alerts(AlertCatalogue.SYNC_LAG_HIGH),
        timeSeries(
                "Followers by lag",
                "Of all followers, also those that have no series of their own.",
                PanelUnit.COUNT,
                Query.of("{{lag}}", "sum by (lag) (%s)", all(MetricCatalogue.FOLLOWERS_BY_LAG)))
            .asStack()
            .sized(12, 8),
        table(
            "Worst followers",
            "Those furthest behind now.",
            PanelUnit.SECONDS,
            List.of("Behind", "Revisions"),
            Query.of(
                "{{follower}} {{namespace}}",
                "topk(20, " + LAG + ")",
                all(MetricCatalogue.SYNC_LAG_SECONDS)),
            Query.of(
                "{{follower}} {{namespace}}",
                "topk(20, " + LAG + ")",
                all(MetricCatalogue.SYNC_LAG_REVISIONS))),
        timeSeries(
                "Lag of the worst followers",
                "In seconds, by follower and namespace.",
                PanelUnit.SECONDS,
                Query.of(
                    "{{follower}} {{namespace}}",
                    "topk(10, " + LAG + ")",
                    all(MetricCatalogue.SYNC_LAG_SECONDS)))
            .from(AlertCatalogue.SYNC_LAG_HIGH.threshold(), "red")
            .alerts(AlertCatalogue.SYNC_LAG_HIGH)
            .sized(12, 8));
  }

  private static Row success() {
    return Row.of(
        "Success",
        timeSeries(
                "Success rate",
                "Of the batches handed to followers, those that they acknowledged.",
                PanelUnit.SHARE,
                Query.of(
                    "{{mode}}",
                    SUCCESS_RATE,
                    all(MetricCatalogue.SYNC_SUCCESSES),
                    all(MetricCatalogue.SYNC_ATTEMPTS)))
            .upTo(1)
            .from(AlertCatalogue.SYNC_SUCCESS_RATE_LOW.threshold(), "green")
            .alerts(AlertCatalogue.SYNC_SUCCESS_RATE_LOW),
        timeSeries(
                "Retries",
                "Batches sent again, by mode, and synchronisations found stalled and begun anew.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{mode}}",
                    "sum by (mode) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.SYNC_RETRIES)),
                Query.of(
                    "stalls", "sum(rate(%s[$__rate_interval]))", all(MetricCatalogue.SYNC_STALLS)))
            .alerts(AlertCatalogue.SYNC_STALLED),
        timeSeries(
                "Refusals",
                "Batches that followers refused, by reason.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{reason}}",
                    "sum by (reason) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.SYNC_REFUSALS)))
            .alerts(AlertCatalogue.SYNC_REFUSED));
  }

  private static Row flow() {
    return Row.of(
        "Flow",
        timeSeries(
                "Batches",
                "Batches handed to followers, by push, by pull, and as parts of snapshots.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{mode}}",
                    "sum by (mode) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.SYNC_ATTEMPTS)))
            .asStack(),
        timeSeries(
                "Bytes",
                "Bytes of these batches.",
                PanelUnit.BYTES_PER_SECOND,
                Query.of(
                    "{{mode}}",
                    "sum by (mode) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.SYNC_SENT_BYTES)))
            .asStack(),
        timeSeries(
                "Sessions",
                "Followers being served: push streams, waiting pulls, snapshots under way.",
                PanelUnit.COUNT,
                Query.of("{{mode}}", "sum by (mode) (%s)", all(MetricCatalogue.SYNC_SESSIONS)))
            .asStack());
  }

  private static Row propagation() {
    return Row.of(
        "Propagation",
        heatmap(
            Kind.BUCKET_HEATMAP,
            "From commit to applied",
            "How long a change took from its commit until a follower had applied it.",
            PanelUnit.SECONDS,
            Query.of(
                "{{le}}",
                "sum by (le) (increase(%s[$__rate_interval]))",
                buckets(MetricCatalogue.SYNC_PROPAGATION))),
        timeSeries(
                "From commit to applied: quantiles",
                "Half of the changes, and all but one in a hundred, took at most so long; and the"
                    + " longest of the last minutes.",
                PanelUnit.SECONDS,
                Query.quantile("p50", "0.5", MetricCatalogue.SYNC_PROPAGATION),
                Query.quantile("p99", "0.99", MetricCatalogue.SYNC_PROPAGATION),
                Query.of("longest", "max(%s)", largest(MetricCatalogue.SYNC_PROPAGATION)))
            .sized(12, 8));
  }

  private static Row state() {
    return Row.of(
        "State",
        timeSeries(
                "Followers by state",
                "What their synchronisation is doing.",
                PanelUnit.COUNT,
                Query.of("{{state}}", "sum by (state) (%s)", all(MetricCatalogue.FOLLOWERS)))
            .asStack()
            .alerts(AlertCatalogue.FOLLOWERS_FAILED)
            .sized(6, 8),
        timeSeries(
                "Followers by digest",
                "Whether their copies were equal to the centre's when last compared.",
                PanelUnit.COUNT,
                Query.of(
                    "{{digest}}", "sum by (digest) (%s)", all(MetricCatalogue.FOLLOWERS_BY_DIGEST)))
            .asStack()
            .alerts(AlertCatalogue.DIGEST_MISMATCH)
            .sized(6, 8),
        timeSeries(
                "Conflicts on record",
                "By type and state.",
                PanelUnit.COUNT,
                Query.of(
                    "{{type}} {{state}}",
                    "max by (type, state) (%s)",
                    all(MetricCatalogue.CONFLICTS)))
            .alerts(AlertCatalogue.CONFLICTS_OPEN)
            .sized(6, 8),
        timeSeries(
                "Conflicts dealt with",
                "By strategy, and by the state they ended in.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{strategy}} {{state}}",
                    "sum by (strategy, state) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.CONFLICTS_SETTLED)))
            .sized(6, 8));
  }
}
