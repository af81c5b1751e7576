package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.Panel.Meaning;
import io.syncline.ops.monitoring.Line.Point;
import java.time.ZoneId;
import java.util.List;

/** What each series was, over time: a band for each. */
final class TimelineChart {
  private static final int LEFT = 150;
  private static final int MAX_BANDS = 14;

  private TimelineChart() {}

  static String draw(PanelData data, TimeRange range, ZoneId zone, int width, int height) {
    var svg = new Svg(width, height, LEFT, range);
    svg.timeAxis(zone);
    List<PanelData.Named> bands = data.named().stream()
        // what never was is not worth a band, if others were
        .filter(named -> !isInvisible(data, named))
        .limit(MAX_BANDS)
        .toList();
    double band = Math.min(30, svg.plotHeight() / (double) Math.max(1, bands.size()));
    for (int i = 0; i < bands.size(); i++) {
      double top = 8 + i * band;
      svg.label(LEFT - 8, top + band / 2 + 3.5, "end", bands.get(i).name());
      segments(svg, data, bands.get(i).line(), range, top + 2, band - 4);
    }
    return svg.toString();
  }

  private static boolean isInvisible(PanelData data, PanelData.Named named) {
    return named.line().points().stream()
        .allMatch(point -> meaning(data, point.value()).colour().equals("transparent"));
  }

  private static Meaning meaning(PanelData data, double value) {
    return data.panel()
        .meanings()
        .getOrDefault((int) Math.round(value), new Meaning(String.valueOf(value), "blue"));
  }

  private static void segments(
      Svg svg, PanelData data, Line line, TimeRange range, double top, double height) {
    int begin = 0;
    List<Point> points = line.points();
    for (int i = 1; i <= points.size(); i++) {
      boolean ends = i == points.size()
          || Math.round(points.get(i).value()) != Math.round(points.get(begin).value())
          || points.get(i).seconds() - points.get(i - 1).seconds() > 1.5 * range.stepSeconds();
      if (ends) {
        Meaning meaning = meaning(data, points.get(begin).value());
        double from = svg.x(points.get(begin).seconds());
        double until =
            svg.x(Math.min(range.toSeconds(), points.get(i - 1).seconds() + range.stepSeconds()));
        if (!meaning.colour().equals("transparent")) {
          svg.add(
              "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s' rx='2'/>",
              from, top, Math.max(1, until - from), height, Colours.named(meaning.colour()));
          if (until - from > 50 && height > 12) {
            String dark = meaning.colour().startsWith("light") ? "" : " class='light'";
            svg.add(
                "<text%s x='%.1f' y='%.1f'>%s</text>",
                dark, from + 6, top + height / 2 + 3.5, Html.escape(meaning.text()));
          }
        }
        begin = i;
      }
    }
  }
}
