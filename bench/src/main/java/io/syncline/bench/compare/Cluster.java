package io.syncline.bench.compare;

import io.syncline.bench.store.Target;
import java.time.Duration;

/** A running cluster of three, each member a process of its own. */
interface Cluster extends AutoCloseable {
  /** The release that runs. */
  String version();

  /** A client of it; the caller closes it. */
  Target connect();

  /** Who leads just now. */
  String leader();

  /** Processor time all members have used so far. */
  Duration cpuTime();

  @Override
  void close();
}
