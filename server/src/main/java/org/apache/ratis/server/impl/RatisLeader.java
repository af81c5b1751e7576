package org.apache.ratis.server.impl;

import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Opens what is package-private in Ratis 3.3.0: whether a leader holds its lease at this moment, and its
 * senders. It stands in Ratis' package for access alone; nothing else does.
 *
 * <p>Ratis offers the lease only as a part of its LINEARIZABLE read, which confirms leadership once per
 * commit index instead of once per read, and so can answer with old values (docs/adr/0002).
 */
public final class RatisLeader {
  private RatisLeader() {}

  /**
   * True if the division leads, has committed in its term, and a majority answered an append sent
   * within the lease time. True at a moment within the call.
   */
  public static boolean isLeaseHeldBy(RaftServer.Division division) {
    return ((RaftServerImpl) division)
        .getRole()
        .getLeaderState()
        .map(LeaderStateImpl::hasLease)
        .orElse(false);
  }

  /**
   * Tells the others at once how far the log is committed; they would learn it with the next entry, or the
   * next heartbeat. Does nothing at a division that does not lead.
   */
  public static void tellCommitted(RaftServer.Division division) {
    ((RaftServerImpl) division)
        .getRole()
        .getLeaderState()
        .ifPresent(leader -> leader.getLogAppenders().forEach(LogAppender::triggerHeartbeat));
  }
}
