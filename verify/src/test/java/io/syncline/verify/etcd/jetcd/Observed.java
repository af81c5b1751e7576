package io.syncline.verify.etcd.jetcd;

import io.etcd.jetcd.Election;
import io.etcd.jetcd.election.LeaderResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What an observer of an election has been told. jetcd tells it from its threads. */
final class Observed implements Election.Listener {
  private final Queue<LeaderResponse> leaders = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Override
  public void onNext(LeaderResponse leader) {
    leaders.add(leader);
  }

  @Override
  public void onError(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void onCompleted() {}

  /** The leaders as {@code key=proposal}. */
  List<String> leaders() {
    return leaders.stream().map(leader -> Calls.pair(leader.getKv())).toList();
  }

  boolean failed() {
    return !failures.isEmpty();
  }

  /** Waits until it is told of a leader with this proposal, and returns all it was told. */
  List<String> awaitProposal(String proposal) {
    Calls.await(
        "the proposal " + proposal,
        () -> leaders().stream().anyMatch(leader -> leader.endsWith("=" + proposal)));
    return leaders();
  }
}
