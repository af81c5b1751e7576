package io.syncline.bench.compare;

import java.io.IOException;
import java.nio.file.Path;

/** A system that takes part. */
record Contender(String name, Launch launch) {
  static final String ETCD = "etcd";
  static final String SYNCLINE = "syncline";

  interface Launch {
    /**
     * Starts a new cluster and returns when it has a leader.
     *
     * @param folder an empty one, for data and logs
     */
    Cluster start(Path folder) throws IOException;
  }
}
