package io.syncline.server.raft;

import java.time.Duration;

/**
 * How the voter takes part in Raft.
 *
 * @param electionTimeout the least time without a leader before an election; the most is twice it
 * @param leaderLease whether linearizable reads may be served under the leader's lease
 * @param snapshotLogBytes a snapshot is taken after so many bytes of log
 * @param snapshotsKept how many snapshots are kept, at least 1
 * @param maxEntryBytes the largest log entry: one batch of commands
 */
public record RaftOptions(
    Duration electionTimeout,
    boolean leaderLease,
    long snapshotLogBytes,
    int snapshotsKept,
    long maxEntryBytes) {

  /** The part of the election time-out for which a leader may rely on a majority's answer. */
  static final double LEASE_RATIO = 0.9;

  Duration leaseTime() {
    return Duration.ofNanos((long) (electionTimeout.toNanos() * LEASE_RATIO));
  }
}
