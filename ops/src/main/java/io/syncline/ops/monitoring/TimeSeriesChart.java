package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.Panel;
import io.syncline.ops.monitoring.Line.Point;
import io.syncline.ops.monitoring.PanelData.Named;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Lines over time; or areas one upon the other. */
final class TimeSeriesChart {
  private static final int MAX_NAMES = 12;

  private final PanelData data;
  private final TimeRange range;
  private final Svg svg;
  private final List<Named> named;
  private final double highest;

  private TimeSeriesChart(PanelData data, TimeRange range, int width, int height) {
    this.data = data;
    this.range = range;
    this.svg = new Svg(width, height, range);
    this.named = named(data);
    this.highest = highest();
  }

  static String draw(
      PanelData data, List<EventMark> events, TimeRange range, ZoneId zone, int width, int height) {
    var chart = new TimeSeriesChart(data, range, width, height - 22);
    chart.svg.timeAxis(zone);
    chart.svg.valueAxis(chart.highest, data.panel().unit());
    events.forEach(event -> event.draw(chart.svg));
    if (data.panel().stacked()) {
      chart.areas();
    } else {
      chart.lines();
    }
    chart.thresholds();
    return chart.svg + legend(chart.named);
  }

  /** Where there are more than the legend has room for, the highest first. */
  private static List<Named> named(PanelData data) {
    List<Named> all = data.named();
    return data.panel().stacked() || all.size() <= MAX_NAMES / 2
        ? all
        : all.stream()
            .sorted(Comparator.comparingDouble(TimeSeriesChart::peak).reversed())
            .toList();
  }

  private static double peak(Named named) {
    return named.line().points().stream().mapToDouble(Point::value).max().orElse(0);
  }

  private double highest() {
    Panel panel = data.panel();
    double top = panel.stacked()
        ? totals().values().stream().mapToDouble(Double::doubleValue).max().orElse(0)
        : named.stream()
            .flatMap(one -> one.line().points().stream())
            .mapToDouble(Point::value)
            .max()
            .orElse(0);
    for (var threshold : panel.thresholds()) {
      // one that is far above what is drawn would only flatten it
      if (threshold.from() < 3 * top) {
        top = Math.max(top, threshold.from());
      }
    }
    if (panel.max() != null && top > panel.max() / 2) {
      return panel.max();
    }
    return top <= 0 ? 1 : top * 1.08;
  }

  private Map<Double, Double> totals() {
    var totals = new TreeMap<Double, Double>();
    named.forEach(one -> one.line()
        .points()
        .forEach(point -> totals.merge(point.seconds(), point.value(), Double::sum)));
    return totals;
  }

  private void lines() {
    int index = 0;
    for (Named one : named) {
      String colour = Colours.line(index++);
      for (List<Point> part : parts(one.line())) {
        if (part.size() == 1) {
          svg.add(
              "<circle cx='%.1f' cy='%.1f' r='1.6' fill='%s'/>",
              svg.x(part.get(0).seconds()), y(part.get(0).value()), colour);
        } else {
          svg.add("<path d='%s' fill='none' stroke='%s' stroke-width='1.5'/>", path(part), colour);
        }
      }
    }
  }

  private double y(double value) {
    return svg.y(Math.max(0, Math.min(1, value / highest)));
  }

  private String path(List<Point> points) {
    var path = new StringBuilder();
    for (Point point : points) {
      path.append(String.format(
          Locale.ROOT,
          "%s%.1f,%.1f",
          path.isEmpty() ? "M" : "L",
          svg.x(point.seconds()),
          y(point.value())));
    }
    return path.toString();
  }

  /** Where values are missing the line is broken. */
  private List<List<Point>> parts(Line line) {
    var parts = new ArrayList<List<Point>>();
    double before = Double.NEGATIVE_INFINITY;
    for (Point point : line.points()) {
      if (parts.isEmpty() || point.seconds() - before > 1.5 * range.stepSeconds()) {
        parts.add(new ArrayList<>());
      }
      parts.get(parts.size() - 1).add(point);
      before = point.seconds();
    }
    return parts;
  }

  /** A column for each time and series: what is missing leaves a gap and moves nothing. */
  private void areas() {
    var below = new TreeMap<Double, Double>();
    int index = 0;
    for (Named one : named) {
      String colour = Colours.line(index++);
      for (List<Point> part : parts(one.line())) {
        var upper = new ArrayList<Point>();
        var lower = new ArrayList<Point>();
        for (Point point : part) {
          double base = below.getOrDefault(point.seconds(), 0.0);
          lower.add(0, new Point(point.seconds(), base));
          upper.add(new Point(point.seconds(), base + point.value()));
          below.put(point.seconds(), base + point.value());
        }
        svg.add(
            "<path d='%sL%sZ' fill='%s' fill-opacity='0.45'/>",
            path(upper), path(lower).substring(1), colour);
        svg.add("<path d='%s' fill='none' stroke='%s' stroke-width='1.2'/>", path(upper), colour);
      }
    }
  }

  private void thresholds() {
    for (var threshold : data.panel().thresholds()) {
      if (threshold.from() <= highest) {
        String colour = threshold.colour().equals("green") ? "red" : threshold.colour();
        svg.add(
            "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='%s' stroke-dasharray='6 4'/>",
            svg.left(),
            svg.right(),
            y(threshold.from()),
            y(threshold.from()),
            Colours.named(colour));
      }
    }
  }

  private static String legend(List<Named> all) {
    var html = new StringBuilder("<div class='legend'>");
    for (int i = 0; i < Math.min(all.size(), MAX_NAMES); i++) {
      html.append("<span><i style='background:")
          .append(Colours.line(i))
          .append("'></i>")
          .append(Html.escape(all.get(i).name()))
          .append("</span>");
    }
    if (all.size() > MAX_NAMES) {
      html.append("<span>and ").append(all.size() - MAX_NAMES).append(" more</span>");
    }
    return html.append("</div>").toString();
  }
}
