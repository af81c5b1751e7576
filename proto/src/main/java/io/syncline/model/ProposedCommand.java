package io.syncline.model;

import org.jspecify.annotations.Nullable;

/**
 * A command with what travels beside it.
 *
 * @param id null for commands that are not retried
 * @param actor who asked for it
 * @param reason why, or empty
 */
public record ProposedCommand(@Nullable CommandId id, Actor actor, String reason, Command command) {
  /** The longest reason, in characters. */
  public static final int MAX_REASON_LENGTH = 1024;
}
