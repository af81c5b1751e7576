package io.syncline.monitor.dashboard;

import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.util.List;

/** All dashboards. */
public final class Dashboards {
  public static final List<Dashboard> ALL =
      List.of(SyncDashboard.DASHBOARD, ClusterDashboard.DASHBOARD, FollowerDashboard.DASHBOARD);

  /**
   * Something that happened, marked on every panel.
   *
   * @param expression has a value above 0 within a minute after it
   */
  public record Event(String name, String colour, String expression, Metric metric) {}

  public static final List<Event> EVENTS = List.of(
      event(
          "Rollbacks",
          "purple",
          "sum(increase(%s[1m])) > 0",
          Series.of(MetricCatalogue.WRITES).where("kind", "rollback")),
      event(
          "Leader changes",
          "blue",
          "max(increase(%s[1m])) > 0",
          Series.of(MetricCatalogue.RAFT_LEADER_CHANGES)),
      event(
          "Conflicts",
          "orange",
          "sum(increase(%s[1m])) > 0",
          Series.of(MetricCatalogue.CONFLICTS_SETTLED)));

  private Dashboards() {}

  private static Event event(String name, String colour, String template, Series series) {
    // whichever nodes a dashboard shows: it happened to all of them
    String cluster = series.promql("", List.of("cluster=~\"$cluster\""));
    return new Event(name, colour, template.formatted(cluster), series.metric());
  }
}
