package io.syncline.monitor.metrics;

/** Takes the values of metrics at one look. Used on the thread that looks. */
public interface Rows {
  /**
   * Adds a value.
   *
   * @param labels as many as the metric has, in its order; each combination once
   */
  void add(Metric metric, double value, String... labels);

  /** Adds a count; those above 2^53 lose their last digits. */
  default void add(Metric metric, long value, String... labels) {
    add(metric, (double) value, labels);
  }
}
