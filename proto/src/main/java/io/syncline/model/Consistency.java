package io.syncline.model;

import java.time.Duration;

/** How fresh a read must be. */
public sealed interface Consistency {
  Consistency LINEARIZABLE = new Linearizable();

  /** Whatever the answering node has. */
  Consistency ANY = new Stale(Duration.ZERO);

  /** Reflects every write acknowledged before the request. */
  record Linearizable() implements Consistency {}

  /** Waits until the answering node has applied at least this revision. */
  record AtLeast(Revision revision) implements Consistency {}

  /**
   * Answered by any node that heard from the leader within the bound.
   *
   * @param bound zero: whatever its age
   */
  record Stale(Duration bound) implements Consistency {}
}
