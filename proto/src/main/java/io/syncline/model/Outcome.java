package io.syncline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a command. Expected failures are values, not exceptions. */
public sealed interface Outcome {

  /**
   * @param revision the revision the command made, or the store's if it changed nothing
   * @param changed whether it changed anything
   * @param versions the newest version of each key it touched, without content
   * @param comparesHeld of a transaction: which branch ran; true for every other command
   * @param conflictId the conflict that it recorded or resolved; 0: none
   * @param result of a transaction of the keyspace; null for every other command
   */
  record Committed(
      Revision revision,
      boolean changed,
      List<ConfigVersion> versions,
      boolean comparesHeld,
      long conflictId,
      @Nullable TxnResult result)
      implements Outcome {
    public Committed {
      versions = List.copyOf(versions);
    }

    public Committed(
        Revision revision,
        boolean changed,
        List<ConfigVersion> versions,
        boolean comparesHeld,
        long conflictId) {
      this(revision, changed, versions, comparesHeld, conflictId, null);
    }

    public Committed(
        Revision revision, boolean changed, List<ConfigVersion> versions, boolean comparesHeld) {
      this(revision, changed, versions, comparesHeld, 0, null);
    }
  }

  /** Nothing was changed, and the revision did not advance. */
  record Rejected(Rejection rejection) implements Outcome {}
}
