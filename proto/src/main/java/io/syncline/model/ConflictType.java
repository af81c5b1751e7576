package io.syncline.model;

/**
 * Why two contents of one key cannot both stand. Names and numbers are a public contract, and stored.
 */
public enum ConflictType {
  /**
   * A version that is no ancestor of the leader's: a draft on an old base, or a copy that goes back
   * to a restored backup. To lag behind is no conflict.
   */
  VERSION_CONFLICT(1),
  /** The same version with another checksum: corruption, or tampering. */
  CONTENT_CONFLICT(2),
  /** Two edits that were both made from one version. */
  CONCURRENT_MODIFICATION(3);

  private final int number;

  ConflictType(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /**
   * @throws IllegalArgumentException if no type has this number
   */
  public static ConflictType ofNumber(int number) {
    for (ConflictType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    throw new IllegalArgumentException("conflict type: " + number + " (expected: 1 to 3)");
  }
}
