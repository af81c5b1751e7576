package io.syncline.server.node;

import io.syncline.model.NamespaceRecord;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.server.feed.Feed;
import io.syncline.server.feed.Watches;
import io.syncline.server.store.Store;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The store, and what is told of its changes, as metrics. */
record StoreMetrics(Store store, DataFolder folder, Feed feed, Watches watches) {
  static final List<Metric> METRICS = List.of(
      MetricCatalogue.REVISION,
      MetricCatalogue.HORIZON,
      MetricCatalogue.STORE_BYTES,
      MetricCatalogue.DISK_FREE,
      MetricCatalogue.NAMESPACES,
      MetricCatalogue.NAMESPACE_KEYS,
      MetricCatalogue.NAMESPACE_BYTES,
      MetricCatalogue.NAMESPACE_VERSIONS,
      MetricCatalogue.WATCHERS,
      MetricCatalogue.WATCH_EVENTS,
      MetricCatalogue.FEED_CHANGES,
      MetricCatalogue.FEED_BYTES);

  static final int MAX_NAMESPACES = 100;

  void look(Rows rows) {
    rows.add(MetricCatalogue.REVISION, store.position().revision().value());
    rows.add(MetricCatalogue.STORE_BYTES, store.sizeBytes());
    rows.add(MetricCatalogue.DISK_FREE, folder.freeBytes());
    addNamespaces(store.namespaces(), rows);
    Watches.Standing standing = watches.standing();
    rows.add(MetricCatalogue.WATCHERS, standing.synced(), "synced");
    rows.add(MetricCatalogue.WATCHERS, standing.lagging(), "lagging");
    rows.add(MetricCatalogue.WATCH_EVENTS, watches.handedOn());
    Feed.Held held = feed.held();
    rows.add(MetricCatalogue.FEED_CHANGES, held.changes());
    rows.add(MetricCatalogue.FEED_BYTES, held.bytes());
  }

  static void addNamespaces(Collection<NamespaceRecord> namespaces, Rows rows) {
    rows.add(MetricCatalogue.NAMESPACES, namespaces.size());
    long horizon = namespaces.stream()
        .mapToLong(namespace -> namespace.horizon().value())
        .max()
        .orElse(0);
    rows.add(MetricCatalogue.HORIZON, horizon);
    List<NamespaceRecord> busiestFirst = namespaces.stream()
        .sorted(Comparator.comparing(NamespaceRecord::changes)
            .reversed()
            .thenComparing(NamespaceRecord::name))
        .toList();
    int shown = Math.min(MAX_NAMESPACES, busiestFirst.size());
    for (NamespaceRecord namespace : busiestFirst.subList(0, shown)) {
      add(List.of(namespace), namespace.name().value(), rows);
    }
    if (shown < busiestFirst.size()) {
      add(busiestFirst.subList(shown, busiestFirst.size()), LagSeries.OTHERS, rows);
    }
  }

  private static void add(List<NamespaceRecord> namespaces, String name, Rows rows) {
    long keys = namespaces.stream().mapToLong(NamespaceRecord::liveKeys).sum();
    long bytes = namespaces.stream().mapToLong(NamespaceRecord::liveBytes).sum();
    long changes = namespaces.stream().mapToLong(NamespaceRecord::changes).sum();
    rows.add(MetricCatalogue.NAMESPACE_KEYS, keys, name);
    rows.add(MetricCatalogue.NAMESPACE_BYTES, bytes, name);
    rows.add(MetricCatalogue.NAMESPACE_VERSIONS, changes, name);
  }
}
