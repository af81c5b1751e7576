package io.syncline.monitor.dashboard;

import io.syncline.monitor.alert.AlertRule;
import io.syncline.monitor.dashboard.Dashboard.Place;
import io.syncline.monitor.dashboard.Dashboard.PlacedRow;
import io.syncline.monitor.dashboard.Panel.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes dashboards as Grafana reads them; it imports older schemas, so one is named that many know. */
public final class Grafana {
  private static final int SCHEMA = 39;

  private final Dashboard dashboard;
  private final String runbooks;
  private int ids;

  private Grafana(Dashboard dashboard, String runbooks) {
    this.dashboard = dashboard;
    this.runbooks = runbooks;
  }

  /** @param runbooks how links to runbooks begin, with a slash at the end */
  public static String json(Dashboard dashboard, String runbooks) {
    return PrettyJson.of(new Grafana(dashboard, runbooks).page());
  }

  private Map<String, Object> page() {
    var page = new LinkedHashMap<String, Object>();
    page.put("uid", dashboard.uid());
    page.put("title", dashboard.title());
    page.put("description", dashboard.description());
    page.put("tags", List.of("syncline"));
    page.put("editable", false);
    page.put("graphTooltip", 1);
    page.put("refresh", "10s");
    page.put("schemaVersion", SCHEMA);
    page.put("time", object("from", "now-1h", "to", "now"));
    page.put("timezone", "browser");
    page.put("timepicker", Map.of());
    page.put("links", List.of(otherPages()));
    page.put("annotations", Map.of("list", annotations()));
    page.put("templating", Map.of("list", variables()));
    page.put(
        "panels", dashboard.layout().stream().flatMap(row -> row(row).stream()).toList());
    return page;
  }

  private static Map<String, Object> otherPages() {
    return object(
        "type", "dashboards",
        "title", "Syncline",
        "tags", List.of("syncline"),
        "asDropdown", false,
        "includeVars", false,
        "keepTime", true,
        "targetBlank", false);
  }

  private List<Object> annotations() {
    var list = new ArrayList<Object>();
    for (Dashboards.Event event : Dashboards.EVENTS) {
      list.add(object(
          "name", event.name(),
          "datasource", dataSource(),
          "enable", true,
          "hide", false,
          "iconColor", event.colour(),
          "expr", event.expression(),
          "step", "60s",
          "titleFormat", event.name(),
          "useValueForTime", false));
    }
    return list;
  }

  private List<Object> variables() {
    String presence = dashboard.presence().name();
    return List.of(
        object(
            "name",
            "datasource",
            "label",
            "Data source",
            "type",
            "datasource",
            "query",
            "prometheus",
            "hide",
            0,
            "current",
            Map.of(),
            "multi",
            false,
            "includeAll",
            false,
            "refresh",
            1,
            "regex",
            ""),
        // targets need not have a label of the cluster: then all are of one
        variable("cluster", "Cluster", ".*", "label_values(" + presence + ", cluster)"),
        variable("job", "Job", ".+", "label_values(" + presence + "{cluster=~\"$cluster\"}, job)"),
        variable(
            "instance",
            "Instance",
            ".+",
            "label_values(" + presence + "{cluster=~\"$cluster\", job=~\"$job\"}, instance)"),
        variable(
            "namespace",
            "Namespace",
            ".+",
            "label_values(syncline_namespace_keys{cluster=~\"$cluster\"}, namespace)"));
  }

  private static Map<String, Object> variable(String name, String label, String all, String query) {
    return object(
        "name",
        name,
        "label",
        label,
        "type",
        "query",
        "datasource",
        dataSource(),
        "query",
        query,
        "definition",
        query,
        "hide",
        0,
        "multi",
        true,
        "includeAll",
        true,
        "allValue",
        all,
        "current",
        object("selected", true, "text", List.of("All"), "value", List.of("$__all")),
        "refresh",
        2,
        "regex",
        "",
        "sort",
        1,
        "skipUrlSync",
        false);
  }

  private static Map<String, Object> dataSource() {
    return object("type", "prometheus", "uid", "${datasource}");
  }

  private List<Object> row(PlacedRow placed) {
    var panels = new ArrayList<Object>();
    panels.add(object(
        "id",
        ++ids,
        "type",
        "row",
        "title",
        placed.row().title(),
        "collapsed",
        false,
        "gridPos",
        grid(0, placed.y(), Dashboard.COLUMNS, 1),
        "panels",
        List.of()));
    placed.places().forEach(place -> panels.add(panel(place)));
    return panels;
  }

  private static Map<String, Object> grid(int x, int y, int width, int height) {
    return object("x", x, "y", y, "w", width, "h", height);
  }

  private Map<String, Object> panel(Place place) {
    Panel panel = place.panel();
    var json = object(
        "id", ++ids,
        "type", panel.kind().type(),
        "title", panel.title(),
        "description", panel.description(),
        "datasource", dataSource(),
        "gridPos", grid(place.x(), place.y(), panel.width(), panel.height()),
        "links", panel.alerts().stream().map(this::link).toList(),
        "fieldConfig", fields(panel),
        "options", options(panel),
        "targets", targets(panel));
    if (panel.kind() == Kind.TABLE) {
      json.put("transformations", transformations(panel));
    }
    return json;
  }

  private Map<String, Object> link(AlertRule rule) {
    return object(
        "title", "Runbook: " + rule.name(), "url", runbooks + rule.runbook(), "targetBlank", true);
  }

  private static List<Object> targets(Panel panel) {
    var targets = new ArrayList<Object>();
    for (Query query : panel.queries()) {
      boolean instant = panel.kind().instant();
      targets.add(object(
          "refId",
          refId(targets.size()),
          "datasource",
          dataSource(),
          "expr",
          query.expression(),
          "legendFormat",
          query.legend(),
          "editorMode",
          "code",
          "format",
          switch (panel.kind()) {
            case TABLE -> "table";
            case BUCKET_HEATMAP -> "heatmap";
            case STAT, TIME_SERIES, VALUE_HEATMAP, BAR_GAUGE, STATE_TIMELINE -> "time_series";
          },
          "instant",
          instant,
          "range",
          !instant));
    }
    return targets;
  }

  private static String refId(int index) {
    return String.valueOf((char) ('A' + index));
  }

  private static Map<String, Object> fields(Panel panel) {
    var defaults = object("unit", panel.unit().grafana());
    boolean byThreshold = panel.kind() == Kind.STAT || panel.kind() == Kind.BAR_GAUGE;
    defaults.put("color", object("mode", byThreshold ? "thresholds" : "palette-classic"));
    if (panel.kind() != Kind.STATE_TIMELINE) {
      defaults.put("min", 0);
    }
    if (panel.max() != null) {
      defaults.put("max", panel.max());
    }
    defaults.put("thresholds", thresholds(panel));
    if (!panel.meanings().isEmpty()) {
      defaults.put("mappings", List.of(object("type", "value", "options", meanings(panel))));
    }
    defaults.put("custom", custom(panel));
    return object("defaults", defaults, "overrides", overrides(panel));
  }

  /** The unit is that of a table's first column; the others count. */
  private static List<Object> overrides(Panel panel) {
    return panel.columns().stream()
        .skip(1)
        .<Object>map(column -> object(
            "matcher", object("id", "byName", "options", column),
            "properties", List.of(object("id", "unit", "value", PanelUnit.COUNT.grafana()))))
        .toList();
  }

  private static Map<String, Object> thresholds(Panel panel) {
    var steps = new ArrayList<Object>();
    steps.add(object("color", panel.baseColour(), "value", PrettyJson.Null.NULL));
    panel
        .thresholds()
        .forEach(
            threshold -> steps.add(object("color", threshold.colour(), "value", threshold.from())));
    return object("mode", "absolute", "steps", steps);
  }

  private static Map<String, Object> meanings(Panel panel) {
    var options = new LinkedHashMap<String, Object>();
    panel
        .meanings()
        .forEach((value, meaning) -> options.put(
            String.valueOf(value),
            object("text", meaning.text(), "color", meaning.colour(), "index", options.size())));
    return options;
  }

  private static Map<String, Object> custom(Panel panel) {
    return switch (panel.kind()) {
      case TIME_SERIES ->
        object(
            "drawStyle",
            "line",
            "lineInterpolation",
            "linear",
            "lineWidth",
            1,
            "fillOpacity",
            panel.stacked() ? 40 : 8,
            "showPoints",
            "never",
            "spanNulls",
            false,
            "stacking",
            object("mode", panel.stacked() ? "normal" : "none", "group", "A"),
            "thresholdsStyle",
            object("mode", panel.thresholds().isEmpty() ? "off" : "dashed"));
      case STATE_TIMELINE -> object("fillOpacity", 80, "lineWidth", 0);
      case STAT, BUCKET_HEATMAP, VALUE_HEATMAP, TABLE, BAR_GAUGE -> object();
    };
  }

  private static Map<String, Object> options(Panel panel) {
    return switch (panel.kind()) {
      case STAT ->
        object(
            "reduceOptions",
            object("calcs", List.of("lastNotNull"), "fields", "", "values", false),
            "colorMode",
            panel.thresholds().isEmpty() ? "none" : "value",
            "graphMode",
            "area",
            "justifyMode",
            "auto",
            "textMode",
            textMode(panel));
      case TIME_SERIES ->
        object(
            "legend",
                object(
                    "displayMode",
                    "list",
                    "placement",
                    "bottom",
                    "showLegend",
                    true,
                    "calcs",
                    List.of()),
            "tooltip", object("mode", "multi", "sort", "desc"));
      case BUCKET_HEATMAP -> heatmap(false, panel.unit());
      case VALUE_HEATMAP -> heatmap(true, panel.unit());
      case TABLE -> object("showHeader", true, "cellHeight", "sm");
      case BAR_GAUGE ->
        object(
            "orientation",
            "horizontal",
            "displayMode",
            "basic",
            "showUnfilled",
            true,
            "reduceOptions",
            object("calcs", List.of("lastNotNull"), "fields", "", "values", false));
      case STATE_TIMELINE ->
        object(
            "mergeValues",
            true,
            "showValue",
            "auto",
            "alignValue",
            "left",
            "rowHeight",
            0.9,
            "legend",
            object("displayMode", "list", "placement", "bottom", "showLegend", false));
    };
  }

  /** A name that is the answer itself; or names that tell values apart. */
  private static String textMode(Panel panel) {
    if (!panel.queries().get(0).legend().contains("{{")) {
      return "value";
    }
    return panel.thresholds().isEmpty() ? "name" : "value_and_name";
  }

  private static Map<String, Object> heatmap(boolean calculate, PanelUnit unit) {
    var options = object(
        "calculate", calculate,
        "color", object("mode", "scheme", "scheme", "Blues", "steps", 64, "exponent", 0.5),
        "cellGap", 1,
        "filterValues", object("le", 1e-9),
        "showValue", "never",
        "tooltip", object("mode", "single", "yHistogram", true),
        "yAxis", object("axisPlacement", "left", "unit", unit.grafana()),
        "legend", object("show", true));
    if (calculate) {
      options.put("calculation", object("yBuckets", object("mode", "count", "value", "20")));
    }
    return options;
  }

  /** One row for each series, with a column for each query. */
  private static List<Object> transformations(Panel panel) {
    var renamed = object();
    for (int i = 0; i < panel.columns().size(); i++) {
      String value = panel.columns().size() == 1 ? "Value" : "Value #" + refId(i);
      renamed.put(value, panel.columns().get(i));
    }
    return List.of(
        object("id", "merge", "options", object()),
        object(
            "id",
            "organize",
            "options",
            object("excludeByName", object("Time", true), "renameByName", renamed)));
  }

  private static Map<String, Object> object(Object... namesAndValues) {
    var object = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }
}
