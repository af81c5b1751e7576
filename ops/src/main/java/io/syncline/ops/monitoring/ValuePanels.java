package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.Panel;
import io.syncline.ops.monitoring.Line.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Panels that show what is now: one value, bars, tables. */
final class ValuePanels {
  private static final int MAX_ROWS = 8;

  private ValuePanels() {}

  private static String colour(Panel panel, double value) {
    if (panel.thresholds().isEmpty()) {
      return "#24292f";
    }
    String colour =
        panel.thresholds().stream().anyMatch(t -> t.colour().equals("green")) ? "red" : "green";
    for (var threshold : panel.thresholds()) {
      if (value >= threshold.from()) {
        colour = threshold.colour();
      }
    }
    return Colours.named(colour);
  }

  static String stat(PanelData data, TimeRange range, int width, int height) {
    List<PanelData.Named> current = data.named().stream()
        .filter(named -> named.line().newest(range).isPresent())
        .toList();
    if (current.isEmpty()) {
      return "<div class='none'>no data</div>";
    }
    boolean byName = data.answers().get(0).legend().contains("{{");
    var html =
        new StringBuilder(byName ? "" : sparkline(current.get(0).line(), range, width, height));
    html.append("<div class='stat'>");
    for (PanelData.Named named : current.stream().limit(2).toList()) {
      double value = named.line().newest(range).orElse(0);
      boolean many = byName && data.panel().thresholds().size() > 0;
      html.append("<b style='color:")
          .append(colour(data.panel(), value))
          .append(many ? ";font-size:17px'>" : "'>")
          .append(Html.escape(
              byName
                  ? many
                      ? named.name() + " " + UnitText.of(data.panel().unit(), value)
                      : named.name()
                  : UnitText.of(data.panel().unit(), value)))
          .append("</b> ");
    }
    return html.append("</div>").toString();
  }

  private static String sparkline(Line line, TimeRange range, int width, int height) {
    double top = line.points().stream().mapToDouble(Point::value).max().orElse(0);
    var path = new StringBuilder();
    double span = range.toSeconds() - range.fromSeconds();
    for (Point point : line.points()) {
      path.append(String.format(
          Locale.ROOT,
          "%s%.1f,%.1f",
          path.isEmpty() ? "M" : "L",
          (point.seconds() - range.fromSeconds()) / span * width,
          height - 2 - (top <= 0 ? 0 : point.value() / top * height * 0.45)));
    }
    return "<svg class='spark' width='" + width + "' height='" + height + "'><path d='" + path
        + "' fill='none' stroke='#b9cde4' stroke-width='1.5'/></svg>";
  }

  static String bars(PanelData data, TimeRange range) {
    List<PanelData.Named> sorted = data.named().stream()
        .filter(named -> named.line().newest(range).isPresent())
        .sorted(Comparator.comparingDouble(
                (PanelData.Named named) -> named.line().newest(range).orElse(0))
            .reversed())
        .limit(MAX_ROWS)
        .toList();
    if (sorted.isEmpty()) {
      return "<div class='none'>no data</div>";
    }
    double most = Math.max(1e-9, sorted.get(0).line().newest(range).orElse(1));
    var html = new StringBuilder("<div class='bars'>");
    for (PanelData.Named named : sorted) {
      double value = named.line().newest(range).orElse(0);
      html.append(String.format(
          Locale.ROOT,
          "<div><span>%s</span><i style='width:%.1f%%'></i><b>%s</b></div>",
          Html.escape(named.name()),
          Math.max(0.5, 55 * value / most),
          UnitText.of(data.panel().unit(), value)));
    }
    return html.append("</div>").toString();
  }

  /** A row for each combination of labels, a column for each query. */
  static String table(PanelData data, TimeRange range) {
    var labels = new LinkedHashSet<String>();
    var rows = new LinkedHashMap<Map<String, String>, List<String>>();
    int columns = data.answers().size();
    for (int i = 0; i < columns; i++) {
      List<Line> lines = data.answers().get(i).lines().stream()
          .filter(line -> line.newest(range).isPresent())
          .sorted(Comparator.comparingDouble((Line line) -> line.newest(range).orElse(0))
              .reversed())
          .toList();
      for (Line line : lines) {
        labels.addAll(new TreeMap<>(line.labels()).keySet());
        // all but the first query of a panel count
        String text = i == 0
            ? UnitText.of(data.panel().unit(), line.newest(range).orElse(0))
            : UnitText.of(
                io.syncline.monitor.dashboard.PanelUnit.COUNT,
                line.newest(range).orElse(0));
        rows.computeIfAbsent(
                line.labels(),
                unknown -> new ArrayList<>(java.util.Collections.nCopies(columns, "")))
            .set(i, text);
      }
    }
    if (rows.isEmpty()) {
      return "<div class='none'>no data</div>";
    }
    var html = new StringBuilder("<table><tr>");
    labels.forEach(label -> html.append("<th>").append(label).append("</th>"));
    data.panel()
        .columns()
        .forEach(column -> html.append("<th class='n'>").append(column).append("</th>"));
    html.append("</tr>");
    rows.entrySet().stream().limit(MAX_ROWS).forEach(row -> {
      html.append("<tr>");
      labels.forEach(label -> html.append("<td>")
          .append(Html.escape(row.getKey().getOrDefault(label, "")))
          .append("</td>"));
      row.getValue()
          .forEach(
              value -> html.append("<td class='n'>").append(Html.escape(value)).append("</td>"));
      html.append("</tr>");
    });
    return html.append("</table>").toString();
  }
}
