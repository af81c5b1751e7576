package io.syncline.conflict.merge;

import org.jspecify.annotations.Nullable;

/** Offsets of a text in code points, as UTF-16 units: they differ beyond the basic plane. */
final class CodePoints {
  /** Null if each code point is one unit. */
  private final int @Nullable [] units;

  CodePoints(String text) {
    int codePoints = text.codePointCount(0, text.length());
    units = codePoints == text.length() ? null : new int[codePoints + 1];
    if (units != null) {
      for (int i = 1; i <= codePoints; i++) {
        units[i] = text.offsetByCodePoints(units[i - 1], 1);
      }
    }
  }

  int offset(int codePoint) {
    return units == null ? codePoint : units[codePoint];
  }
}
