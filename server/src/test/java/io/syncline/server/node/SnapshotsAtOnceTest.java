package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import io.syncline.server.LocalCluster;
import io.syncline.server.sync.SyncLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many followers that begin at once take turns. */
class SnapshotsAtOnceTest {
  @TempDir
  Path root;

  private LocalCluster cluster;
  private Endpoint voter;
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void start() {
    cluster = new LocalCluster(root, 1, builder -> builder);
    cluster.startAll();
    String leader = cluster.awaitLeader();
    for (int i = 0; i < 600; i++) {
      cluster.put(leader, "key/" + i, "x".repeat(8000));
    }
    voter = cluster.address(leader).client();
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    cluster.close();
  }

  @Test
  void oneTooManyIsToldToComeBackAndIsServedWhenAnotherIsDone() {
    for (int i = 0; i < SyncLimits.MAX_SNAPSHOTS; i++) {
      assertThat(begin("f" + i).hasNext()).isTrue();
    }

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> begin("late").hasNext())
        .withMessageContaining("come back soon")
        .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));

    channels.get(0).shutdownNow();
    await().atMost(LocalCluster.PATIENCE).until(() -> isServed("late"));
  }

  private boolean isServed(String id) {
    try {
      return begin(id).hasNext();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /**
   * Takes the first part, and no more: the rest is more than a connection, one for each, lets be on its
   * way.
   */
  private Iterator<SnapshotResponse> begin(String id) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(voter.host(), voter.port())
        .usePlaintext()
        .build();
    channels.add(channel);
    return SyncServiceGrpc.newBlockingStub(channel)
        .snapshot(SnapshotRequest.newBuilder()
            .setSubscriber(Subscriber.newBuilder()
                .setFollowerId(id)
                .addAllSelectors(SyncCodec.toProto(Subscription.EVERYTHING)))
            .setChunkBytes(10_000)
            .build());
  }
}
