package io.syncline.monitor.dashboard;

import static io.syncline.monitor.dashboard.Panel.table;
import static io.syncline.monitor.dashboard.Panel.timeSeries;
import static io.syncline.monitor.dashboard.Panel.timeline;
import static io.syncline.monitor.dashboard.Selector.all;
import static io.syncline.monitor.dashboard.Selector.counts;
import static io.syncline.monitor.dashboard.Selector.largest;
import static io.syncline.monitor.dashboard.Selector.some;
import static io.syncline.monitor.dashboard.Selector.sums;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.util.List;

/** What is shown of every node, voter or follower. */
final class NodePanels {
  private NodePanels() {}

  static Panel ready() {
    return timeline(
            "Ready",
            "Whether each node is ready to serve.",
            Query.of("{{instance}}", "%s", all(MetricCatalogue.READY)))
        .meaning(0, "not ready", "red")
        .meaning(1, "ready", "green")
        .alerts(AlertCatalogue.NODE_NOT_READY, AlertCatalogue.NODE_DOWN);
  }

  static Row reads() {
    return Row.of(
        "Reads and watches",
        timeSeries(
                "Reads",
                "Reads answered, by kind and by consistency.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{kind}} {{consistency}}",
                    "sum by (kind, consistency) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.READS)))
            .asStack()
            .sized(6, 8),
        timeSeries(
                "Read latency",
                "From the arrival of a read of one key until its answer.",
                PanelUnit.SECONDS,
                Query.quantile("p50", "0.5", MetricCatalogue.READ_SECONDS),
                Query.quantile("p99", "0.99", MetricCatalogue.READ_SECONDS))
            .sized(6, 8),
        timeSeries(
                "Watches",
                "Watches open: synced ones have everything, lagging ones are behind.",
                PanelUnit.COUNT,
                Query.of("{{state}}", "sum by (state) (%s)", all(MetricCatalogue.WATCHERS)))
            .asStack()
            .alerts(AlertCatalogue.WATCHERS_LAGGING)
            .sized(6, 8),
        timeSeries(
                "Changes told to watches",
                "One for each change and each watch.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{instance}}",
                    "sum by (instance) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.WATCH_EVENTS)))
            .sized(6, 8),
        timeSeries(
                "Feed: changes",
                "Recent changes kept in memory for watches and followers.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.FEED_CHANGES)))
            .sized(12, 6),
        timeSeries(
                "Feed: bytes",
                "Bytes of these changes.",
                PanelUnit.BYTES,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.FEED_BYTES)))
            .sized(12, 6));
  }

  static Row store() {
    return Row.of(
        "Store",
        timeSeries(
            "Store",
            "The store's files on the disk.",
            PanelUnit.BYTES,
            Query.of("{{instance}}", "%s", all(MetricCatalogue.STORE_BYTES))),
        timeSeries(
                "Free disk",
                "Free space on the disk of the data folder.",
                PanelUnit.BYTES,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.DISK_FREE)))
            .from(AlertCatalogue.DISK_ALMOST_FULL.threshold(), "green")
            .alerts(AlertCatalogue.DISK_ALMOST_FULL),
        timeSeries(
            "Revision and horizon",
            "The newest revision applied, and the oldest whose history is kept.",
            PanelUnit.COUNT,
            Query.of("{{instance}} revision", "%s", all(MetricCatalogue.REVISION)),
            Query.of("{{instance}} horizon", "%s", all(MetricCatalogue.HORIZON))));
  }

  static Row namespaces() {
    return Row.of(
        "Namespaces",
        Panel.stat(
                "Namespaces",
                "How many there are.",
                PanelUnit.COUNT,
                Query.of("namespaces", "max(%s)", all(MetricCatalogue.NAMESPACES)))
            .sized(3, 8),
        Panel.barGauge(
                "Live keys",
                "The namespaces with the most.",
                PanelUnit.COUNT,
                Query.of(
                    "{{namespace}}",
                    "topk(10, max by (namespace) (%s))",
                    all(MetricCatalogue.NAMESPACE_KEYS)))
            .sized(7, 8),
        Panel.barGauge(
                "Contents",
                "Bytes of live keys, of the namespaces with the most.",
                PanelUnit.BYTES,
                Query.of(
                    "{{namespace}}",
                    "topk(10, max by (namespace) (%s))",
                    all(MetricCatalogue.NAMESPACE_BYTES)))
            .sized(7, 8),
        timeSeries(
                "Versions made",
                "By namespace; of those with the most.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{namespace}}",
                    "topk(10, max by (namespace) (rate(%s[$__rate_interval])))",
                    all(MetricCatalogue.NAMESPACE_VERSIONS)))
            .sized(7, 8));
  }

  static Row process() {
    return Row.of(
        "Process",
        timeSeries(
                "Processor",
                "Of all processors: of the process, and of the machine.",
                PanelUnit.SHARE,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.PROCESS_CPU)),
                Query.of("{{instance}} machine", "%s", all(MetricCatalogue.SYSTEM_CPU)))
            .upTo(1)
            .sized(6, 8),
        timeSeries(
                "Memory of the process",
                "As the system counts it, native libraries included.",
                PanelUnit.BYTES,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.PROCESS_MEMORY)))
            .sized(6, 8),
        timeSeries(
                "Heap",
                "Used, of the most that it may take.",
                PanelUnit.SHARE,
                Query.of(
                    "{{instance}}",
                    "sum by (instance) (%s) / sum by (instance) (%s > 0)",
                    some(Series.of(MetricCatalogue.JVM_MEMORY_USED).where("area", "heap")),
                    some(Series.of(MetricCatalogue.JVM_MEMORY_MAX).where("area", "heap"))))
            .upTo(1)
            .from(AlertCatalogue.MEMORY_HIGH.threshold(), "red")
            .alerts(AlertCatalogue.MEMORY_HIGH)
            .sized(6, 8),
        timeSeries(
                "Pauses for garbage collection",
                "Part of the time spent in them, and the longest of the last minutes.",
                PanelUnit.SECONDS,
                Query.of(
                    "{{instance}} per second",
                    "sum by (instance) (rate(%s[$__rate_interval]))",
                    sums(MetricCatalogue.JVM_GC_PAUSE)),
                Query.of(
                    "{{instance}} longest",
                    "max by (instance) (%s)",
                    largest(MetricCatalogue.JVM_GC_PAUSE)))
            .sized(6, 8),
        timeSeries(
                "Garbage collections",
                "How often.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{instance}}",
                    "sum by (instance) (rate(%s[$__rate_interval]))",
                    counts(MetricCatalogue.JVM_GC_PAUSE)))
            .sized(6, 8),
        timeSeries(
                "Threads",
                "Live threads.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.JVM_THREADS)))
            .sized(6, 8),
        timeSeries(
                "Open files",
                "Of those that the process may open.",
                PanelUnit.SHARE,
                Query.of(
                    "{{instance}}",
                    "%s / %s",
                    all(MetricCatalogue.PROCESS_FILES),
                    all(MetricCatalogue.PROCESS_FILES_MAX)))
            .upTo(1)
            .from(AlertCatalogue.FILES_ALMOST_OUT.threshold(), "red")
            .alerts(AlertCatalogue.FILES_ALMOST_OUT)
            .sized(6, 8),
        timeSeries(
                "Uptime",
                "Since the process started: it falls to 0 at a restart.",
                PanelUnit.SECONDS,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.PROCESS_UPTIME)))
            .sized(6, 8));
  }

  static Row monitoring() {
    return Row.of(
        "Monitoring",
        table(
                "Versions",
                "What runs, and at how many nodes.",
                PanelUnit.COUNT,
                List.of("Nodes"),
                Query.of(
                    "{{version}}",
                    "count by (version, java) (%s)",
                    all(MetricCatalogue.BUILD_INFO)))
            .sized(9, 8),
        timeSeries(
                "Alerts firing",
                "Of the nodes' own evaluation, by severity.",
                PanelUnit.COUNT,
                Query.of("{{severity}}", "sum by (severity) (%s)", all(MetricCatalogue.ALERTS)))
            .sized(5, 8),
        timeSeries(
                "Notices to webhooks",
                "Delivered, tried again, given up.",
                PanelUnit.PER_SECOND,
                Query.of(
                    "{{result}}",
                    "sum by (result) (rate(%s[$__rate_interval]))",
                    all(MetricCatalogue.ALERT_DELIVERIES)))
            .alerts(AlertCatalogue.ALERTS_UNDELIVERED)
            .sized(5, 8),
        timeSeries(
                "Series left out",
                "Not exported because a metric had too many.",
                PanelUnit.COUNT,
                Query.of("{{instance}}", "%s", all(MetricCatalogue.SERIES_LEFT_OUT)))
            .alerts(AlertCatalogue.SERIES_LEFT_OUT)
            .sized(5, 8));
  }
}
