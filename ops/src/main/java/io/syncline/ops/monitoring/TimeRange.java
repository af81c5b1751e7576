package io.syncline.ops.monitoring;

import java.time.Duration;
import java.time.Instant;

/** From when to when a report looks, and how closely. */
public record TimeRange(Instant from, Instant to, Duration step) {
  /** As many values of a series as a panel has pixels for, about. */
  private static final int POINTS = 240;

  /** @param scrapeInterval values closer together than this are not there */
  public static TimeRange until(Instant to, Duration since, Duration scrapeInterval) {
    long seconds = Math.max(1, since.toSeconds() / POINTS);
    Duration step = Duration.ofSeconds(Math.max(seconds, scrapeInterval.toSeconds()));
    return new TimeRange(to.minus(since), to, step);
  }

  /** What Grafana calls {@code $__rate_interval}: four scrapes at least. */
  Duration rateInterval(Duration scrapeInterval) {
    Duration four = scrapeInterval.multipliedBy(4);
    Duration stepped = step.plus(scrapeInterval);
    return four.compareTo(stepped) > 0 ? four : stepped;
  }

  double fromSeconds() {
    return (double) from.getEpochSecond();
  }

  double toSeconds() {
    return (double) to.getEpochSecond();
  }

  double stepSeconds() {
    return (double) step.toSeconds();
  }
}
