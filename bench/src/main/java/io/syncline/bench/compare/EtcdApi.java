package io.syncline.bench.compare;

import io.grpc.StatusRuntimeException;
import io.syncline.bench.fanout.Audience;
import io.syncline.bench.fanout.WatcherAudience;
import io.syncline.bench.process.Members;
import io.syncline.bench.store.EtcdTarget;
import io.syncline.bench.store.Target;
import io.syncline.model.Endpoint;
import io.syncline.model.KeyRange;
import io.syncline.proto.etcd.v3.StatusResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * etcd's v3 API, whoever serves it. Writer and watchers talk to the leader, which is found by asking all
 * members: no member passes a request on to another one.
 */
final class EtcdApi implements Api {
  private static final Duration LONGEST_START = Duration.ofSeconds(30);
  private static final Duration STATUS_DEADLINE = Duration.ofSeconds(2);

  private final Members members;
  private final List<Endpoint> endpoints;

  EtcdApi(Members members, List<Endpoint> endpoints) {
    this.members = members;
    this.endpoints = endpoints;
  }

  @Override
  public Target connect() {
    return new EtcdTarget(leader());
  }

  @Override
  public Audience audience(String prefix, int size, int connections) {
    Endpoint leader = leader();
    return WatcherAudience.join(
        () -> new EtcdTarget(leader), KeyRange.prefix(prefix), size, connections);
  }

  private Endpoint leader() {
    return endpoints.get(agreed().leaderNumber());
  }

  /**
   * @param leaderNumber the leader's place in the list of endpoints
   */
  record View(int leaderNumber, String version) {}

  /**
   * What all members agree on; waits for it.
   *
   * @throws io.syncline.bench.process.ClusterFailed if they do not in time
   */
  View agreed() {
    return members.await("etcd's API: a leader all agree on", LONGEST_START, this::view);
  }

  private Optional<View> view() {
    var answers = new ArrayList<StatusResponse>();
    for (Endpoint endpoint : endpoints) {
      try (var member = new EtcdTarget(endpoint)) {
        answers.add(member.status(STATUS_DEADLINE));
      } catch (StatusRuntimeException e) {
        return Optional.empty();
      }
    }
    long leader = answers.get(0).getLeader();
    boolean agreed = leader != 0 && answers.stream().allMatch(a -> a.getLeader() == leader);
    return IntStream.range(0, answers.size())
        .filter(i -> agreed && answers.get(i).getHeader().getMemberId() == leader)
        .mapToObj(i -> new View(i, answers.get(i).getVersion()))
        .findFirst();
  }
}
