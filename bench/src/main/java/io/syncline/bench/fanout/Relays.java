package io.syncline.bench.fanout;

import io.syncline.bench.process.FreePorts;
import io.syncline.bench.process.Members;
import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Followers that relay, each a process of its own, in a tree below a server: as many as the branching
 * follow the server, as many follow each of these, and so on.
 */
public final class Relays implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Members members = new Members();
  private final Tree tree;
  private final List<FollowerProcess> processes = new ArrayList<>();

  private Relays(Tree tree) {
    this.tree = tree;
  }

  /**
   * Starts them; returns without waiting for their copies.
   *
   * @param top what the first of them follow
   * @param what they keep a copy of
   * @param folder for data and logs
   */
  public static Relays start(
      int count, int branching, Endpoint top, NamespaceName what, Path folder) throws IOException {
    var relays = new Relays(new Tree(count, branching));
    try {
      List<Integer> ports = FreePorts.take(count);
      for (int i = 0; i < count; i++) {
        relays.start(new Endpoint(HOST, ports.get(i)), top, what, folder);
      }
      return relays;
    } catch (IOException | RuntimeException e) {
      relays.close();
      throw e;
    }
  }

  /** Starts the next one. */
  private void start(Endpoint listen, Endpoint top, NamespaceName what, Path folder)
      throws IOException {
    int number = processes.size();
    int above = tree.above(number);
    processes.add(FollowerProcess.start(
        members,
        "bench-relay-" + (number + 1),
        listen,
        above == Tree.TOP ? top : processes.get(above).endpoint(),
        what,
        folder,
        FollowerProcess.NOT_NICE));
  }

  /** Waits until all have a whole, fresh copy up to a revision. */
  public void await(SynclineClient client, Revision revision) {
    processes.forEach(process -> process.await(members, client, revision));
  }

  /** Those that nobody of the tree follows. */
  public List<Endpoint> leaves() {
    return IntStream.range(0, processes.size())
        .filter(tree::isLeaf)
        .mapToObj(number -> processes.get(number).endpoint())
        .toList();
  }

  /** Levels of relays below the server. */
  public int depth() {
    return processes.isEmpty() ? 0 : tree.level(processes.size() - 1);
  }

  /** Spent so far, by level. */
  public Map<String, Duration> cpuTime() {
    var byLevel = new TreeMap<String, Duration>();
    for (int number = 0; number < processes.size(); number++) {
      byLevel.merge(
          "relays at level " + tree.level(number), processes.get(number).cpuTime(), Duration::plus);
    }
    return byLevel;
  }

  @Override
  public void close() {
    members.close();
  }
}
