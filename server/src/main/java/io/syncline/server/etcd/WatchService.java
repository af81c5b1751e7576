package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.model.Consistency;
import io.syncline.model.EtcdError;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.WatchGrpc.WatchImplBase;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.rpc.Answers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * {@code etcdserverpb.Watch}: served out of this voter's own committed state, so that neither a change of
 * the leader nor its absence ends a watch.
 *
 * <p>As with etcd 3.4, a caller's permission is asked for when a watch is created, and not again: who
 * loses it goes on being told until the watch or its stream ends.
 */
final class WatchService extends WatchImplBase {
  private static final long FOUNDING_PATIENCE_S = 5;

  private final Keyspace keyspace;
  private final Access access;
  private final VoterChannels leader;
  private final Answers answers;

  WatchService(Keyspace keyspace, Access access, VoterChannels leader, Answers answers) {
    this.keyspace = keyspace;
    this.access = access;
    this.leader = leader;
    this.answers = answers;
  }

  /** The service with what it needs to see of a call. */
  ServerServiceDefinition definition() {
    return ServerInterceptors.intercept(this, WatchCall.INTERCEPTOR);
  }

  @Override
  public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> caller) {
    var call = (ServerCallStreamObserver<WatchResponse>) caller;
    var stream = new WatchStream(this, call, Caller.current(), WatchCall.current());
    stream.begin();
    return stream;
  }

  Keyspace keyspace() {
    return keyspace;
  }

  Access access() {
    return access;
  }

  Answers answers() {
    return answers;
  }

  /**
   * Sees to it that the revision is 1 at least, here: clients that resume take 0 for "now", and would
   * miss what came meanwhile. The namespace itself may come later.
   *
   * @param key of what the caller may read
   */
  CompletableFuture<Void> founded(ByteString key, ByteString rangeEnd, WatchCall call) {
    if (keyspace.serving().reads().revision().isAfter(Revision.ZERO)) {
      return CompletableFuture.completedFuture(null);
    }
    if (leader.leads()) {
      return keyspace.found();
    }
    return leader
        .leader()
        .map(voter -> foundBy(voter, key, rangeEnd, call))
        .orElseGet(() -> CompletableFuture.failedFuture(EtcdError.NO_LEADER.exception()))
        .thenCompose(there -> heardOf());
  }

  /** A voter that comes back may have a long log to go through: its clients are to try again. */
  private CompletableFuture<Void> heardOf() {
    return keyspace
        .serving()
        .freshness()
        .await(new Consistency.AtLeast(Revision.of(1)))
        .exceptionallyCompose(
            notInTime -> CompletableFuture.failedFuture(EtcdError.TIMEOUT.exception()));
  }

  /** The leader founds the keyspace before it answers a read of it. */
  private static CompletableFuture<Void> foundBy(
      Channel leader, ByteString key, ByteString rangeEnd, WatchCall call) {
    var answer = new FirstAnswer<RangeResponse>();
    KVGrpc.newStub(leader)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(call.credentials()))
        .withDeadlineAfter(FOUNDING_PATIENCE_S, TimeUnit.SECONDS)
        .range(
            RangeRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(rangeEnd)
                .setLimit(1)
                .setKeysOnly(true)
                .build(),
            answer);
    return answer.future().thenApply(founded -> null);
  }
}
