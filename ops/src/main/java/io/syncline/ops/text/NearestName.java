package io.syncline.ops.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody who mistyped a name may have meant. */
public final class NearestName {
  private NearestName() {}

  /** The name with the fewest edits from the given one, if they are few for its length. */
  public static Optional<String> of(String given, Collection<String> names) {
    int mostEdits = Math.max(2, given.length() / 3);
    return names.stream()
        .filter(name -> edits(given, name) <= mostEdits)
        .min(Comparator.comparingInt(name -> edits(given, name)));
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
