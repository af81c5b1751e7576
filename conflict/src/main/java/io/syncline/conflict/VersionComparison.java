package io.syncline.conflict;

import io.syncline.model.ConfigVersion;

/**
 * Two versions of one key, compared in both ways at once: by their place in the history and by
 * their content. Other versions may have equal contents, and equal versions other contents.
 */
public record VersionComparison(ConfigVersion one, ConfigVersion other) {

  /** How the first stands to the second by version number. */
  public enum Relation {
    SAME,
    BEFORE,
    AFTER
  }

  /**
   * @throws IllegalArgumentException if the versions are not of the same key
   */
  public VersionComparison {
    if (!one.key().equals(other.key()) || !one.namespace().equals(other.namespace())) {
      throw new IllegalArgumentException(
          "compared: " + one + " and " + other + " (expected: two versions of one key)");
    }
  }

  public Relation relation() {
    int order = one.version().compareTo(other.version());
    return order == 0 ? Relation.SAME : order < 0 ? Relation.BEFORE : Relation.AFTER;
  }

  /** By checksum, whether or not contents are at hand. A deletion differs from an empty content. */
  public boolean contentDiffers() {
    return one.tombstone() != other.tombstone() || !one.checksum().equals(other.checksum());
  }

  /**
   * The difference by line, from the first to the second. Both must have their contents; those of
   * deletions are empty.
   *
   * @param contextLines unchanged lines shown around each difference
   */
  public TextDiff.Result diff(int contextLines) {
    return TextDiff.between(
        one.content(),
        other.content(),
        "version " + one.version(),
        "version " + other.version(),
        contextLines);
  }
}
