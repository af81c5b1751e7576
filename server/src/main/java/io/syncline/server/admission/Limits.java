package io.syncline.server.admission;

/**
 * Bounds on what a request may hold; each refusal names the value and the bound.
 *
 * @param maxContentBytes of one content
 * @param maxCommandBytes of one command, encoded
 * @param maxOperations of one transaction
 */
public record Limits(long maxContentBytes, long maxCommandBytes, int maxOperations) {
  public static final int MAX_OPERATIONS = 512;
  public static final int MAX_CONTENT_TYPE_LENGTH = 128;

  private static final long LEAST_COMMAND_BYTES = 4L << 20;
  private static final long COMMAND_OVERHEAD_BYTES = 64L << 10;

  /**
   * The bounds that follow from the one that is set. A conflict is recorded with what came in and what
   * is written.
   */
  public static Limits forContent(long maxContentBytes) {
    return new Limits(
        maxContentBytes,
        Math.max(LEAST_COMMAND_BYTES, 2 * maxContentBytes + COMMAND_OVERHEAD_BYTES),
        MAX_OPERATIONS);
  }
}
