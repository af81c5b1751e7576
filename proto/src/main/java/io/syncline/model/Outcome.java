package io.syncline.model;

import java.util.List;

/** What became of a command. Expected failures are values, not exceptions. */
public sealed interface Outcome {

  /**
   * @param revision the revision the command made, or the store's if it changed nothing
   * @param changed whether it changed anything
   * @param versions the newest version of each key it touched, without content
   * @param comparesHeld of a transaction: which branch ran; true for every other command
   */
  record Committed(
      Revision revision, boolean changed, List<ConfigVersion> versions, boolean comparesHeld)
      implements Outcome {
    public Committed {
      versions = List.copyOf(versions);
    }
  }

  /** Nothing was changed, and the revision did not advance. */
  record Rejected(Rejection rejection) implements Outcome {}
}
