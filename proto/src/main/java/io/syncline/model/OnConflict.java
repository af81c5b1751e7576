package io.syncline.model;

/**
 * How a write is to be settled whose condition does not hold.
 *
 * @param strategy its text; empty: the namespace's setting, or reject
 * @param node the follower that the change was written down at; empty: none
 */
public record OnConflict(String strategy, String node) {
  /** By a strategy, for a change that is asked for just now. */
  public static OnConflict by(String strategy) {
    return new OnConflict(strategy, "");
  }
}
