package io.syncline.model;

import java.util.Optional;
import java.util.UUID;

/**
 * Of whom a store is a copy.
 *
 * @param term the newest Raft term that anything in it was sent in
 * @param base the revision of the last whole copy: what was deleted before it is not known
 * @param staging how far it has been filled from a snapshot; empty once it is complete
 */
public record CopyState(UUID cluster, long term, Revision base, Optional<Staging> staging) {

  /**
   * How far a snapshot has come.
   *
   * @param since only what changed after it is in the snapshot
   * @param at the revision it leads to
   * @param after the last key that is there, as a selector
   */
  public record Staging(
      Revision since, Revision at, Optional<Selector> after, int parts, long keys) {}
}
