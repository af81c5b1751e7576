package io.syncline.conflict.merge;

import java.util.Locale;
import java.util.Set;

/** YAML scalars without quotes: whether each reader, of YAML 1.1 or 1.2, takes one for text. */
final class PlainScalars {
  private static final Set<String> WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan", "infinity");

  private PlainScalars() {}

  /** Never for what might be a number, a time, a boolean, null or a merge key. */
  static boolean isCertainlyText(String plain) {
    return !plain.isEmpty()
        && Character.isLetter(plain.charAt(0))
        && !WORDS.contains(plain.toLowerCase(Locale.ROOT));
  }
}
