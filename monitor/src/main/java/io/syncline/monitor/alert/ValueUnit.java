package io.syncline.monitor.alert;

import java.util.Locale;

/** How the value of an alert is told to people. */
public enum ValueUnit {
  COUNT("{{ $value | printf \"%.0f\" }}") {
    @Override
    String text(double value) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
  },
  SECONDS("{{ $value | humanizeDuration }}") {
    @Override
    String text(double value) {
      if (value < 1) {
        return String.format(Locale.ROOT, "%.0fms", value * 1000);
      }
      long seconds = Math.round(value);
      return seconds < 60
          ? seconds + "s"
          : seconds < 3600
              ? seconds / 60 + "m " + seconds % 60 + "s"
              : seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
    }
  },
  BYTES("{{ $value | humanize1024 }}B") {
    @Override
    String text(double value) {
      double rest = value;
      int unit = 0;
      while (rest >= 1024 && unit < UNITS.length - 1) {
        rest /= 1024;
        unit++;
      }
      return String.format(Locale.ROOT, unit == 0 ? "%.0f%s" : "%.1f%s", rest, UNITS[unit]);
    }
  },
  PERCENT("{{ $value | humanizePercentage }}") {
    @Override
    String text(double value) {
      return String.format(Locale.ROOT, "%.1f%%", value * 100);
    }
  };

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private final String template;

  ValueUnit(String template) {
    this.template = template;
  }

  /** As a template of Prometheus. */
  String template() {
    return template;
  }

  abstract String text(double value);
}
