package io.syncline.ops.top;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a cluster looked like at one moment.
 *
 * @param at when it was asked
 * @param revision the newest revision, as the leader says; empty without a leader
 * @param followers those furthest behind first
 * @param openConflicts how many wait to be resolved; a page's worth at most
 * @param moreConflicts whether there are more than were counted
 */
public record TopSnapshot(
    Instant at,
    String cluster,
    OptionalLong revision,
    List<Voter> voters,
    List<Follower> followers,
    List<String> openConflicts,
    boolean moreConflicts,
    List<Alert> alerts) {

  public TopSnapshot {
    voters = List.copyOf(voters);
    followers = List.copyOf(followers);
    openConflicts = List.copyOf(openConflicts);
    alerts = List.copyOf(alerts);
  }

  /**
   * One voter.
   *
   * @param revision empty if it did not answer
   * @param reasons why it is not ready
   */
  public record Voter(
      String name,
      String role,
      long term,
      OptionalLong revision,
      long storeBytes,
      long watchers,
      Duration uptime,
      List<String> reasons) {
    public Voter {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * One follower.
   *
   * @param digestsEqual empty: not compared yet
   */
  public record Follower(
      String id,
      String state,
      String mode,
      long lagRevisions,
      Duration behind,
      Optional<Boolean> digestsEqual,
      String lastError) {}

  /** One alert. */
  public record Alert(
      String name, String severity, boolean firing, Duration held, String summary) {}
}
