package io.syncline.monitor.dashboard;

import io.syncline.monitor.alert.AlertRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a dashboard.
 *
 * @param width of 24 columns
 * @param height in Grafana's units of some 40 pixels
 * @param thresholds values from which on another colour holds, ascending
 * @param meanings what values mean, by value
 * @param stacked whether series are parts of a whole
 * @param max of the axis, where one is known
 * @param alerts whose runbooks help here
 * @param columns of a table: the name of each query's values
 */
public record Panel(
    Kind kind,
    String title,
    String description,
    PanelUnit unit,
    int width,
    int height,
    List<Query> queries,
    List<Threshold> thresholds,
    Map<Integer, Meaning> meanings,
    boolean stacked,
    @Nullable Double max,
    List<AlertRule> alerts,
    List<String> columns) {

  /** How it is drawn; each has its name in Grafana. */
  public enum Kind {
    STAT("stat"),
    TIME_SERIES("timeseries"),
    /** Of the buckets of a histogram. */
    BUCKET_HEATMAP("heatmap"),
    /** Of how many series have which value. */
    VALUE_HEATMAP("heatmap"),
    TABLE("table"),
    BAR_GAUGE("bargauge"),
    STATE_TIMELINE("state-timeline");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    public String type() {
      return type;
    }

    /** Whether only the newest values matter. */
    public boolean instant() {
      return this == TABLE || this == BAR_GAUGE;
    }
  }

  /** @param from lowest value that has the colour */
  public record Threshold(double from, String colour) {}

  /** @param text what a value means */
  public record Meaning(String text, String colour) {}

  public Panel {
    queries = List.copyOf(queries);
    thresholds = List.copyOf(thresholds);
    alerts = List.copyOf(alerts);
    columns = List.copyOf(columns);
  }

  private static Panel of(
      Kind kind,
      int width,
      int height,
      String title,
      String description,
      PanelUnit unit,
      Query... queries) {
    return new Panel(
        kind,
        title,
        description,
        unit,
        width,
        height,
        Arrays.asList(queries),
        List.of(),
        Map.of(),
        false,
        null,
        List.of(),
        List.of());
  }

  static Panel stat(String title, String description, PanelUnit unit, Query query) {
    return of(Kind.STAT, 3, 4, title, description, unit, query);
  }

  static Panel timeSeries(String title, String description, PanelUnit unit, Query... queries) {
    return of(Kind.TIME_SERIES, 8, 8, title, description, unit, queries);
  }

  static Panel heatmap(Kind kind, String title, String description, PanelUnit unit, Query query) {
    return of(kind, 12, 8, title, description, unit, query);
  }

  static Panel barGauge(String title, String description, PanelUnit unit, Query query) {
    return of(Kind.BAR_GAUGE, 8, 8, title, description, unit, query);
  }

  static Panel timeline(String title, String description, Query query) {
    return of(Kind.STATE_TIMELINE, 12, 6, title, description, PanelUnit.COUNT, query);
  }

  /** @param columns the name of each query's values */
  static Panel table(
      String title, String description, PanelUnit unit, List<String> columns, Query... queries) {
    return of(Kind.TABLE, 12, 8, title, description, unit, queries)
        .with(changes -> changes.columns = columns);
  }

  Panel sized(int newWidth, int newHeight) {
    return with(changes -> {
      changes.width = newWidth;
      changes.height = newHeight;
    });
  }

  /** Green below, and these colours from these values on. */
  Panel from(double value, String colour) {
    var more = new ArrayList<>(thresholds);
    more.add(new Threshold(value, colour));
    return with(changes -> changes.thresholds = more);
  }

  Panel meaning(int value, String text, String colour) {
    var more = new LinkedHashMap<>(meanings);
    more.put(value, new Meaning(text, colour));
    return with(changes -> changes.meanings = more);
  }

  Panel asStack() {
    return with(changes -> changes.stacked = true);
  }

  Panel upTo(double most) {
    return with(changes -> changes.max = most);
  }

  Panel alerts(AlertRule... rules) {
    return with(changes -> changes.alerts = Arrays.asList(rules));
  }

  private Panel with(Consumer<Changes> changing) {
    var changes = new Changes(this);
    changing.accept(changes);
    return new Panel(
        kind,
        title,
        description,
        unit,
        changes.width,
        changes.height,
        queries,
        changes.thresholds,
        changes.meanings,
        changes.stacked,
        changes.max,
        changes.alerts,
        changes.columns);
  }

  /** What a panel may be given after it is made. */
  private static final class Changes {
    private int width;
    private int height;
    private List<Threshold> thresholds;
    private Map<Integer, Meaning> meanings;
    private boolean stacked;
    private @Nullable Double max;
    private List<AlertRule> alerts;
    private List<String> columns;

    Changes(Panel panel) {
      width = panel.width;
      height = panel.height;
      thresholds = panel.thresholds;
      meanings = panel.meanings;
      stacked = panel.stacked;
      max = panel.max;
      alerts = panel.alerts;
      columns = panel.columns;
    }
  }

  /** The colour of the lowest values. */
  String baseColour() {
    return thresholds.stream().anyMatch(threshold -> threshold.colour().equals("green"))
        ? "red"
        : "green";
  }
}
