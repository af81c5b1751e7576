package io.syncline.ops.monitoring;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** On a light ground. */
final class Colours {
  private static final List<String> LINES = List.of(
      "#3b78c2", "#e08a3c", "#4c9f58", "#c8504a", "#8667b0", "#2f9e9e", "#d07bab", "#8c7355",
      "#a3a332", "#6b7a89");

  private static final Map<String, String> NAMED = Map.of(
      "green", "#3d9a50",
      "orange", "#e08a2c",
      "red", "#cf4641",
      "blue", "#3b78c2",
      "light-blue", "#c3d8ef",
      "purple", "#8667b0",
      "transparent", "none");

  private Colours() {}

  static String line(int index) {
    return LINES.get(index % LINES.size());
  }

  static String named(String name) {
    return NAMED.getOrDefault(name, "#6b7a89");
  }

  /** From almost white to dark blue; small parts are still seen. */
  static String heat(double part) {
    double strength = Math.sqrt(Math.min(1, part));
    return String.format(
        Locale.ROOT,
        "#%02x%02x%02x",
        Math.round(222 - 204 * strength),
        Math.round(234 - 172 * strength),
        Math.round(247 - 117 * strength));
  }
}
