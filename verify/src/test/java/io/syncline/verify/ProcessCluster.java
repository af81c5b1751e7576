package io.syncline.verify;

import io.syncline.bench.process.FreePorts;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.server.node.VoterAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Three voters, each a process of its own, with all their files and logs in one folder. */
public final class ProcessCluster implements AutoCloseable {
  public static final Duration PATIENCE =
      Duration.ofSeconds(Long.getLong("syncline.test.patience", 120));

  private static final int SIZE = 3;
  private static final Duration POLL = Duration.ofMillis(20);

  private final Map<String, VoterProcess> voters = new LinkedHashMap<>();
  private final List<Endpoint> etcdEndpoints = new ArrayList<>();
  private final RaftNetwork network;
  private final SynclineClient inspector;

  private ProcessCluster(Path root, boolean cuttable, boolean etcd, List<String> settings) {
    List<Integer> ports = FreePorts.take(4 * SIZE);
    List<String> names = IntStream.rangeClosed(1, SIZE).mapToObj(i -> "v" + i).toList();
    network = new RaftNetwork(this::pids);
    var addresses = new ArrayList<VoterAddress>();
    for (int i = 0; i < SIZE; i++) {
      int raftPort = ports.get(4 * i + 1);
      Endpoint raft = cuttable ? network.entryTo(names.get(i), raftPort) : local(raftPort);
      addresses.add(new VoterAddress(names.get(i), local(ports.get(4 * i)), raft));
    }
    for (int i = 0; i < SIZE; i++) {
      Endpoint raftListen = local(ports.get(4 * i + 1));
      Endpoint http = local(ports.get(4 * i + 2));
      var settingsOfOne = new ArrayList<>(settings);
      if (etcd) {
        Endpoint etcdListen = local(ports.get(4 * i + 3));
        etcdEndpoints.add(etcdListen);
        settingsOfOne.add("--etcd-listen=" + etcdListen);
      }
      voters.put(
          names.get(i),
          new VoterProcess(addresses.get(i), addresses, raftListen, http, root, settingsOfOne));
    }
    inspector = SynclineClient.builder()
        .endpoints(endpoints())
        .deadline(Duration.ofSeconds(2))
        .build();
  }

  /**
   * Starts three voters, and returns when all are ready.
   *
   * @param settings further flags of {@code syncline server}
   */
  static ProcessCluster started(Path root, String... settings) {
    return started(root, false, false, settings);
  }

  /** Like {@link #started(Path, String...)}; clients of etcd are served at {@link #etcdEndpoints}. */
  public static ProcessCluster startedWithEtcd(Path root, String... settings) {
    return started(root, false, true, settings);
  }

  /** Like {@link #started(Path, String...)}, with a {@link #network} that can be cut. Needs Linux. */
  static ProcessCluster startedOnCuttableNetwork(Path root, String... settings) {
    return started(root, true, false, settings);
  }

  private static ProcessCluster started(
      Path root, boolean cuttable, boolean etcd, String... settings) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cluster = new ProcessCluster(root, cuttable, etcd, List.of(settings));
    try {
      cluster.voters.values().forEach(VoterProcess::start);
      cluster.awaitAllReady();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private static Endpoint local(int port) {
    return new Endpoint("127.0.0.1", port);
  }

  /** Where nobody listens now. */
  public static Endpoint freeEndpoint() {
    return local(FreePorts.take(1).get(0));
  }

  private Map<String, Long> pids() {
    var pids = new LinkedHashMap<String, Long>();
    voters.values().stream()
        .filter(VoterProcess::alive)
        .forEach(voter -> pids.put(voter.name(), voter.pid()));
    return pids;
  }

  VoterProcess voter(String name) {
    return Optional.ofNullable(voters.get(name)).orElseThrow();
  }

  Collection<VoterProcess> voters() {
    return voters.values();
  }

  List<Endpoint> endpoints() {
    return voters.values().stream().map(VoterProcess::client).toList();
  }

  /** Where each voter serves clients of etcd, if the cluster was started so. */
  public List<Endpoint> etcdEndpoints() {
    return etcdEndpoints;
  }

  String endpointsText() {
    return String.join(",", endpoints().stream().map(Endpoint::toString).toList());
  }

  /** What lies between the voters, if the cluster was started on it. */
  RaftNetwork network() {
    return network;
  }

  SynclineClient client() {
    return SynclineClient.builder().endpoints(endpoints()).deadline(PATIENCE).build();
  }

  /** How a voter sees itself; empty if it does not answer. */
  Optional<StatusResponse> status(VoterProcess voter) {
    if (!voter.running()) {
      return Optional.empty();
    }
    try {
      return Optional.of(inspector.status(voter.client()));
    } catch (UnavailableException e) {
      return Optional.empty();
    }
  }

  boolean leads(VoterProcess voter) {
    return status(voter).filter(ProcessCluster::isReadyLeader).isPresent();
  }

  private static boolean isReadyLeader(StatusResponse status) {
    return status.getRole() == StatusResponse.Role.LEADER && status.getReady();
  }

  /** Of those that say they lead the one of the newest term. */
  Optional<VoterProcess> leader() {
    record Claim(VoterProcess voter, long term) {}
    return voters.values().stream()
        .flatMap(voter -> status(voter)
            .filter(ProcessCluster::isReadyLeader)
            .map(status -> new Claim(voter, status.getHeader().getTerm()))
            .stream())
        .max(Comparator.comparingLong(Claim::term))
        .map(Claim::voter);
  }

  VoterProcess awaitLeader() {
    return await("a leader", this::leader, Optional::isPresent).orElseThrow();
  }

  VoterProcess awaitLeaderOtherThan(VoterProcess old) {
    return await(
            "a leader other than " + old.name(),
            this::leader,
            found -> found.isPresent() && !found.get().equals(old))
        .orElseThrow();
  }

  void awaitReady(VoterProcess voter) {
    var unused = await(
        voter.name() + " to be ready",
        () -> status(voter),
        status -> status.isPresent() && status.get().getReady());
  }

  void awaitAllReady() {
    voters.values().forEach(this::awaitReady);
    var unused = awaitLeader();
  }

  /**
   * Waits until all voters have reached the revision, and returns the digests of each there, with
   * buckets. Nobody may write meanwhile.
   */
  Map<String, DigestResponse> awaitDigests(Revision revision) {
    var digests = new LinkedHashMap<String, DigestResponse>();
    for (VoterProcess voter : voters.values()) {
      digests.put(
          voter.name(),
          await(
              voter.name() + " to reach revision " + revision,
              () -> inspector.digest(voter.client(), Optional.empty(), true),
              digest -> digest.getHeader().getRevision() >= revision.value()));
    }
    return digests;
  }

  private <T> T await(String what, Supplier<T> look, Predicate<T> found) {
    try {
      return Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(POLL)
          .pollDelay(Duration.ZERO)
          .ignoreException(UnavailableException.class)
          .until(look::get, found);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("waited in vain for " + what + "\n" + describe(), e);
    }
  }

  /** How all voters stand, for messages. */
  String describe() {
    var described = new StringBuilder();
    for (VoterProcess voter : voters.values()) {
      described.append(voter.name()).append(voter.alive() ? " runs: " : " has ended: ");
      status(voter)
          .ifPresent(s -> described
              .append(s.getRole())
              .append(", term ")
              .append(s.getHeader().getTerm())
              .append(", revision ")
              .append(s.getHeader().getRevision())
              .append(", not ready for ")
              .append(s.getNotReadyReasonsList()));
      described.append('\n').append(voter.lastWords()).append('\n');
    }
    return described.toString();
  }

  @Override
  public void close() {
    inspector.close();
    voters.values().forEach(VoterProcess::kill);
    network.close();
  }
}
