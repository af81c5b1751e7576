package io.syncline.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change written down at a follower, to be proposed to the cluster when it can be reached.
 *
 * @param id counts up per follower, from 1
 * @param proposed a {@link Command.Put} or {@link Command.Delete} on the condition that the key is
 *     still at the base; its id makes it happen once, however often it is proposed
 * @param base the key's newest version when the draft was made; {@link Version#NONE}: there was none
 * @param onConflict the text of the strategy if the key has changed since; empty: the namespace's
 * @param outcome what became of it
 */
public record Draft(
    long id,
    ProposedCommand proposed,
    Version base,
    String onConflict,
    Instant createdAt,
    Outcome outcome) {

  /** Numbers are stored. */
  public enum State {
    PENDING(1),
    ACCEPTED(2),
    REFUSED(3);

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
      throw new IllegalArgumentException("draft state: " + number + " (expected: 1 to 3)");
    }
  }

  /**
   * What became of a draft.
   *
   * @param decidedAt null while it waits
   * @param version it became; {@link Version#NONE} unless accepted
   * @param revision it was accepted at; zero unless accepted
   * @param head the version that stood in the way of a refused one; {@link Version#NONE} if none did
   * @param detail why it was refused, or why the last attempt failed; may be empty
   */
  public record Outcome(
      State state,
      @Nullable Instant decidedAt,
      Version version,
      Revision revision,
      Version head,
      String detail) {

    public static Outcome pending(String detail) {
      return new Outcome(State.PENDING, null, Version.NONE, Revision.ZERO, Version.NONE, detail);
    }

    public static Outcome accepted(Instant at, Version version, Revision revision) {
      return new Outcome(State.ACCEPTED, at, version, revision, Version.NONE, "");
    }

    public static Outcome refused(Instant at, Version head, String why) {
      return new Outcome(State.REFUSED, at, Version.NONE, Revision.ZERO, head, why);
    }
  }

  /**
   * @throws IllegalArgumentException if the command is neither a put nor a delete, or has no id
   */
  public Draft {
    Command command = proposed.command();
    boolean one = command instanceof Command.Put || command instanceof Command.Delete;
    if (!one || proposed.id() == null) {
      throw new IllegalArgumentException("draft: " + command.getClass().getSimpleName()
          + (proposed.id() == null ? " without an id" : "")
          + " (expected: a put or a delete, with an id)");
    }
  }

  public boolean isPending() {
    return outcome.state() == State.PENDING;
  }

  public Draft with(Outcome next) {
    return new Draft(id, proposed, base, onConflict, createdAt, next);
  }

  public NamespaceName namespace() {
    return proposed.command() instanceof Command.Put put
        ? put.namespace()
        : ((Command.Delete) proposed.command()).namespace();
  }

  public Key key() {
    return proposed.command() instanceof Command.Put put
        ? put.key()
        : ((Command.Delete) proposed.command()).key();
  }

  /** What is to be written; null: the key is to be deleted. */
  public Command.@Nullable Content content() {
    return proposed.command() instanceof Command.Put put ? put.content() : null;
  }
}
