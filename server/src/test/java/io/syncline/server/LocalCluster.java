package io.syncline.server;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.proto.api.v1.ClusterServiceGrpc;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceBlockingStub;
import io.syncline.proto.api.v1.NamespaceServiceGrpc;
import io.syncline.proto.api.v1.NamespaceServiceGrpc.NamespaceServiceBlockingStub;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.StatusRequest;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.proto.api.v1.WatchServiceGrpc;
import io.syncline.proto.api.v1.WatchServiceGrpc.WatchServiceStub;
import io.syncline.proto.api.v1.WriteResponse;
import io.syncline.server.node.Voter;
import io.syncline.server.node.VoterAddress;
import io.syncline.server.node.VoterSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/** Voters of one cluster in this process: real RocksDB, real Ratis, real sockets. */
public final class LocalCluster implements AutoCloseable {
  // Below where systems take the ports of outgoing connections from: one of those could otherwise
  // have the port of a voter that starts a moment later.
  private static final int FIRST_PORT = 12_000;
  private static final int LAST_PORT = 31_000;

  private static final Duration TOGETHER = Duration.ofSeconds(1);
  /** Nobody else can lead: it need not wait long for others. */
  private static final Duration ALONE = Duration.ofMillis(100);

  public static final Duration PATIENCE =
      Duration.ofSeconds(Long.getLong("syncline.test.patience", 60));

  private final Path root;
  private final UnaryOperator<VoterSettings.Builder> customizing;
  private final List<VoterAddress> addresses;
  private final Map<String, Voter> voters = new LinkedHashMap<>();
  private final Map<Endpoint, ManagedChannel> channels = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();

  public LocalCluster(Path root, int size, UnaryOperator<VoterSettings.Builder> customizing) {
    this.root = root;
    this.customizing = customizing;
    List<Integer> ports = freePorts(2 * size);
    this.addresses = IntStream.range(0, size)
        .mapToObj(i -> new VoterAddress(
            "v" + (i + 1),
            new Endpoint("127.0.0.1", ports.get(2 * i)),
            new Endpoint("127.0.0.1", ports.get(2 * i + 1))))
        .toList();
  }

  public static LocalCluster started(Path root) {
    var cluster = new LocalCluster(root, 3, builder -> builder);
    cluster.startAll();
    cluster.awaitLeader();
    return cluster;
  }

  /** Different ports that nobody listens on now. */
  public static List<Integer> freePorts(int count) {
    var ports = new ArrayList<Integer>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (!ports.contains(socket.getLocalPort())) {
          ports.add(socket.getLocalPort());
        }
      } catch (IOException e) {
        // taken: try another
      }
    }
    return ports;
  }

  public void startAll() {
    addresses.forEach(address -> start(address.name()));
  }

  public Voter start(String name) {
    VoterAddress self = address(name);
    VoterSettings settings = customizing
        .apply(VoterSettings.builder()
            .electionTimeout(addresses.size() == 1 ? ALONE : TOGETHER)
            .name(name)
            .data(folder(name))
            .listen(self.client())
            .raftListen(self.raft())
            .voters(addresses))
        .build();
    Voter voter = Voter.start(settings, faults::add);
    voters.put(name, voter);
    return voter;
  }

  public void stop(String name) {
    Voter voter = voters.remove(name);
    if (voter != null) {
      voter.close();
    }
  }

  public void stopAll() {
    List.copyOf(voters.keySet()).forEach(this::stop);
  }

  public Path folder(String name) {
    return root.resolve(name);
  }

  public VoterAddress address(String name) {
    return addresses.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
  }

  public List<VoterAddress> addresses() {
    return addresses;
  }

  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  public Optional<String> leader() {
    if (!faults.isEmpty()) {
      throw new AssertionError("a voter met a fault", faults.peek());
    }
    for (String name : List.copyOf(voters.keySet())) {
      StatusResponse status = status(name);
      if (status.getRole() == StatusResponse.Role.LEADER && status.getReady()) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  public String awaitLeader() {
    try {
      return await().atMost(PATIENCE).until(this::leader, Optional::isPresent).orElseThrow();
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("no leader: " + reasons() + ", faults: " + faults, e);
    }
  }

  private Map<String, List<String>> reasons() {
    var reasons = new LinkedHashMap<String, List<String>>();
    voters.forEach((name, voter) -> reasons.put(name, voter.notReadyReasons()));
    return reasons;
  }

  public StatusResponse status(String name) {
    return ClusterServiceGrpc.newBlockingStub(channel(name))
        .status(StatusRequest.getDefaultInstance());
  }

  public ConfigServiceBlockingStub config(String name) {
    return ConfigServiceGrpc.newBlockingStub(channel(name));
  }

  public ConfigServiceGrpc.ConfigServiceStub configStreams(String name) {
    return ConfigServiceGrpc.newStub(channel(name));
  }

  public NamespaceServiceBlockingStub namespaces(String name) {
    return NamespaceServiceGrpc.newBlockingStub(channel(name));
  }

  public ClusterServiceGrpc.ClusterServiceBlockingStub cluster(String name) {
    return ClusterServiceGrpc.newBlockingStub(channel(name));
  }

  public WatchServiceStub watches(String name) {
    return WatchServiceGrpc.newStub(channel(name));
  }

  public WriteResponse put(String voter, String key, String content) {
    return config(voter)
        .put(PutRequest.newBuilder()
            .setNamespace("default")
            .setKey(ByteString.copyFromUtf8(key))
            .setContent(ByteString.copyFromUtf8(content))
            .build());
  }

  private ManagedChannel channel(String name) {
    return channels.computeIfAbsent(
        address(name).client(),
        e -> NettyChannelBuilder.forAddress(e.host(), e.port())
            .usePlaintext()
            .maxInboundMessageSize(16 << 20)
            .build());
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    stopAll();
  }
}
