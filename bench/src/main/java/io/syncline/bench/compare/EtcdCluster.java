package io.syncline.bench.compare;

import io.syncline.bench.fanout.Audience;
import io.syncline.bench.process.FreePorts;
import io.syncline.bench.process.Members;
import io.syncline.bench.store.Target;
import io.syncline.model.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three etcd members with etcd's default settings. */
final class EtcdCluster implements Cluster {
  private static final int SIZE = 3;

  private final Members members;
  private final EtcdApi api;
  private final String version;

  private EtcdCluster(Members members, List<Endpoint> endpoints) {
    this.members = members;
    api = new EtcdApi(members, endpoints);
    version = api.agreed().version();
  }

  static EtcdCluster start(Path etcd, Path folder) throws IOException {
    List<Integer> ports = FreePorts.take(2 * SIZE);
    String all = IntStream.range(0, SIZE)
        .mapToObj(i -> name(i) + "=" + url(ports.get(SIZE + i)))
        .collect(Collectors.joining(","));
    var members = new Members();
    try {
      for (int i = 0; i < SIZE; i++) {
        String client = url(ports.get(i));
        String peer = url(ports.get(SIZE + i));
        List<String> command = command(etcd, folder.resolve(name(i)), i, client, peer, all);
        members.start(command, folder.resolve(name(i) + ".log"), "ETCD_", Map.of());
      }
      return new EtcdCluster(
          members,
          ports.subList(0, SIZE).stream()
              .map(port -> new Endpoint("127.0.0.1", port))
              .toList());
    } catch (IOException | RuntimeException e) {
      members.close();
      throw e;
    }
  }

  private static List<String> command(
      Path etcd, Path data, int number, String client, String peer, String all) {
    return List.of(
        etcd.toString(),
        "--name=" + name(number),
        "--data-dir=" + data,
        "--listen-client-urls=" + client,
        "--advertise-client-urls=" + client,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=" + all,
        "--initial-cluster-state=new",
        "--initial-cluster-token=syncline-bench",
        "--logger=zap",
        "--log-level=error");
  }

  private static String name(int number) {
    return "etcd" + (number + 1);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
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
    return name(api.agreed().leaderNumber());
  }

  @Override
  public Duration cpuTime() {
    return members.cpuTime();
  }

  @Override
  public void close() {
    members.close();
  }
}
