package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.Dashboard;
import io.syncline.monitor.dashboard.Dashboard.Place;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.monitor.dashboard.Panel;
import io.syncline.monitor.dashboard.Query;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Dashboards drawn from what a Prometheus has, as one page that needs nothing else: for where there is
 * no Grafana. Every panel's own queries are asked, with all targets in the place of the variables.
 */
public final class Report {
  private static final int COLUMN_PIXELS = 60;
  private static final int ROW_PIXELS = 36;
  private static final int GAP_PIXELS = 8;
  private static final int TITLE_PIXELS = 26;

  private static final String STYLE = """

      body { margin: 0; padding: 14px 18px; background: #f4f5f7; color: #24292f; width: 1440px;
        font: 12px/1.35 "Inter", "Helvetica Neue", Arial, sans-serif; }
      header { display: flex; align-items: baseline; gap: 18px; margin: 4px 2px 6px; }
      h1 { font-size: 19px; margin: 0; }
      header p { margin: 0; color: #57606a; }
      h2 { font-size: 13px; font-weight: 600; margin: 12px 2px 6px; color: #424a53; }
      main { display: grid; grid-template-columns: repeat(24, 60px); grid-auto-rows: 36px; }
      section { background: #fff; border: 1px solid #d8dce1; border-radius: 3px; overflow: hidden;
        margin: 0 8px 8px 0; position: relative; }
      h3 { font-size: 12px; font-weight: 600; margin: 0; padding: 5px 8px 0; height: 21px;
        white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
      svg { display: block; }
      svg text { font-size: 10.5px; fill: #57606a; }
      svg text.light { fill: #fff; }
      .grid { stroke: #e7eaee; }
      .none { display: grid; place-items: center; height: calc(100% - 40px); color: #8c959f; }
      .legend { display: flex; flex-wrap: wrap; gap: 0 12px; padding: 0 10px 0 12px; height: 18px;
        overflow: hidden; color: #424a53; font-size: 11px; }
      .legend.events { padding: 0; height: auto; }
      .legend i { display: inline-block; width: 10px; height: 3px; margin-right: 5px;
        vertical-align: 3px; }
      .stat { position: absolute; inset: 26px 0 0 0; display: grid; place-items: center; }
      .stat b { font-size: 25px; font-weight: 600; text-align: center; }
      .spark { position: absolute; left: 0; bottom: 0; }
      .bars { padding: 6px 10px; }
      .bars div { display: flex; align-items: center; gap: 8px; height: 26px; }
      .bars span { width: 110px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .bars i { background: #3b78c2; height: 12px; border-radius: 2px; }
      table { border-collapse: collapse; width: calc(100% - 16px); margin: 4px 8px; }
      th { text-align: left; font-weight: 600; color: #57606a; }
      th, td { padding: 3px 6px; border-bottom: 1px solid #eceef1; }
      .n { text-align: right; font-variant-numeric: tabular-nums; }
      """;

  private final PrometheusApi prometheus;
  private final TimeRange range;
  private final Duration scrapeInterval;
  private final ZoneId zone;
  private final List<EventMark> events = new ArrayList<>();
  private final List<Map<String, Object>> asked = new ArrayList<>();

  public Report(PrometheusApi prometheus, TimeRange range, Duration scrapeInterval, ZoneId zone) {
    this.prometheus = prometheus;
    this.range = range;
    this.scrapeInterval = scrapeInterval;
    this.zone = zone;
  }

  /**
   * Asks and draws.
   *
   * @throws IOException if Prometheus does not answer
   */
  public String html(List<Dashboard> dashboards) throws IOException, InterruptedException {
    for (Dashboards.Event event : Dashboards.EVENTS) {
      events.addAll(marks(event));
    }
    var body = new StringBuilder();
    for (Dashboard dashboard : dashboards) {
      body.append(page(dashboard));
    }
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Syncline</title>
        <style>%s</style>
        </head>
        <body>
        %s</body>
        </html>
        """.formatted(STYLE, body);
  }

  /** What was asked, and how much was answered: one object for each panel. */
  public List<Map<String, Object>> asked() {
    return List.copyOf(asked);
  }

  /** As Grafana does it where nothing is picked: with all values of those that the page is about. */
  private String expression(String withVariables, Targets targets) {
    return withVariables
        .replace("$__rate_interval", range.rateInterval(scrapeInterval).toSeconds() + "s")
        .replace("$cluster", ".*")
        .replace("$job", targets.jobs())
        .replace("$instance", targets.instances())
        .replace("$namespace", ".+");
  }

  /** Regular expressions, as PromQL's strings have them. */
  private record Targets(String jobs, String instances) {
    static final Targets ALL = new Targets(".+", ".+");

    static Targets of(List<Line> lines) {
      return new Targets(any(lines, "job"), any(lines, "instance"));
    }

    private static String any(List<Line> lines, String label) {
      String values = lines.stream()
          .map(line -> line.labels().getOrDefault(label, ""))
          .filter(value -> !value.isEmpty())
          .distinct()
          .sorted()
          .map(value -> value.replaceAll("[^A-Za-z0-9_:-]", "[$0]"))
          .collect(Collectors.joining("|"));
      return values.isEmpty() ? ".+" : values;
    }
  }

  /** The beginning of each time for which the event's expression has a value. */
  private List<EventMark> marks(Dashboards.Event event) throws IOException, InterruptedException {
    var marks = new ArrayList<EventMark>();
    for (Line line : prometheus.range(expression(event.expression(), Targets.ALL), range)) {
      double before = Double.NEGATIVE_INFINITY;
      for (Line.Point point : line.points()) {
        if (point.seconds() - before > 1.5 * range.stepSeconds()) {
          marks.add(new EventMark(event.name(), event.colour(), point.seconds()));
        }
        before = point.seconds();
      }
    }
    return marks;
  }

  private String page(Dashboard dashboard) throws IOException, InterruptedException {
    Targets targets = Targets.of(
        prometheus.range("group by (job, instance) (" + dashboard.presence().name() + ")", range));
    var html = new StringBuilder();
    var format = DateTimeFormatter.ofPattern("d MMM yyyy HH:mm", Locale.ROOT).withZone(zone);
    html.append("<header><h1>")
        .append(Html.escape(dashboard.title()))
        .append("</h1><p>")
        .append(Html.escape(dashboard.description()))
        .append(" &nbsp; ")
        .append(format.format(range.from()))
        .append(" to ")
        .append(format.format(range.to()))
        .append(' ')
        .append(Html.escape(zone.toString()))
        .append("</p>")
        .append(eventLegend())
        .append("</header>\n");
    for (Dashboard.PlacedRow row : dashboard.layout()) {
      html.append("<h2>").append(Html.escape(row.row().title())).append("</h2>\n<main>\n");
      for (Place place : row.places()) {
        PanelData data = ask(place.panel(), targets);
        asked.add(data.fields(dashboard.name()));
        html.append(draw(data, row.y() + 1, place));
      }
      html.append("</main>\n");
    }
    return html.toString();
  }

  private String eventLegend() {
    if (events.isEmpty()) {
      return "";
    }
    var html = new StringBuilder("<div class='legend events'>");
    Dashboards.EVENTS.forEach(event -> html.append("<span><i style='background:")
        .append(Colours.named(event.colour()))
        .append("'></i>")
        .append(event.name())
        .append("</span>"));
    return html.append("</div>").toString();
  }

  private PanelData ask(Panel panel, Targets targets) throws IOException, InterruptedException {
    var answers = new ArrayList<PanelData.Answer>();
    for (Query query : panel.queries()) {
      String expression = expression(query.expression(), targets);
      answers.add(
          new PanelData.Answer(expression, query.legend(), prometheus.range(expression, range)));
    }
    return new PanelData(panel, answers);
  }

  private String draw(PanelData data, int firstLine, Place place) {
    Panel panel = data.panel();
    int width = panel.width() * COLUMN_PIXELS - GAP_PIXELS - 2;
    int height = panel.height() * ROW_PIXELS - GAP_PIXELS - 2;
    return "<section style='grid-column:%d/span %d;grid-row:%d/span %d' title='%s'><h3>%s</h3>%s</section>\n"
        .formatted(
            place.x() + 1,
            panel.width(),
            place.y() - firstLine + 1,
            panel.height(),
            Html.escape(panel.description()),
            Html.escape(panel.title()),
            data.isEmpty()
                ? "<div class='none'>no data</div>"
                : picture(data, width, height - TITLE_PIXELS));
  }

  private String picture(PanelData data, int width, int height) {
    return switch (data.panel().kind()) {
      case STAT -> ValuePanels.stat(data, range, width, height);
      case TIME_SERIES -> TimeSeriesChart.draw(data, events, range, zone, width, height);
      case BUCKET_HEATMAP -> HeatmapChart.buckets(data, range, zone, width, height);
      case VALUE_HEATMAP -> HeatmapChart.values(data, range, zone, width, height);
      case TABLE -> ValuePanels.table(data, range);
      case BAR_GAUGE -> ValuePanels.bars(data, range);
      case STATE_TIMELINE -> TimelineChart.draw(data, range, zone, width, height);
    };
  }
}
