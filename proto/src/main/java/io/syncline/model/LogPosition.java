package io.syncline.model;

/**
 * A place in the Raft log.
 *
 * @param term the term of the entry, 0 before the first
 * @param index the entry's index, -1 before the first
 */
public record LogPosition(long term, long index) {
  /** Before the first entry. */
  public static final LogPosition START = new LogPosition(0, -1);

  public LogPosition {
    if (term < 0 || index < -1) {
      throw new IllegalArgumentException(
          "log position: term " + term + ", index " + index + " (expected: >= 0, >= -1)");
    }
  }

  /** Whether an entry at that place has been applied by whoever stands here. */
  public boolean covers(LogPosition other) {
    return other.index <= index;
  }

  @Override
  public String toString() {
    return term + ":" + index;
  }
}
