package io.syncline.bench.compare;

import io.syncline.bench.fanout.Audience;
import io.syncline.bench.store.Target;
import java.time.Duration;

/** A running cluster of three, each member a process of its own. */
interface Cluster extends AutoCloseable {
  /** The release that runs. */
  String version();

  /** A client of it; the caller closes it. */
  Target connect();

  /**
   * Many who are told by the leader of every write from now on to keys with a prefix: by etcd's API
   * watchers, by Syncline's own followers that are sent changes. Nothing may be written meanwhile. The
   * caller closes it.
   *
   * @param connections as many, each with its share of the audience, one stream for each of these
   */
  Audience audience(String prefix, int size, int connections);

  /** Who leads just now. */
  String leader();

  /** Processor time all members have used so far. */
  Duration cpuTime();

  @Override
  void close();
}
