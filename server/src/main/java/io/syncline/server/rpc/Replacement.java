package io.syncline.server.rpc;

import io.syncline.model.Fault;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.raft.RaftStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Lets a voter that lost its data back in, under a new identity: to Raft it is another voter, which
 * never promised anything. Done by the leader.
 */
final class Replacement {
  /** A voter that answered more recently is alive, and no reason to let another take its place. */
  private static final Duration SURELY_SILENT = Duration.ofSeconds(3);

  private Replacement() {}

  /**
   * @return completes when the change is committed, by when the new voter has all the data; with a
   *     {@link RejectedException} if it may not be
   */
  static CompletableFuture<Void> of(RaftNode raft, Member incoming) {
    if (!raft.leads()) {
      throw new RejectedException(raft.notLeader());
    }
    Member present = raft.members().stream()
        .filter(member -> member.name().equals(incoming.name()))
        .findFirst()
        .orElseThrow(() -> new RejectedException(notAMember(raft, incoming)));
    if (!present.incarnation().equals(incoming.incarnation())) {
      requireSilent(raft, present);
    }
    return raft.replaceMember(incoming).exceptionally(error -> {
      throw new CompletionException(new RejectedException(failed(error)));
    });
  }

  private static Rejection notAMember(RaftNode raft, Member incoming) {
    return Rejection.of(
        Reason.WRONG_STATE,
        "voter \""
            + incoming.name()
            + "\": not a member of this cluster (expected: one of "
            + raft.members().stream().map(Member::name).sorted().toList()
            + ")");
  }

  private static void requireSilent(RaftNode raft, Member present) {
    Optional<Duration> silence =
        Optional.ofNullable(raft.follower(present)).map(RaftStatus.Follower::sinceSeen);
    boolean isSelf = present.name().equals(raft.membership().self().name());
    if (isSelf || (silence.isPresent() && silence.get().compareTo(SURELY_SILENT) < 0)) {
      throw new RejectedException(Rejection.of(
          Reason.WRONG_STATE,
          "voter \""
              + present.name()
              + "\": is alive with its data (it answered "
              + (isSelf ? 0 : silence.map(Duration::toMillis).orElse(0L))
              + " ms ago); a second process with an empty data folder cannot take its place"));
    }
  }

  private static Rejection failed(Throwable error) {
    return Rejection.of(
        Reason.NOT_READY, "the change of members is not done yet: " + Fault.reasonOf(error));
  }
}
