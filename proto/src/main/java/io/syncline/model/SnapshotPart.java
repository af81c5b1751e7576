package io.syncline.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A part of a snapshot: some of the keys that differ between two revisions, as they are at the second.
 *
 * @param since the revision the receiver has; zero: it has nothing
 * @param at the revision the snapshot leads to
 * @param heads in order of selector and key; with a since, tombstones among them
 * @param last whether nothing follows
 * @param digests in the last part: of namespaces subscribed to as a whole, at the revision
 * @param index of the part, from 0; a resumed snapshot begins at 0 again
 * @param totalKeys live keys of the subscription, an estimate
 */
public record SnapshotPart(
    UUID cluster,
    Revision since,
    Revision at,
    long term,
    List<ConfigVersion> heads,
    boolean last,
    Map<NamespaceName, Checksum> digests,
    int index,
    long totalKeys,
    long totalBytes,
    Instant time) {

  /**
   * @throws IllegalArgumentException if a head is not of these revisions
   */
  public SnapshotPart {
    heads = List.copyOf(heads);
    digests = Map.copyOf(digests);
    for (ConfigVersion head : heads) {
      if (head.revision().isAfter(at) || !head.revision().isAfter(since)) {
        throw new IllegalArgumentException("snapshot (" + since + ", " + at + "]: " + head
            + " is out of place (expected: within these revisions)");
      }
    }
  }
}
