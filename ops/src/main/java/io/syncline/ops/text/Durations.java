package io.syncline.ops.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 10s}, {@code 1m30s}, {@code 7d}. */
public final class Durations {
  public static final String EXPECTED = "a duration such as 500ms, 10s, 1m30s or 7d";

  /** Some hundred million years: its milliseconds still fit into a long. */
  private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

  private static final Pattern PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Also reads ISO-8601 ({@code PT10S}) and a bare {@code 0}.
   *
   * @throws IllegalArgumentException if the text is no duration, or a negative one
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    try {
      Duration duration =
          text.toUpperCase(Locale.ROOT).startsWith("P") ? Duration.parse(text) : parseParts(text);
      if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (ArithmeticException | DateTimeException e) {
      // told below, with the text
    }
    throw refused(text);
  }

  private static Duration parseParts(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw refused(text);
    }
    return sum;
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      default -> Duration.ofDays(1);
    };
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException("\"" + text + "\" (expected: " + EXPECTED + ")");
  }

  /** The shortest text that reads back as the same duration, to the millisecond. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    var text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }
}
