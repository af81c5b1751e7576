package io.syncline.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two contents of one key that could not both stand, as they are remembered. The contents are kept
 * beside it, see {@link ConflictContents}.
 *
 * @param id from 1, in the order of being recorded
 * @param base the version that theirs was made from; {@link Version#NONE}: none, or not known
 * @param ours the leader's newest version when it was found; {@link Version#NONE}: there was none
 * @param theirs of the incoming content; null: the incoming change is a deletion
 * @param contentType of the incoming content
 * @param node the follower that it comes from; empty: it came from a client
 * @param actor who made the incoming change
 * @param reason why
 * @param strategy what was asked for while it is open; what it was closed by after
 * @param detail one line, without any of the contents
 * @param closing null while it is open
 */
public record Conflict(
    long id,
    ConflictType type,
    NamespaceName namespace,
    Key key,
    Version base,
    Version ours,
    @Nullable Checksum theirs,
    String contentType,
    String node,
    Actor actor,
    String reason,
    Instant detectedAt,
    State state,
    String strategy,
    String detail,
    List<ConflictPath> paths,
    @Nullable Closing closing) {

  public Conflict {
    paths = List.copyOf(paths);
  }

  /** Numbers are those of {@code syncline.api.v1.Conflict.State} and are stored. */
  public enum State {
    OPEN(1),
    /** The leader's content stood, the incoming one, or a third. */
    RESOLVED(2),
    /** The incoming change was refused. */
    REJECTED(3);

    private final int number;

    State(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException if no state has this number
     */
    public static State ofNumber(int number) {
      for (State state : values()) {
        if (state.number == number) {
          return state;
        }
      }
      throw new IllegalArgumentException("conflict state: " + number + " (expected: 1 to 3)");
    }
  }

  /**
   * How it ended.
   *
   * @param version the version that was written with it; {@link Version#NONE}: what was there stays
   * @param revision the store's revision then
   */
  public record Closing(Actor by, String reason, Instant at, Version version, Revision revision) {}

  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Closed by a settlement, which says how. */
  public Conflict closed(Settlement settlement, Closing with) {
    return new Conflict(
        id,
        type,
        namespace,
        key,
        base,
        ours,
        theirs,
        contentType,
        node,
        actor,
        reason,
        detectedAt,
        settlement.state(),
        settlement.strategy(),
        settlement.detail(),
        paths,
        with);
  }
}
