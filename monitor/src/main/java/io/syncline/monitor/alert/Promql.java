package io.syncline.monitor.alert;

import java.math.BigDecimal;
import java.time.Duration;

/** Numbers and durations as Prometheus writes them. */
final class Promql {
  private Promql() {}

  /** Whole units only: {@code 90s}, {@code 5m}, {@code 1h}. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds > 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** Without an exponent. */
  static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
