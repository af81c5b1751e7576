package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.PanelUnit;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A drawing with a time axis below and a value axis on the left. */
final class Svg {
  private static final int LEFT = 62;
  private static final int BOTTOM = 20;
  private static final int TOP = 8;
  private static final int RIGHT = 10;
  private static final int[] TIME_STEPS = {
    5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800
  };

  private final StringBuilder text = new StringBuilder();
  private final int width;
  private final int height;
  private final int left;
  private final TimeRange range;

  Svg(int width, int height, int left, TimeRange range) {
    this.width = width;
    this.height = height;
    this.left = left;
    this.range = range;
  }

  Svg(int width, int height, TimeRange range) {
    this(width, height, LEFT, range);
  }

  int bottom() {
    return height - BOTTOM;
  }

  int plotHeight() {
    return bottom() - TOP;
  }

  int left() {
    return left;
  }

  int right() {
    return width - RIGHT;
  }

  double x(double seconds) {
    double part = (seconds - range.fromSeconds()) / (range.toSeconds() - range.fromSeconds());
    return left + part * (right() - left);
  }

  /** @param part of the height, from below */
  double y(double part) {
    return bottom() - part * plotHeight();
  }

  Svg add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  /** Ticks where a clock has round times. */
  void timeAxis(ZoneId zone) {
    double seconds = range.toSeconds() - range.fromSeconds();
    int step = TIME_STEPS[TIME_STEPS.length - 1];
    for (int i = TIME_STEPS.length - 1; i >= 0; i--) {
      if (seconds / TIME_STEPS[i] <= Math.max(2, (right() - left) / 75)) {
        step = TIME_STEPS[i];
      }
    }
    var format = DateTimeFormatter.ofPattern(
            step < 60 ? "HH:mm:ss" : step < 86_400 ? "HH:mm" : "d MMM", Locale.ROOT)
        .withZone(zone);
    long first = (range.from().getEpochSecond() / step + 1) * step;
    for (long tick = first; tick <= range.to().getEpochSecond(); tick += step) {
      double x = x((double) tick);
      add("<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>", x, x, TOP, bottom());
      if (x < right() - 14) {
        label(x, height - 5, "middle", format.format(Instant.ofEpochSecond(tick)));
      }
    }
  }

  /** Ticks at round values up to the highest. */
  void valueAxis(double highest, PanelUnit unit) {
    double step = roundStep(highest, unit);
    for (double tick = 0; tick <= highest * 1.0001; tick += step) {
      double y = y(tick / highest);
      add("<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", left, right(), y, y);
      label(left - 6, y + 3.5, "end", UnitText.of(unit, tick));
    }
  }

  /** 1, 2 or 5 of a power of ten, of 1,024 for bytes, or as clocks tell; three to six of them. */
  static double roundStep(double highest, PanelUnit unit) {
    if (unit == PanelUnit.SECONDS && highest >= 120) {
      return clockStep(highest / 5);
    }
    double scale = 1;
    if (unit == PanelUnit.BYTES || unit == PanelUnit.BYTES_PER_SECOND) {
      while (highest / scale >= 1024) {
        scale *= 1024;
      }
    }
    double rough = highest / scale / 4;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / power;
    return scale * power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
  }

  /** As long as clocks tell it; days beyond. */
  private static double clockStep(double least) {
    for (int step : TIME_STEPS) {
      if (step >= least) {
        return (double) step;
      }
    }
    return Math.ceil(least / 86_400) * 86_400;
  }

  void label(double x, double y, String anchor, String value) {
    add("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, Html.escape(value));
  }

  @Override
  public String toString() {
    return "<svg viewBox='0 0 " + width + " " + height + "' width='" + width + "' height='" + height
        + "'>" + text + "</svg>";
  }
}
