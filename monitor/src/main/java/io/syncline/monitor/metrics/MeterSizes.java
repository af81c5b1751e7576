package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import org.jspecify.annotations.Nullable;

/** Takes sizes. Any thread. */
public final class MeterSizes {
  /** Takes nothing. */
  public static final MeterSizes NONE = new MeterSizes(null);

  private final @Nullable DistributionSummary summary;

  MeterSizes(@Nullable DistributionSummary summary) {
    this.summary = summary;
  }

  public void record(long size) {
    if (summary != null) {
      summary.record((double) size);
    }
  }
}
