package io.syncline.monitor.alert;

import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Meters.Reading;
import io.syncline.monitor.metrics.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How counters rose within a window. What they had counted before they were first seen does not
 * count; a series that appears later began at 0. One thread.
 */
final class CounterHistory {
  /** Points kept of a window: it is exact to this part of its length. */
  private static final int POINTS = 60;

  private final Series series;
  private final List<String> by;
  private final Duration window;
  private final Map<List<String>, Double> last = new HashMap<>();
  private final Map<List<String>, Rise> rises = new LinkedHashMap<>();
  private @Nullable Instant seen;

  CounterHistory(Series series, List<String> by, Duration window) {
    this.series = series;
    this.by = by;
    this.window = window;
  }

  private record Point(Instant when, double total) {}

  /** Of one group of series: points since the window began, the first at or before its beginning. */
  private static final class Rise {
    private final Deque<Point> points = new ArrayDeque<>();
    private double total;

    void note(Instant now, Duration window) {
      while (points.size() > 1 && !second().when().isAfter(now.minus(window))) {
        points.removeFirst();
      }
      if (!points.getLast().when().plus(window.dividedBy(POINTS)).isAfter(now)) {
        points.addLast(new Point(now, total));
      }
    }

    private Point second() {
      var all = points.iterator();
      all.next();
      return all.next();
    }

    double increase() {
      return total - points.getFirst().total();
    }
  }

  /** Takes in what the counters are now, and tells how much they rose. */
  Map<List<String>, Double> note(Instant now, List<Reading> readings) {
    Instant before = seen;
    for (Reading reading : readings) {
      if (last.size() < Meters.MAX_SERIES || last.containsKey(reading.labels())) {
        double rise = rise(reading, before == null);
        rises.computeIfAbsent(
                Measure.group(series.metric(), by, reading),
                group -> begun(before == null ? now : before))
            .total += rise;
      }
    }
    seen = now;
    var increases = new LinkedHashMap<List<String>, Double>();
    rises.forEach((group, rise) -> {
      rise.note(now, window);
      increases.put(group, rise.increase());
    });
    return increases;
  }

  private double rise(Reading reading, boolean first) {
    Double previous = last.put(reading.labels(), reading.value());
    if (previous == null) {
      return first ? 0 : reading.value();
    }
    // a counter that fell was begun anew, at 0
    return reading.value() < previous ? reading.value() : reading.value() - previous;
  }

  private static Rise begun(Instant when) {
    var rise = new Rise();
    rise.points.add(new Point(when, 0));
    return rise;
  }
}
