package io.syncline.bench.process;

/** A cluster that does not start, or does not serve; the message says what its members said. */
public final class ClusterFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ClusterFailed(String message) {
    super(message);
  }
}
