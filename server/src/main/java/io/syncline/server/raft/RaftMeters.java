package io.syncline.server.raft;

import io.syncline.monitor.metrics.MeterCounter;
import io.syncline.monitor.metrics.MeterSizes;
import io.syncline.monitor.metrics.MeterTimer;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;

/**
 * What is counted on a command's way through the log.
 *
 * @param batches commands of each entry
 * @param commits from an entry's submission until it is applied
 * @param applies the application of each entry
 * @param flushes of the log to the disk
 * @param leaders seen come, but for the first
 */
public record RaftMeters(
    MeterSizes batches,
    MeterTimer commits,
    MeterTimer applies,
    MeterTimer flushes,
    MeterCounter leaders) {
  public static final RaftMeters NONE = new RaftMeters(
      MeterSizes.NONE, MeterTimer.NONE, MeterTimer.NONE, MeterTimer.NONE, MeterCounter.NONE);

  public static RaftMeters of(Meters meters) {
    return new RaftMeters(
        meters.sizes(MetricCatalogue.GROUP_COMMIT),
        meters.timer(MetricCatalogue.COMMIT_SECONDS),
        meters.timer(MetricCatalogue.APPLY_SECONDS),
        meters.timer(MetricCatalogue.RAFT_FLUSH_SECONDS),
        meters.counter(MetricCatalogue.RAFT_LEADER_CHANGES));
  }
}
