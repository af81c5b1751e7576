package io.syncline.bench.compare;

/** A cluster that does not start, or does not serve; the message says what its members said. */
final class ClusterFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterFailed(String message) {
    super(message);
  }
}
