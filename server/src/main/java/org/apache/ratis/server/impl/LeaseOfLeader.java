package org.apache.ratis.server.impl;

import org.apache.ratis.server.RaftServer;

/**
 * Opens one package-private check of Ratis 3.3.0: whether a leader holds its lease at this moment.
 *
 * <p>Ratis offers it only as a part of its LINEARIZABLE read, which confirms leadership once per
 * commit index instead of once per read, and so can answer with old values (docs/adr/0002). It stands
 * in Ratis' package for access alone; nothing else does.
 */
public final class LeaseOfLeader {
  private LeaseOfLeader() {}

  /**
   * True if the division leads, has committed in its term, and a majority answered an append sent
   * within the lease time. True at a moment within the call.
   */
  public static boolean isHeldBy(RaftServer.Division division) {
    return ((RaftServerImpl) division)
        .getRole()
        .getLeaderState()
        .map(LeaderStateImpl::hasLease)
        .orElse(false);
  }
}
