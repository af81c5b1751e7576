package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.PanelUnit;
import io.syncline.ops.monitoring.Line.Point;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How many values fell where, over time: the darker the more. */
final class HeatmapChart {
  private static final int COLUMNS = 60;
  private static final int VALUE_ROWS = 16;

  private HeatmapChart() {}

  /** Rows from below, with their upper bounds; and how much there is in each column of each row. */
  private static final class Cells {
    private final List<Double> bounds;
    private final double[][] counts;

    Cells(List<Double> bounds, double[][] counts) {
      this.bounds = bounds;
      this.counts = counts;
    }
  }

  static String buckets(PanelData data, TimeRange range, ZoneId zone, int width, int height) {
    return draw(ofBuckets(data, range), data.panel().unit(), range, zone, width, height);
  }

  static String values(PanelData data, TimeRange range, ZoneId zone, int width, int height) {
    return draw(ofValues(data, range), data.panel().unit(), range, zone, width, height);
  }

  private static int column(Point point, TimeRange range) {
    double part =
        (point.seconds() - range.fromSeconds()) / (range.toSeconds() - range.fromSeconds());
    return (int) Math.max(0, Math.min(COLUMNS - 1, Math.floor(part * COLUMNS)));
  }

  /** Buckets count what is below their bound: a row has what its bucket has more than the one below. */
  private static Cells ofBuckets(PanelData data, TimeRange range) {
    List<Line> lines = data.answers().get(0).lines().stream()
        .sorted(Comparator.comparingDouble(HeatmapChart::bound))
        .toList();
    double[][] counts = new double[lines.size()][COLUMNS];
    for (int row = 0; row < lines.size(); row++) {
      for (Point point : lines.get(row).points()) {
        int column = column(point, range);
        counts[row][column] = Math.max(counts[row][column], point.value());
      }
    }
    for (int row = lines.size() - 1; row > 0; row--) {
      for (int column = 0; column < COLUMNS; column++) {
        counts[row][column] = Math.max(0, counts[row][column] - counts[row - 1][column]);
      }
    }
    return withoutEmptyEnds(lines.stream().map(HeatmapChart::bound).toList(), counts);
  }

  private static double bound(Line line) {
    String le = line.labels().getOrDefault("le", "+Inf");
    return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
  }

  private static Cells withoutEmptyEnds(List<Double> bounds, double[][] counts) {
    int first = 0;
    int last = bounds.size();
    while (first < last - 1 && isEmpty(counts[first])) {
      first++;
    }
    while (last > first + 1 && isEmpty(counts[last - 1])) {
      last--;
    }
    return new Cells(
        bounds.subList(first, last), java.util.Arrays.copyOfRange(counts, first, last));
  }

  private static boolean isEmpty(double[] row) {
    return java.util.Arrays.stream(row).allMatch(count -> count < 0.001);
  }

  private static Cells ofValues(PanelData data, TimeRange range) {
    double top = data.named().stream()
        .flatMap(named -> named.line().points().stream())
        .mapToDouble(Point::value)
        .max()
        .orElse(0);
    double step = Svg.roundStep(Math.max(top, 0.001), data.panel().unit()) * 4 / VALUE_ROWS;
    int rows = (int) Math.max(4, Math.min(4 * VALUE_ROWS, Math.ceil((top + step / 10) / step)));
    double[][] counts = new double[rows][COLUMNS];
    for (var named : data.named()) {
      var counted = new java.util.HashSet<Integer>();
      for (Point point : named.line().points()) {
        int row = (int) Math.max(0, Math.min(rows - 1, Math.floor(point.value() / step)));
        if (counted.add(row * COLUMNS + column(point, range))) {
          counts[row][column(point, range)]++;
        }
      }
    }
    var bounds = new ArrayList<Double>();
    for (int row = 1; row <= rows; row++) {
      bounds.add(row * step);
    }
    return new Cells(bounds, counts);
  }

  private static String draw(
      Cells cells, PanelUnit unit, TimeRange range, ZoneId zone, int width, int height) {
    var svg = new Svg(width, height, range);
    svg.timeAxis(zone);
    double most = java.util.Arrays.stream(cells.counts)
        .flatMapToDouble(java.util.Arrays::stream)
        .max()
        .orElse(1);
    int rows = cells.bounds.size();
    double cellHeight = svg.plotHeight() / (double) rows;
    double cellWidth = (svg.right() - svg.left()) / (double) COLUMNS;
    int labelled = Math.max(1, (int) Math.ceil(14 / cellHeight));
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        if (cells.counts[row][column] > 0.001) {
          svg.add(
              "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>",
              svg.left() + column * cellWidth + 0.5,
              svg.bottom() - (row + 1) * cellHeight + 0.5,
              cellWidth - 1,
              Math.max(1, cellHeight - 1),
              Colours.heat(cells.counts[row][column] / most));
        }
      }
      if ((row + 1) % labelled == 0) {
        double bound = cells.bounds.get(row);
        svg.label(
            svg.left() - 6,
            svg.bottom() - (row + 1) * cellHeight + 4,
            "end",
            Double.isInfinite(bound) ? "more" : UnitText.of(unit, bound));
      }
    }
    return svg.toString();
  }
}
