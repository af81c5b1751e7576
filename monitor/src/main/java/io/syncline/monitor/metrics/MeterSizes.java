package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.DistributionSummary;

/** Takes sizes. Any thread. */
public final class MeterSizes {
  private final DistributionSummary summary;

  MeterSizes(DistributionSummary summary) {
    this.summary = summary;
  }

  public void record(long size) {
    summary.record((double) size);
  }
}
