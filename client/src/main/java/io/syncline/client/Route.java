package io.syncline.client;

import io.syncline.model.Endpoint;
import java.util.List;

/**
 * Which voter is asked next. Stays with one that answers; goes to the next in turn when it fails, and
 * to wherever a voter says the leader is. Safe for many threads: of many requests that fail at one
 * voter, only the first moves the route on.
 */
final class Route {
  private final List<Endpoint> voters;
  private int turn;
  private Endpoint current;

  /**
   * @param voters at least one
   * @param first index of the voter asked first
   */
  Route(List<Endpoint> voters, int first) {
    this.voters = List.copyOf(voters);
    this.turn = first;
    this.current = this.voters.get(first);
  }

  synchronized Endpoint current() {
    return current;
  }

  /**
   * The voter failed: the next one's turn. A hint does not disturb the turns, so a voter whose hint
   * leads to a dead leader cannot keep the others from being asked.
   */
  synchronized void failed(Endpoint voter) {
    if (voter.equals(current)) {
      turn = (turn + 1) % voters.size();
      current = voters.get(turn);
    }
  }

  /** The voter said that this is the leader, whether or not it is among the given ones. */
  synchronized void redirected(Endpoint voter, Endpoint leader) {
    if (voter.equals(current)) {
      current = leader;
    }
  }
}
