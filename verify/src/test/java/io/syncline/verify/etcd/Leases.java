package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseLeasesRequest;
import io.syncline.proto.etcd.v3.LeaseRevokeRequest;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveRequest;
import io.syncline.verify.etcd.Operation.Call;
import java.util.List;
import java.util.Random;

/** Makes up what is done with leases, and with what is built on them. None lives short enough to expire. */
final class Leases {
  private static final long LONGEST_SECONDS = 9_000_000_000L;
  private static final List<Long> IDS =
      List.of(1L, 2L, 3L, 4L, 7_587_869_000_123_456_789L, Long.MAX_VALUE, -3L, Long.MIN_VALUE);
  private static final List<Long> LONG_SECONDS = List.of(
      100_000L, 123_456L, 1_000_000_000L, LONGEST_SECONDS, LONGEST_SECONDS + 1, Long.MAX_VALUE);

  private final Random random;
  private final KeyOperations operations;

  Leases(Random random, KeyOperations operations) {
    this.random = random;
    this.operations = operations;
  }

  Operation any() {
    Way way = Way.any(random);
    return new Draw<Operation>()
        .add(90, () -> unary(way))
        .add(5, () -> new Steps.BriefLease(0, 100_000, way))
        .add(5, () -> new Steps.BriefLease(77, random.nextInt(3) - 1, way))
        .add(3, () -> new Steps.LockAndUnlock(text("lock"), operations.lease(), way))
        .add(3, () -> new Steps.Reign(text("election"), operations.lease(), way))
        .from(random);
  }

  /** One call. */
  Operation unary(Way way) {
    return new Draw<Operation>()
        .add(30, () -> new Call(Method.LEASE_GRANT, grant(), way))
        .add(12, () -> new Call(Method.LEASE_REVOKE, revoke(), way))
        .add(20, () -> new Call(Method.LEASE_TIME_TO_LIVE, timeToLive(), way))
        .add(10, () -> new Call(Method.LEASES, LeaseLeasesRequest.getDefaultInstance(), way))
        .add(15, () -> new Call(Method.KEEP_ALIVE, keepAlive(), way))
        .from(random);
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private long id() {
    return random.nextInt(3) == 0 ? operations.lease() : IDS.get(random.nextInt(IDS.size()));
  }

  private LeaseGrantRequest grant() {
    return LeaseGrantRequest.newBuilder()
        .setID(id())
        .setTTL(LONG_SECONDS.get(random.nextInt(LONG_SECONDS.size())))
        .build();
  }

  private LeaseRevokeRequest revoke() {
    return LeaseRevokeRequest.newBuilder()
        .setID(random.nextInt(20) == 0 ? 0 : id())
        .build();
  }

  private LeaseTimeToLiveRequest timeToLive() {
    return LeaseTimeToLiveRequest.newBuilder()
        .setID(id())
        .setKeys(random.nextBoolean())
        .build();
  }

  private LeaseKeepAliveRequest keepAlive() {
    return LeaseKeepAliveRequest.newBuilder()
        .setID(random.nextInt(20) == 0 ? 0 : id())
        .build();
  }
}
