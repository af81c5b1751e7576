package io.syncline.model;

import java.time.Duration;

/**
 * How long superseded versions of a namespace's keys are kept. The newest is always kept.
 *
 * @param retainAge versions superseded longer ago may go; zero keeps them for ever
 * @param retainVersions versions beyond this many per key may go; 0 keeps all
 */
public record NamespaceSettings(Duration retainAge, long retainVersions) {
  public static final NamespaceSettings KEEP_ALL = new NamespaceSettings(Duration.ZERO, 0);

  /**
   * @throws IllegalArgumentException if a bound is negative
   */
  public NamespaceSettings {
    if (retainAge.isNegative() || retainVersions < 0) {
      throw new IllegalArgumentException(
          "retention: age " + retainAge + ", versions " + retainVersions + " (expected: >= 0)");
    }
  }
}
