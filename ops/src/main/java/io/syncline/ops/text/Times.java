package io.syncline.ops.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Points in time as ISO-8601 text. */
public final class Times {
  public static final String EXPECTED =
      "an ISO-8601 time such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00";

  private Times() {}

  /**
   * Reads a time with an offset; without one it is UTC, and a date alone is its midnight.
   *
   * @return to the millisecond
   * @throws IllegalArgumentException if the text is no such time
   */
  public static Instant parse(String text) {
    try {
      return parseIso(text).truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: " + EXPECTED + ")", e);
    }
  }

  private static Instant parseIso(String text) {
    int t = text.indexOf('T');
    if (t < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    String time = text.substring(t);
    boolean hasOffset = time.endsWith("Z") || time.indexOf('+') > 0 || time.indexOf('-') > 0;
    return hasOffset
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }
}
