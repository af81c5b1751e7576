package io.syncline.ops.monitoring;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of one series over a time. */
record Line(Map<String, String> labels, List<Point> points) {
  private static final Pattern LABEL = Pattern.compile("\\{\\{([a-z]+)\\}\\}");

  /** @param seconds since 1970 */
  record Point(double seconds, double value) {}

  /** Its name by a legend such as {@code {{follower}} {{namespace}}}. */
  String name(String legend) {
    return LABEL
        .matcher(legend)
        .replaceAll(match -> Matcher.quoteReplacement(labels.getOrDefault(match.group(1), "")))
        .strip();
  }

  /** The newest value, if it is none that has ended: two steps old at most. */
  OptionalDouble newest(TimeRange range) {
    if (points.isEmpty()) {
      return OptionalDouble.empty();
    }
    Point last = points.get(points.size() - 1);
    return last.seconds() < range.toSeconds() - 2 * range.stepSeconds()
        ? OptionalDouble.empty()
        : OptionalDouble.of(last.value());
  }
}
