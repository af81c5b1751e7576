package io.syncline.client.sync;

import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a copy stands.
 *
 * @param upstream what it follows just now
 * @param head the newest revision heard of
 * @param age how long ago the copy was surely equal to the centre; empty: never yet
 * @param path the relays between a voter and the upstream, farthest first
 * @param suspects namespaces that differ from the centre's and are being repaired
 * @param lastError why the last attempt failed; empty after a success
 * @param lastCorruption what did not match its checksum when it arrived, the last time; empty: never
 */
public record FollowView(
    State state,
    String upstream,
    Revision cursor,
    Revision head,
    Optional<Duration> age,
    List<String> path,
    Set<NamespaceName> suspects,
    String lastError,
    String lastCorruption,
    Counts counts) {

  /** What the copy is doing. */
  public enum State {
    /** Between two attempts. */
    WAITING,
    /** Asks for batches. */
    PULLING,
    /** Is sent batches. */
    STREAMING,
    /** Takes a snapshot. */
    COPYING,
    /** Looks for what differs. */
    COMPARING,
    CLOSED
  }

  /** What has happened since the start. */
  public record Counts(
      long batches,
      long changes,
      long bytes,
      long duplicates,
      long retries,
      long corrupt,
      long mismatches,
      long repairs,
      long snapshots,
      long snapshotBytes) {}

  public FollowView {
    path = List.copyOf(path);
    suspects = Set.copyOf(suspects);
  }
}
