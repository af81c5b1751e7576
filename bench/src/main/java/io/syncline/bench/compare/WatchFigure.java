package io.syncline.bench.compare;

import org.HdrHistogram.Histogram;

/** One thing that is compared between two audiences. */
enum WatchFigure {
  STEADY_COMMIT_EVENT_P50("steady: p50 commit-event ms", false) {
    @Override
    double of(WatchTurn turn) {
      return millis(turn.steady().delivery().fromCommit(), 50);
    }
  },
  STEADY_COMMIT_EVENT_P99("steady: p99 commit-event ms", false) {
    @Override
    double of(WatchTurn turn) {
      return millis(turn.steady().delivery().fromCommit(), 99);
    }
  },
  STEADY_WRITE_EVENT_P50("steady: p50 write-event ms", false) {
    @Override
    double of(WatchTurn turn) {
      return millis(turn.steady().delivery().fromStart(), 50);
    }
  },
  STEADY_WRITE_EVENT_P99("steady: p99 write-event ms", false) {
    @Override
    double of(WatchTurn turn) {
      return millis(turn.steady().delivery().fromStart(), 99);
    }
  },
  STEADY_EVENTS_PER_CPU_SECOND("steady: events per CPU s", true) {
    @Override
    double of(WatchTurn turn) {
      return turn.steady().delivery().eventsPerCpuSecond();
    }
  },
  FULL_EVENTS_PER_CPU_SECOND("full: events per CPU s", true) {
    @Override
    double of(WatchTurn turn) {
      return turn.fullEventsPerCpuSecond();
    }
  },
  FULL_WRITE_EVENT_P99("full: p99 write-event ms", false) {
    @Override
    double of(WatchTurn turn) {
      return millis(turn.fullFromStart(), 99);
    }
  },
  FULL_EVENTS_PER_SECOND("full: events/s", true) {
    @Override
    double of(WatchTurn turn) {
      return turn.fullEventsPerSecond();
    }
  };

  /** As fine as latencies are kept: what came sooner counts as this, so that ratios exist. */
  private static final double LEAST_MILLIS = 0.001;

  private final String text;
  private final boolean moreIsBetter;

  WatchFigure(String text, boolean moreIsBetter) {
    this.text = text;
    this.moreIsBetter = moreIsBetter;
  }

  abstract double of(WatchTurn turn);

  String text() {
    return text;
  }

  /** How many times as good Syncline is: 2 is twice the rate, or half the time. */
  double ratio(WatchTurn etcd, WatchTurn syncline) {
    return moreIsBetter ? of(syncline) / of(etcd) : of(etcd) / of(syncline);
  }

  private static double millis(Histogram nanos, double percentile) {
    return Math.max(LEAST_MILLIS, nanos.getValueAtPercentile(percentile) / 1e6);
  }
}
