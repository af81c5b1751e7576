package io.syncline.model;

/**
 * Where a store stands: written in the same batch as the state it describes.
 *
 * @param applied the last applied entry of the Raft log
 * @param revision the store's revision
 * @param timeMs the time of the last applied batch; the store's time never runs backwards
 * @param nextNamespaceId the number the next namespace gets
 * @param commandsRemembered how many command ids were ever remembered
 */
public record StorePosition(
    LogPosition applied,
    Revision revision,
    long timeMs,
    int nextNamespaceId,
    long commandsRemembered) {

  /** Of a store in which nothing ever happened. */
  public static final StorePosition INITIAL =
      new StorePosition(LogPosition.START, Revision.ZERO, 0, 1, 0);
}
