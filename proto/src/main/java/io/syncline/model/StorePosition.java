package io.syncline.model;

/**
 * Where a store stands: written in the same batch as the state it describes.
 *
 * @param applied the last applied entry of the Raft log
 * @param revision the store's revision
 * @param timeMs the time of the last applied batch; the store's time never runs backwards
 * @param nextNamespaceId the number the next namespace gets
 * @param commandsRemembered how many command ids were ever remembered
 * @param conflictsRecorded how many conflicts were ever recorded: the id of the newest
 * @param conflictsDropped how many of them were dropped
 */
public record StorePosition(
    LogPosition applied,
    Revision revision,
    long timeMs,
    int nextNamespaceId,
    long commandsRemembered,
    long conflictsRecorded,
    long conflictsDropped) {

  /** Of a store in which nothing ever happened. */
  public static final StorePosition INITIAL =
      new StorePosition(LogPosition.START, Revision.ZERO, 0, 1, 0, 0, 0);
}
