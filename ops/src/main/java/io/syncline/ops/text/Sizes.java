package io.syncline.ops.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes as people write them: {@code 512}, {@code 64KiB}, {@code 1MiB}, {@code 2GB}. */
public final class Sizes {
  public static final String EXPECTED = "a size such as 4096, 64KiB, 1MiB or 2GB";

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");

  private static final List<String> BINARY_UNITS = List.of("", "KiB", "MiB", "GiB", "TiB");

  private Sizes() {}

  /**
   * @return bytes
   * @throws IllegalArgumentException if the text is no size, or too large for 63 bits
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (form.matches()) {
      try {
        return Math.multiplyExact(Long.parseLong(form.group(1)), unitBytes(form.group(2)));
      } catch (ArithmeticException e) {
        // told below, with the text
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" (expected: " + EXPECTED + ")");
  }

  private static long unitBytes(String unit) {
    return switch (unit) {
      case "", "b" -> 1;
      case "kb" -> 1_000;
      case "mb" -> 1_000_000;
      case "gb" -> 1_000_000_000;
      case "tb" -> 1_000_000_000_000L;
      case "k", "kib" -> 1L << 10;
      case "m", "mib" -> 1L << 20;
      case "g", "gib" -> 1L << 30;
      case "t", "tib" -> 1L << 40;
      default -> throw new ArithmeticException("no such unit");
    };
  }

  /** The shortest exact text, in binary units. */
  public static String format(long bytes) {
    int unit = 0;
    long count = bytes;
    while (unit < BINARY_UNITS.size() - 1 && count != 0 && count % 1024 == 0) {
      count /= 1024;
      unit++;
    }
    return count + BINARY_UNITS.get(unit);
  }

  /** Rounded to about three digits, for tables. */
  public static String rounded(long bytes) {
    double count = bytes;
    int unit = 0;
    while (unit < BINARY_UNITS.size() - 1 && count >= 1024) {
      count /= 1024;
      unit++;
    }
    if (unit == 0) {
      return bytes + " B";
    }
    return String.format(
        Locale.ROOT, count < 100 ? "%.1f %s" : "%.0f %s", count, BINARY_UNITS.get(unit));
  }
}
