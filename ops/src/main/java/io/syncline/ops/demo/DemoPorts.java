package io.syncline.ops.demo;

import io.syncline.model.Endpoint;
import io.syncline.ops.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Picks ports for three voters: clients at a base and after it, Raft a hundred above, HTTP two, etcd's
 * API three.
 */
final class DemoPorts {
  private static final int VOTERS = 3;
  private static final int RAFT_OFFSET = 100;
  private static final int HTTP_OFFSET = 200;
  private static final int ETCD_OFFSET = 300;
  private static final int DEFAULT_BASE = 7400;
  private static final String HOST = "127.0.0.1";

  /** Below the ports that Linux gives to outgoing connections, which could take one meanwhile. */
  private static final int RANDOM_FROM = 20_000;

  private static final int RANDOM_TO = 32_000;
  private static final int ATTEMPTS = 200;

  private DemoPorts() {}

  /**
   * @param base the first port, all of which must be free; null: the default ones if these are free,
   *     else any
   * @throws RefusedException if a port that was asked for is in use
   */
  static List<DemoVoter> pick(@Nullable Integer base, RandomGenerator random) {
    if (base != null) {
      firstInUse(base).ifPresent(port -> {
        throw new RefusedException(
            "port " + port + ": in use (expected: free); give another base by --port");
      });
      return voters(base);
    }
    if (firstInUse(DEFAULT_BASE).isEmpty()) {
      return voters(DEFAULT_BASE);
    }
    return random
        .ints(ATTEMPTS, RANDOM_FROM, RANDOM_TO)
        .filter(candidate -> firstInUse(candidate).isEmpty())
        .mapToObj(DemoPorts::voters)
        .findFirst()
        .orElseThrow(() -> new RefusedException("no free ports found; give a base by --port"));
  }

  static List<DemoVoter> voters(int base) {
    return IntStream.range(0, VOTERS)
        .mapToObj(i -> new DemoVoter(
            "v" + (i + 1),
            new Endpoint(HOST, base + i),
            new Endpoint(HOST, base + RAFT_OFFSET + i),
            http(new Endpoint(HOST, base + i)),
            etcd(new Endpoint(HOST, base + i)),
            ProcessId.NONE))
        .toList();
  }

  /** Where a node of the demo serves metrics and health, by where it serves clients. */
  static Endpoint http(Endpoint client) {
    return new Endpoint(client.host(), client.port() + HTTP_OFFSET);
  }

  /** Where a voter of the demo serves clients of etcd. */
  static Endpoint etcd(Endpoint client) {
    return new Endpoint(client.host(), client.port() + ETCD_OFFSET);
  }

  private static Optional<Integer> firstInUse(int base) {
    return IntStream.range(0, VOTERS)
        .flatMap(i -> IntStream.of(
            base + i, base + RAFT_OFFSET + i, base + HTTP_OFFSET + i, base + ETCD_OFFSET + i))
        .filter(port -> !isFree(port))
        .boxed()
        .findFirst();
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
