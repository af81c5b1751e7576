package io.syncline.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All changes of the revisions (from, to] within a subscription.
 *
 * @param term the Raft term in which the sender learned of it
 * @param changes in order of revision and place within it
 * @param digests of namespaces that are subscribed to as a whole, after the batch; may be empty
 * @param committedAt when the last change was committed, by the store's clock; the epoch if none was
 */
public record ChangeBatch(
    UUID cluster,
    long term,
    Revision from,
    Revision to,
    List<ConfigVersion> changes,
    Map<NamespaceName, Checksum> digests,
    Instant committedAt) {

  /**
   * @throws IllegalArgumentException if the changes are out of order or not of these revisions
   */
  public ChangeBatch {
    changes = List.copyOf(changes);
    digests = Map.copyOf(digests);
    if (!to.isAfter(from)) {
      throw new IllegalArgumentException(
          "batch: from revision " + from + " to " + to + " (expected: from < to)");
    }
    Revision previous = from.next();
    for (ConfigVersion change : changes) {
      if (change.revision().isBefore(previous) || change.revision().isAfter(to)) {
        throw new IllegalArgumentException("batch (" + from + ", " + to + "]: " + change
            + " is out of place (expected: revisions in order, within the batch)");
      }
      previous = change.revision();
    }
  }

  @Override
  public String toString() {
    return "batch (" + from + ", " + to + "] of " + changes.size() + " changes";
  }
}
