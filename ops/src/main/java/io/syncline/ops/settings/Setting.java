package io.syncline.ops.settings;

import java.util.Locale;

/**
 * One setting of the server.
 *
 * @param name in YAML, and with {@code --} before it on the command line
 * @param defaultText its default, read like any given text; or words in parentheses, if the default
 *     follows from other settings
 * @param help what it does, in one or two sentences
 */
public record Setting<T>(String name, SettingType<T> type, String defaultText, String help) {

  /** The name of its environment variable. */
  public String variable() {
    return "SYNCLINE_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  public String flag() {
    return "--" + name;
  }

  /** Whether the default follows from other settings. */
  public boolean derived() {
    return defaultText.startsWith("(");
  }

  /**
   * @param where the text was given, for the message
   * @throws InvalidSetting if the text is not accepted
   */
  T read(String text, String where) {
    try {
      return type.reader().apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidSetting(
          where + ": " + name + ": \"" + text + "\" (expected: " + type.expected() + ")");
    }
  }
}
