package io.syncline.bench.compare;

import com.google.protobuf.ByteString;
import io.syncline.bench.fanout.Audience;
import io.syncline.bench.fanout.StreamAudience;
import io.syncline.bench.process.Members;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.bench.store.Target;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
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
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration STATUS_DEADLINE = Duration.ofSeconds(2);
  private static final NamespaceName NAMESPACE = new NamespaceName("bench");

  private final Members members;
  private final List<Endpoint> endpoints;
  private final SynclineClient observer;
  private final String version;

  private SynclineCluster(Members members, List<Endpoint> endpoints) {
    this.members = members;
    this.endpoints = endpoints;
    observer =
        SynclineClient.builder().endpoints(endpoints).deadline(STATUS_DEADLINE).build();
    version = view().version();
  }

  /**
   * @param launcher the {@code syncline} command
   * @param javaOptions of the voters, besides the launcher's own
   * @param flags settings other than the default ones
   */
  static SynclineCluster start(Path launcher, String javaOptions, List<String> flags, Path folder)
      throws IOException {
    List<Integer> ports = Members.freePorts(2 * SIZE);
    List<Endpoint> endpoints =
        ports.stream().map(p -> new Endpoint("127.0.0.1", p)).toList();
    String voters = IntStream.range(0, SIZE)
        .mapToObj(i -> name(i) + "=" + endpoints.get(i) + "/" + endpoints.get(SIZE + i))
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
            "--raft-listen=" + endpoints.get(SIZE + i),
            "--http-listen=none",
            "--voters=" + voters));
        command.addAll(flags);
        members.start(
            command,
            folder.resolve(name(i) + ".log"),
            "SYNCLINE_",
            Map.of("SYNCLINE_JAVA_OPTS", javaOptions));
      }
      return new SynclineCluster(members, endpoints.subList(0, SIZE));
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

  /** The client finds the leader by itself. */
  @Override
  public Target connect() {
    return SynclineTarget.connect(endpoints, NAMESPACE, DEADLINE);
  }

  @Override
  public Audience audience(String prefix, int size, int connections) {
    Endpoint leader = Endpoint.parse(observer.status(endpoints.get(0)).getLeaderEndpoint());
    var from = new Revision(observer.status(leader).getHeader().getRevision());
    var what = new Selector(NAMESPACE, ByteString.copyFromUtf8(prefix));
    return StreamAudience.join(List.of(leader), what, from, size, connections);
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
