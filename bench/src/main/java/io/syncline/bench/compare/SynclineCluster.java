package io.syncline.bench.compare;

import io.syncline.bench.fanout.Audience;
import io.syncline.bench.process.FreePorts;
import io.syncline.bench.process.Members;
import io.syncline.bench.store.Target;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.proto.api.v1.StatusResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three Syncline voters with Syncline's default settings. */
final class SynclineCluster implements Cluster {
  private static final int SIZE = 3;
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final Duration STATUS_DEADLINE = Duration.ofSeconds(2);

  private final Members members;
  private final List<Endpoint> endpoints;
  private final SynclineClient observer;
  private final Api api;
  private final String version;

  /**
   * @param etcdDoors where clients of etcd are served; empty: the cluster is talked to by its own API
   */
  private SynclineCluster(Members members, List<Endpoint> endpoints, List<Endpoint> etcdDoors) {
    this.members = members;
    this.endpoints = endpoints;
    observer =
        SynclineClient.builder().endpoints(endpoints).deadline(STATUS_DEADLINE).build();
    api = etcdDoors.isEmpty()
        ? new SynclineApi(observer, endpoints)
        : new EtcdApi(members, etcdDoors);
    version = view().version();
  }

  /**
   * Talked to by its own API.
   *
   * @param launcher the {@code syncline} command
   * @param javaOptions of the voters, besides the launcher's own
   * @param flags settings other than the default ones
   */
  static SynclineCluster start(Path launcher, String javaOptions, List<String> flags, Path folder)
      throws IOException {
    return start(launcher, javaOptions, flags, false, folder);
  }

  /** Talked to by etcd's API. */
  static SynclineCluster startWithEtcdDoor(Path launcher, String javaOptions, Path folder)
      throws IOException {
    return start(launcher, javaOptions, List.of(), true, folder);
  }

  private static SynclineCluster start(
      Path launcher, String javaOptions, List<String> flags, boolean etcdDoor, Path folder)
      throws IOException {
    List<Endpoint> free = FreePorts.take(3 * SIZE).stream()
        .map(port -> new Endpoint("127.0.0.1", port))
        .toList();
    List<Endpoint> endpoints = free.subList(0, SIZE);
    List<Endpoint> raft = free.subList(SIZE, 2 * SIZE);
    List<Endpoint> etcd = etcdDoor ? free.subList(2 * SIZE, 3 * SIZE) : List.of();
    String voters = IntStream.range(0, SIZE)
        .mapToObj(i -> name(i) + "=" + endpoints.get(i) + "/" + raft.get(i))
        .collect(Collectors.joining(","));
    var members = new Members();
    try {
      for (int i = 0; i < SIZE; i++) {
        var command = new ArrayList<>(List.of(
            launcher.toString(),
            "server",
            "--name=" + name(i),
            "--data=" + folder.resolve(name(i)),
            "--listen=" + endpoints.get(i),
            "--raft-listen=" + raft.get(i),
            "--http-listen=none",
            "--voters=" + voters));
        if (etcdDoor) {
          command.add("--etcd-listen=" + etcd.get(i));
        }
        command.addAll(flags);
        members.start(
            command,
            folder.resolve(name(i) + ".log"),
            "SYNCLINE_",
            Map.of("SYNCLINE_JAVA_OPTS", javaOptions));
      }
      return new SynclineCluster(members, endpoints, etcd);
    } catch (IOException | RuntimeException e) {
      members.close();
      throw e;
    }
  }

  private static String name(int number) {
    return "voter" + (number + 1);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Target connect() {
    return api.connect();
  }

  @Override
  public Audience audience(String prefix, int size, int connections) {
    return api.audience(prefix, size, connections);
  }

  @Override
  public String leader() {
    return view().leader();
  }

  private View view() {
    return members.await(
        "Syncline: three ready voters that agree on a leader", LONGEST_START, this::agreedView);
  }

  private record View(String leader, String version) {}

  /** What all voters agree on; empty while they do not. */
  private Optional<View> agreedView() {
    var answers = new ArrayList<StatusResponse>();
    for (Endpoint endpoint : endpoints) {
      try {
        answers.add(observer.status(endpoint));
      } catch (UnavailableException | RejectedException e) {
        return Optional.empty();
      }
    }
    String leader = answers.get(0).getLeader();
    boolean agreed = !leader.isEmpty()
        && answers.stream().allMatch(a -> a.getReady() && a.getLeader().equals(leader));
    return agreed ? Optional.of(new View(leader, answers.get(0).getBuild())) : Optional.empty();
  }

  @Override
  public Duration cpuTime() {
    return members.cpuTime();
  }

  @Override
  public void close() {
    observer.close();
    members.close();
  }
}
