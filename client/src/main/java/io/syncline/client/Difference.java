package io.syncline.client;

import io.syncline.model.ConfigVersion;

/**
 * What differs between two versions of a key.
 *
 * @param from without content
 * @param to without content
 * @param contentDiffers whether the contents differ: two versions may carry the same one
 * @param unifiedDiff empty if the contents are equal or not both UTF-8 text
 * @param binary whether a side is not UTF-8 text, so that there is no line diff
 */
public record Difference(
    ConfigVersion from,
    ConfigVersion to,
    boolean contentDiffers,
    String unifiedDiff,
    boolean binary) {

  /** Names the versions and never shows the diff: configuration may be secret. */
  @Override
  public String toString() {
    return from + " -> " + to + (contentDiffers ? " (differ)" : " (equal)");
  }
}
