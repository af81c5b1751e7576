package io.syncline.server.etcd;

import static io.syncline.server.etcd.WatchingClient.prefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.LocalCluster;
import io.syncline.server.node.EtcdSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of three voters. */
class WatchClusterTest {
  @TempDir
  Path root;

  private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();
  private LocalCluster cluster;

  @BeforeEach
  void start() {
    cluster = new LocalCluster(
        root,
        3,
        builder -> builder.etcd(EtcdSettings.DEFAULT.withListen(new Endpoint("127.0.0.1", 0))));
    for (var address : cluster.addresses()) {
      Endpoint etcd = cluster.start(address.name()).etcdEndpoint().orElseThrow();
      channels.put(
          address.name(),
          NettyChannelBuilder.forAddress("127.0.0.1", etcd.port())
              .usePlaintext()
              .build());
    }
    cluster.awaitLeader();
  }

  @AfterEach
  void stop() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    cluster.close();
  }

  @Test
  void aWatchAtAVoterThatDoesNotLeadBeginsWhereNothingWasWrittenYet() {
    String leader = cluster.awaitLeader();
    String other = channels.keySet().stream()
        .filter(name -> !name.equals(leader))
        .findFirst()
        .orElseThrow();
    WatchingClient client = WatchingClient.of(channel(other));

    // a voter that does not know the leader yet says so
    WatchResponse created = await()
        .atMost(LocalCluster.PATIENCE)
        .until(() -> client.created(prefix("a/")), response -> !response.getCanceled());
    assertThat(created.getHeader().getRevision()).as("no zero, which means now").isPositive();

    long revision = put(leader, "a/1");
    assertThat(client.events(1).get(0).getKv().getModRevision()).isEqualTo(revision);
  }

  /** A refused watch is never asked for again; a stream that ended is opened again. */
  @Test
  void aWatchIsNotRefusedForGoodWhereNobodyLeads() {
    String leader = cluster.awaitLeader();
    List<String> others =
        channels.keySet().stream().filter(name -> !name.equals(leader)).toList();
    cluster.stop(leader);
    cluster.stop(others.get(0));

    WatchingClient client = WatchingClient.of(channel(others.get(1)));
    client.create(prefix("a/"));

    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void watchesLiveOnWithoutABreakWhenTheLeaderGoes() {
    String leader = cluster.awaitLeader();
    put(leader, "a/0");
    var clients = new HashMap<String, WatchingClient>();
    channels.forEach((name, channel) -> {
      if (!name.equals(leader)) {
        WatchingClient client = WatchingClient.of(channel);
        client.created(prefix("a/").setStartRevision(1));
        assertThat(client.events(1)).hasSize(1);
        clients.put(name, client);
      }
    });

    cluster.stop(leader);
    String survivor = clients.keySet().iterator().next();
    long revision = await()
        .atMost(LocalCluster.PATIENCE)
        .ignoreException(StatusRuntimeException.class)
        .until(() -> put(survivor, "a/1"), put -> true);

    clients
        .values()
        .forEach(client -> assertThat(client.next().getEventsList())
            .last()
            .satisfies(
                event -> assertThat(event.getKv().getKey().toStringUtf8()).isEqualTo("a/1"))
            .satisfies(
                event -> assertThat(event.getKv().getModRevision()).isLessThanOrEqualTo(revision)));
  }

  @Test
  void theIntervalThatACallStatesHoldsAtTheDoor() {
    String leader = cluster.awaitLeader();
    put(leader, "a/0");
    WatchingClient client = WatchingClient.of(channel(leader), "100");
    client.created(prefix("a/").setProgressNotify(true));
    long revision = put(leader, "b/0");

    assertThat(client.until(response -> response.getHeader().getRevision() >= revision))
        .allMatch(response -> response.getEventsCount() == 0);
  }

  private ManagedChannel channel(String voter) {
    return Objects.requireNonNull(channels.get(voter));
  }

  private long put(String voter, String key) {
    return KVGrpc.newBlockingStub(channel(voter))
        .put(PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8("value"))
            .build())
        .getHeader()
        .getRevision();
  }
}
