package io.syncline.server.raft;

import io.syncline.model.Endpoint;
import java.util.List;
import java.util.UUID;

/**
 * The Raft group this voter belongs to, as it first knew it; later changes are in the log.
 *
 * @param clusterId also the Raft group's id
 * @param self which of the members this voter is
 * @param founders the members to begin with; empty for a voter that is let into a running cluster and
 *     learns them from its leader
 */
public record Membership(UUID clusterId, Member self, List<Member> founders) {
  public Membership {
    founders = List.copyOf(founders);
  }

  /**
   * One voter.
   *
   * @param name as configured; stays
   * @param incarnation drawn when the voter's data folder was made: a voter that lost its data is
   *     another one to Raft, for it forgot what it promised
   * @param client where clients reach it
   * @param raft where the other voters reach it
   */
  public record Member(String name, String incarnation, Endpoint client, Endpoint raft) {
    private static final String SEPARATOR = "@";

    /** The id Raft knows it by. */
    public String peerId() {
      return name + SEPARATOR + incarnation;
    }

    /** The name of the voter that Raft knows by an id. */
    public static String nameOf(String peerId) {
      return peerId.substring(0, peerId.lastIndexOf(SEPARATOR));
    }

    static String incarnationOf(String peerId) {
      return peerId.substring(peerId.lastIndexOf(SEPARATOR) + 1);
    }
  }
}
