package io.syncline.client;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import java.util.List;

/**
 * What a write that was carried out has done.
 *
 * @param revision the write's own revision or, where nothing changed, the store's current one
 * @param changed false if nothing changed: equal content, an empty range, an empty branch
 * @param versions each key touched, in the order of the operations, with its newest version, without
 *     content; empty for writes that touch no key
 * @param comparesHeld of a transaction: which branch ran; true for every other write
 * @param conflictId above 0: the condition did not hold, and the write was settled as this conflict says
 */
public record WriteResult(
    Revision revision,
    boolean changed,
    List<ConfigVersion> versions,
    boolean comparesHeld,
    long conflictId) {
  public WriteResult(
      Revision revision, boolean changed, List<ConfigVersion> versions, boolean comparesHeld) {
    this(revision, changed, versions, comparesHeld, 0);
  }

  public WriteResult {
    versions = List.copyOf(versions);
  }
}
