package io.syncline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Txn} did.
 *
 * @param revision after it
 * @param steps one for each operation of the branch that ran
 */
public record TxnResult(boolean succeeded, Revision revision, List<Step> steps) {
  public TxnResult {
    steps = List.copyOf(steps);
  }

  /** What one operation did. */
  public sealed interface Step {

    record Got(RangeResult result) implements Step {}

    /**
     * @param previous what was there, if it was asked for and was
     */
    record Put(Revision revision, @Nullable ConfigVersion previous) implements Step {}

    /**
     * @param revision that the transaction makes if anything was deleted, up to here; else the one before
     * @param previous what was there, if it was asked for
     */
    record Deleted(Revision revision, long count, List<ConfigVersion> previous) implements Step {
      public Deleted {
        previous = List.copyOf(previous);
      }
    }

    record Nested(TxnResult result) implements Step {}
  }
}
