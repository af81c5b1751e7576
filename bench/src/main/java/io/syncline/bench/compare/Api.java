package io.syncline.bench.compare;

import io.syncline.bench.fanout.Audience;
import io.syncline.bench.store.Target;

/** How a cluster is talked to. */
interface Api {
  /** See {@link Cluster#connect}. */
  Target connect();

  /** See {@link Cluster#audience}. */
  Audience audience(String prefix, int size, int connections);
}
