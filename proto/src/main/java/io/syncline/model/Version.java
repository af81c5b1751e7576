package io.syncline.model;

/**
 * A key's own count of its changes, deletes included: 1, 2, 3 …, never reset.
 *
 * @param value 0 (the key never existed) or more
 */
public record Version(long value) implements Comparable<Version> {
  /** Of a key that never existed. */
  public static final Version NONE = new Version(0);

  public Version {
    if (value < 0) {
      throw new IllegalArgumentException("version: " + value + " (expected: >= 0)");
    }
  }

  public static Version of(long value) {
    return value == 0 ? NONE : new Version(value);
  }

  public boolean exists() {
    return value > 0;
  }

  public Version next() {
    return new Version(value + 1);
  }

  /** The version before this one; of none, none. */
  public Version previous() {
    return value == 0 ? this : new Version(value - 1);
  }

  public boolean isBefore(Version other) {
    return value < other.value;
  }

  @Override
  public int compareTo(Version other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
