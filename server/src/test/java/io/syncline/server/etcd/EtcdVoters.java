package io.syncline.server.etcd;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.v3.DeleteRangeRequest;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.KVGrpc.KVBlockingStub;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseGrantResponse;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.proto.etcd.v3.LeaseGrpc.LeaseBlockingStub;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.server.LocalCluster;
import io.syncline.server.node.EtcdSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Voters with their etcd doors, and a client of etcd at each. */
final class EtcdVoters implements AutoCloseable {
  private final LocalCluster cluster;
  private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();
  private final List<ManagedChannel> left = new ArrayList<>();

  EtcdVoters(Path root, int size) {
    cluster = new LocalCluster(
        root,
        size,
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
    channels.keySet().forEach(this::awaitServing);
  }

  /** A voter that does not know the leader yet says so. */
  void awaitServing(String voter) {
    await()
        .atMost(LocalCluster.PATIENCE)
        .ignoreException(StatusRuntimeException.class)
        .until(() -> KVGrpc.newBlockingStub(channel(voter)).range(get("any")).hasHeader());
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** Its clients' calls end as they may. */
  void stop(String voter) {
    left.add(channel(voter));
    channels.remove(voter);
    cluster.stop(voter);
  }

  String leader() {
    return cluster.awaitLeader();
  }

  String notLeader() {
    String leader = leader();
    return channels.keySet().stream().filter(v -> !v.equals(leader)).findFirst().orElseThrow();
  }

  ManagedChannel channel(String voter) {
    ManagedChannel channel = channels.get(voter);
    if (channel == null) {
      throw new IllegalArgumentException(voter);
    }
    return channel;
  }

  KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel(notLeader()));
  }

  LeaseBlockingStub lease() {
    return LeaseGrpc.newBlockingStub(channel(notLeader()));
  }

  LeaseGrantResponse grant(long ttlSeconds) {
    return lease().leaseGrant(LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build());
  }

  void put(String key, String value, long lease) {
    var unused = kv().put(PutRequest.newBuilder()
        .setKey(bytes(key))
        .setValue(bytes(value))
        .setLease(lease)
        .build());
  }

  RangeResponse read(String key) {
    return kv().range(get(key));
  }

  boolean exists(String key) {
    return read(key).getCount() == 1;
  }

  void delete(String key) {
    var unused =
        kv().deleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(key)).build());
  }

  static RangeRequest get(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key)).build();
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    left.forEach(ManagedChannel::shutdownNow);
    cluster.close();
  }
}
