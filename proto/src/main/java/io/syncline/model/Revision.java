package io.syncline.model;

/**
 * A store-wide position: one more for each committed command that changes a key.
 *
 * @param value 0 (nothing was ever written) or more
 */
public record Revision(long value) implements Comparable<Revision> {
  /** Before the first change. */
  public static final Revision ZERO = new Revision(0);

  public Revision {
    if (value < 0) {
      throw new IllegalArgumentException("revision: " + value + " (expected: >= 0)");
    }
  }

  public static Revision of(long value) {
    return value == 0 ? ZERO : new Revision(value);
  }

  public Revision next() {
    return new Revision(value + 1);
  }

  /** The revision before this one; of zero, zero. */
  public Revision previous() {
    return value == 0 ? this : new Revision(value - 1);
  }

  public boolean isAfter(Revision other) {
    return value > other.value;
  }

  public boolean isBefore(Revision other) {
    return value < other.value;
  }

  public static Revision max(Revision a, Revision b) {
    return a.isAfter(b) ? a : b;
  }

  public static Revision min(Revision a, Revision b) {
    return a.isBefore(b) ? a : b;
  }

  @Override
  public int compareTo(Revision other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
