package io.syncline.bench.load;

import java.util.SplittableRandom;

/** What the slots of a run do. */
@FunctionalInterface
public interface Workload {
  /**
   * Called once per slot, before the run begins.
   *
   * @param random the slot's own, derived from the run's seed
   */
  Operation slot(SplittableRandom random);
}
