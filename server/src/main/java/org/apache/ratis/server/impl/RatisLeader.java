package org.apache.ratis.server.impl;

import java.util.List;
import java.util.stream.Stream;
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
   * Tells those at once how far the log is committed who do not know it; they would learn it with the next
   * entry, or the next heartbeat. One that has not flushed the last entry yet does not take it in, and has
   * to be told again.
   *
   * @return whether nobody had to be told; true as well at a division that does not lead
   */
  public static boolean tellCommitted(RaftServer.Division division) {
    long committed = division.getRaftLog().getLastCommittedIndex();
    List<LogAppender> behind = ((RaftServerImpl) division)
        .getRole()
        .getLeaderState()
        .map(LeaderStateImpl::getLogAppenders)
        .orElse(Stream.empty())
        .filter(sender -> sender.getFollower().getCommitIndex() < committed)
        .toList();
    behind.forEach(LogAppender::triggerHeartbeat);
    return behind.isEmpty();
  }
}
