package io.syncline.model;

import java.time.Duration;
import java.util.List;

/**
 * How long superseded versions of a namespace's keys are kept (the newest always is), and what is done
 * about conflicts.
 *
 * @param retainAge versions superseded longer ago may go; zero keeps them for ever
 * @param retainVersions versions beyond this many per key may go; 0 keeps all
 * @param onConflict the text of the strategy for writes whose condition does not hold; empty: they are
 *     refused, and nothing is recorded
 * @param listKeys fields that tell the objects of a list apart when it is merged; empty: name, id, key
 */
public record NamespaceSettings(
    Duration retainAge, long retainVersions, String onConflict, List<String> listKeys) {
  public static final int MAX_LIST_KEYS = 16;

  public static final NamespaceSettings KEEP_ALL = new NamespaceSettings(Duration.ZERO, 0);

  /**
   * @throws IllegalArgumentException if a bound is negative
   */
  public NamespaceSettings {
    if (retainAge.isNegative() || retainVersions < 0) {
      throw new IllegalArgumentException(
          "retention: age " + retainAge + ", versions " + retainVersions + " (expected: >= 0)");
    }
    if (listKeys.size() > MAX_LIST_KEYS) {
      throw new IllegalArgumentException(
          "list keys: " + listKeys.size() + " (expected: at most " + MAX_LIST_KEYS + ")");
    }
    listKeys = List.copyOf(listKeys);
  }

  /** Of retention alone. */
  public NamespaceSettings(Duration retainAge, long retainVersions) {
    this(retainAge, retainVersions, "", List.of());
  }
}
