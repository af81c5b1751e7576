package io.syncline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a retried command is answered with: its first outcome, the versions by reference.
 *
 * @param conflictId the conflict that it recorded or resolved; 0: none
 * @param rejection null if the command was committed
 */
public record RememberedOutcome(
    CommandId id,
    Revision revision,
    boolean changed,
    boolean comparesHeld,
    List<Touch> touches,
    long conflictId,
    @Nullable Rejection rejection) {

  public RememberedOutcome {
    touches = List.copyOf(touches);
  }

  /** A version by reference. */
  public record Touch(int namespaceId, Key key, Version version) {}
}
