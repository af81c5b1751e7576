package io.syncline.client.sync;

/** Counts what happens. Used on one loop. */
final class Counters {
  long batches;
  long changes;
  long bytes;
  long duplicates;
  long retries;
  long corrupt;
  long mismatches;
  long repairs;
  long snapshots;
  long snapshotBytes;

  FollowView.Counts view() {
    return new FollowView.Counts(
        batches,
        changes,
        bytes,
        duplicates,
        retries,
        corrupt,
        mismatches,
        repairs,
        snapshots,
        snapshotBytes);
  }
}
