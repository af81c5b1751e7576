package io.syncline.server.node;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Subscription;
import io.syncline.server.LocalCluster;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Followers in this process, each with a real data folder and port, and clients of them. */
final class LocalFollowers implements AutoCloseable {
  private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);

  private final Path root;
  private final List<Follower> started = new ArrayList<>();
  private final List<SynclineClient> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();

  LocalFollowers(Path root) {
    this.root = root;
  }

  Follower start(String id, Mode mode, Subscription subscription, List<Endpoint> upstreams) {
    FollowSettings quick = new FollowSettings(
        mode,
        Duration.ofMillis(500),
        8,
        500,
        1 << 20,
        Duration.ofSeconds(3),
        Duration.ofMillis(20),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10));
    var settings = new FollowerSettings(
        id,
        root.resolve(id),
        ANY_PORT,
        ANY_PORT,
        upstreams,
        subscription,
        quick,
        upstreams,
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        4096,
        64L << 20,
        100,
        MonitoringSettings.DEFAULT.withHttpListen(Optional.of(ANY_PORT)));
    Follower follower = Follower.start(settings, faults::add);
    started.add(follower);
    return follower;
  }

  void stop(Follower follower) {
    started.remove(follower);
    follower.close();
  }

  void awaitAt(Follower follower, long revision) {
    await().atMost(LocalCluster.PATIENCE).until(() -> follower.view().cursor().value() >= revision);
  }

  /** Changes the content that the copy holds of a key, and nothing else: as a disk would do it. */
  static void flipByteOf(Follower follower, String key) {
    Store store = follower.replica().store();
    int id = store.namespace(NamespaceName.DEFAULT).orElseThrow().id();
    ConfigVersion head = store.read(reader -> reader.head(id, Key.of(key)));
    byte[] content = head.content().toByteArray();
    content[0] ^= 1;
    var batch = new StoreBatch();
    batch.replaceHead(head.withContent(ByteString.copyFrom(content)), id);
    store.write(batch);
  }

  /** A client of these nodes, in the name of an actor; closed with the followers. */
  SynclineClient client(String actor, Endpoint... nodes) {
    SynclineClient client =
        SynclineClient.builder().endpoints(List.of(nodes)).actor(actor).build();
    clients.add(client);
    return client;
  }

  List<Fault> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    clients.forEach(SynclineClient::close);
    List.copyOf(started).forEach(this::stop);
  }
}
