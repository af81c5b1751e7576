package io.syncline.model;

/** What a message of the stream of writes holds at most, in either direction. */
public final class WriteManyLimits {
  /** Writes, or answers. */
  public static final int MAX_COUNT = 1024;

  /** Of all together, unless one alone is larger. */
  public static final int MAX_BYTES = 1 << 20;

  private WriteManyLimits() {}
}
