package io.syncline.model;

import io.syncline.model.Command.Content;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a conflict. Act and record are one commit.
 *
 * @param content what is written; present if, and only if, something is
 * @param strategy the text of the strategy that decided, or was asked for
 * @param detail one line for people, without any of the contents
 */
public record Settlement(Act act, @Nullable Content content, String strategy, String detail) {
  private static final int MAX_DETAIL_LENGTH = 1024;

  /** Numbers are stored. */
  public enum Act {
    /** Nothing is changed, and the conflict waits for somebody. */
    LEAVE_OPEN(1),
    /** Nothing is changed, and the incoming change is refused. */
    REJECT(2),
    /** What is there stays. */
    KEEP(3),
    WRITE(4),
    DELETE(5);

    private final int number;

    Act(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException if no act has this number
     */
    public static Act ofNumber(int number) {
      for (Act act : values()) {
        if (act.number == number) {
          return act;
        }
      }
      throw new IllegalArgumentException("act: " + number + " (expected: 1 to 5)");
    }
  }

  /**
   * @throws IllegalArgumentException if there is a content and nothing to write, or the reverse
   */
  public Settlement {
    if ((act == Act.WRITE) != (content != null)) {
      throw new IllegalArgumentException("settlement: " + act + " with"
          + (content == null ? "out" : "")
          + " a content (expected: a content to write, and none otherwise)");
    }
    detail = detail.length() <= MAX_DETAIL_LENGTH
        ? detail
        : detail.substring(0, MAX_DETAIL_LENGTH - 1) + "…";
  }

  public Settlement(Act act, String strategy, String detail) {
    this(act, null, strategy, detail);
  }

  /** How the conflict stands after it. */
  public Conflict.State state() {
    return switch (act) {
      case LEAVE_OPEN -> Conflict.State.OPEN;
      case REJECT -> Conflict.State.REJECTED;
      case KEEP, WRITE, DELETE -> Conflict.State.RESOLVED;
    };
  }
}
