package io.syncline.server.raft;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * How Raft stands at this voter.
 *
 * @param lastIndex the last entry of this voter's log
 * @param sinceLeader how long ago the leader was heard; zero at the leader, empty if there is none
 * @param followers at the leader: what it knows of each other voter, by name and incarnation
 */
public record RaftStatus(
    Role role,
    long term,
    long commitIndex,
    long appliedIndex,
    long lastIndex,
    long snapshotIndex,
    Optional<Duration> sinceLeader,
    Map<String, Follower> followers) {

  /** A voter's part. */
  public enum Role {
    LEADER,
    VOTER,
    CANDIDATE,
    JOINING
  }

  /**
   * Another voter, as the leader sees it.
   *
   * @param sinceSeen how long ago it last answered
   * @param matchIndex the last entry it is known to have
   */
  public record Follower(Duration sinceSeen, long matchIndex) {}

  static RaftStatus of(RaftServer.Division division, @Nullable SnapshotInfo snapshot) {
    var info = division.getInfo();
    RoleInfoProto roleInfo = info.getRoleInfoProto();
    return new RaftStatus(
        role(division, roleInfo),
        info.getCurrentTerm(),
        division.getRaftLog().getLastCommittedIndex(),
        info.getLastAppliedIndex(),
        lastIndex(division),
        snapshot == null ? RaftLog.INVALID_LOG_INDEX : snapshot.getIndex(),
        sinceLeader(info, roleInfo),
        followers(division, roleInfo));
  }

  private static long lastIndex(RaftServer.Division division) {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    return last == null ? RaftLog.INVALID_LOG_INDEX : last.getIndex();
  }

  private static Role role(RaftServer.Division division, RoleInfoProto roleInfo) {
    if (division.getRaftConf().getPeer(division.getId()) == null) {
      return Role.JOINING;
    }
    RaftPeerRole role = roleInfo.getRole();
    if (role == RaftPeerRole.LEADER) {
      // an elected leader leads once it has committed in its term
      return division.getInfo().isLeaderReady() ? Role.LEADER : Role.CANDIDATE;
    }
    return role == RaftPeerRole.CANDIDATE ? Role.CANDIDATE : Role.VOTER;
  }

  private static Optional<Duration> sinceLeader(DivisionInfo info, RoleInfoProto roleInfo) {
    if (roleInfo.getRole() == RaftPeerRole.LEADER) {
      return info.isLeaderReady() ? Optional.of(Duration.ZERO) : Optional.empty();
    }
    return info.getLeaderId() != null && roleInfo.hasFollowerInfo()
        ? Optional.of(
            Duration.ofMillis(roleInfo.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs()))
        : Optional.empty();
  }

  /** Ratis gives both lists in the order of its log appenders. */
  private static Map<String, Follower> followers(
      RaftServer.Division division, RoleInfoProto roleInfo) {
    long[] matchIndices = division.getInfo().getFollowerMatchIndices();
    if (!roleInfo.hasLeaderInfo() || matchIndices == null) {
      return Map.of();
    }
    var followers = new HashMap<String, Follower>();
    int next = 0;
    for (ServerRpcProto rpc : roleInfo.getLeaderInfo().getFollowerInfoList()) {
      long matchIndex = next < matchIndices.length ? matchIndices[next++] : -1;
      followers.put(
          rpc.getId().getId().toStringUtf8(),
          new Follower(Duration.ofMillis(rpc.getLastRpcElapsedTimeMs()), matchIndex));
    }
    return Map.copyOf(followers);
  }
}
