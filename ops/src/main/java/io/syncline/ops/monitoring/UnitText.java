package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.PanelUnit;
import java.util.Locale;

/** Values as panels show them. */
final class UnitText {
  private static final String[] COUNTS = {"", "k", "M", "G", "T"};
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};

  private UnitText() {}

  static String of(PanelUnit unit, double value) {
    return switch (unit) {
      case COUNT -> scaled(value, 1000, COUNTS, "");
      case PER_SECOND -> scaled(value, 1000, COUNTS, "") + "/s";
      case BYTES -> scaled(value, 1024, BYTES, " ");
      case BYTES_PER_SECOND -> scaled(value, 1024, BYTES, " ") + "/s";
      case SHARE -> digits(value * 100) + "%";
      case SECONDS -> seconds(value);
    };
  }

  private static String scaled(double value, double base, String[] units, String space) {
    double rest = value;
    int unit = 0;
    while (Math.abs(rest) >= base && unit < units.length - 1) {
      rest /= base;
      unit++;
    }
    return digits(rest) + (units[unit].isEmpty() ? "" : space + units[unit]);
  }

  private static String seconds(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0 s";
    } else if (size < 0.001) {
      return digits(value * 1e6) + " µs";
    } else if (size < 1) {
      return digits(value * 1000) + " ms";
    } else if (size < 120) {
      return digits(value) + " s";
    } else if (size < 7200) {
      return digits(value / 60) + " min";
    }
    return size < 172_800 ? digits(value / 3600) + " h" : digits(value / 86_400) + " d";
  }

  /** Three digits that count, without zeros at the end. */
  private static String digits(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    String text = String.format(Locale.ROOT, format, value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
