package io.syncline.server.etcd.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.syncline.model.Checksum;
import io.syncline.model.Lease;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.KVGrpc.KVBlockingStub;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.proto.etcd.v3.LeaseLeasesRequest;
import io.syncline.proto.etcd.v3.LeaseStatus;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveRequest;
import io.syncline.proto.etcd.v3.LeaseTimeToLiveResponse;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd of what was written, with {@code etcdctl} as its operators use it. */
@Tag("etcd")
class EtcdRestoreTest {
  private static final ByteString ALL = ByteString.copyFrom(new byte[1]);
  private static final Duration TTL = Duration.ofHours(1);

  @TempDir
  Path folder;

  @Test
  void anEtcdIsRestoredWithItsHistoryAndItsLeases() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    List<Long> leases = List.of(7L, 0x5bcea1ffe51f1b07L, Long.MAX_VALUE);
    var history = new History(random, binaryKeys(random, 500), leases);
    for (int revision = 0; revision < 5_000; revision++) {
      history.advance();
    }
    Revision compacted = Revision.of(2_000);
    Path snapshot = snapshot(compacted, leases, file -> history.writeTo(file, compacted));

    assertThat(Etcd.snapshotStatus(snapshot)).contains("\"revision\":5000");
    try (Etcd etcd = Etcd.restored(snapshot, folder.resolve("data"))) {
      var store = new Store(etcd);
      for (long revision : new long[] {5_000, 4_321, 2_001, 2_000}) {
        assertThat(store.range(revision).getKvsList())
            .as("seed %s, revision %s", seed, revision)
            .isEqualTo(List.copyOf(history.at(Revision.of(revision)).values()));
      }
      assertThatThrownBy(() -> store.range(1_999))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("compacted");
      assertThat(store.leases()).containsExactlyInAnyOrderElementsOf(leases);
      for (long lease : leases) {
        requireAttached(store.timeToLive(lease), lease, history);
      }
      requireWritable(store, 5_001);
    }
  }

  @Test
  void anEtcdIsRestoredWithoutKeys() throws Exception {
    Path snapshot = snapshot(Revision.ZERO, List.of(), file -> {});

    assertThat(Etcd.snapshotStatus(snapshot)).contains("\"revision\":0", "\"totalKey\":1,");
    try (Etcd etcd = Etcd.restored(snapshot, folder.resolve("data"))) {
      var store = new Store(etcd);
      assertThat(store.range(0).getCount()).isZero();
      assertThat(store.leases()).isEmpty();
      requireWritable(store, 2);
    }
  }

  @Test
  void anEtcdIsRestoredWithManyKeysAndLongValuesAndGoesOnFromWhereItWasCompacted()
      throws Exception {
    var expected = new ArrayList<KeyValue>();
    for (int revision = 1; revision <= 100_000; revision++) {
      int valueBytes = revision % 10_000 == 0 ? 1 << 20 : 10;
      expected.add(KeyValue.newBuilder()
          .setKey(ByteString.copyFromUtf8("key%06d".formatted(revision)))
          .setCreateRevision(revision)
          .setModRevision(revision)
          .setVersion(1)
          .setValue(ByteString.copyFrom(new byte[valueBytes]))
          .build());
    }
    Path snapshot = snapshot(Revision.of(100_500), List.of(), file -> {
      for (KeyValue keyValue : expected) {
        file.put(0, keyValue);
      }
    });

    assertThat(Etcd.snapshotStatus(snapshot))
        .contains("\"revision\":100000", "\"totalKey\":100003,");
    try (Etcd etcd = Etcd.restored(snapshot, folder.resolve("data"))) {
      var store = new Store(etcd);
      assertThat(store.range(0).getKvsList().equals(expected))
          .as("all are there")
          .isTrue();
      requireWritable(store, 100_501);
    }
  }

  private interface Content {
    void writeTo(DatabaseFile file) throws IOException;
  }

  /** With the checksum behind it, as {@code etcdctl snapshot save} leaves it. */
  private Path snapshot(Revision compacted, List<Long> leases, Content content) throws IOException {
    Path path = folder.resolve("snapshot");
    try (var file = DatabaseFile.create(path)) {
      content.writeTo(file);
      file.leases(
          leases.stream().map(id -> new Lease(id, TTL, TTL, Instant.EPOCH)).toList());
      file.finish(compacted);
    }
    Checksum checksum = Checksum.of(ByteString.copyFrom(Files.readAllBytes(path)));
    return Files.write(path, checksum.bytes().toByteArray(), StandardOpenOption.APPEND);
  }

  private static void requireAttached(LeaseTimeToLiveResponse answer, long lease, History history) {
    assertThat(answer.getGrantedTTL()).isEqualTo(TTL.toSeconds());
    assertThat(answer.getKeysList())
        .containsExactlyInAnyOrderElementsOf(history.at(history.head()).values().stream()
            .filter(keyValue -> keyValue.getLease() == lease)
            .map(KeyValue::getKey)
            .toList());
  }

  private static void requireWritable(Store store, long revision) {
    ByteString key = ByteString.copyFromUtf8("new");
    PutRequest put = PutRequest.newBuilder().setKey(key).setValue(key).build();
    assertThat(store.keys().put(put).getHeader().getRevision()).isEqualTo(revision);
    assertThat(store.range(revision).getKvsList())
        .anyMatch(keyValue -> keyValue.getKey().equals(key));
  }

  private static List<ByteString> binaryKeys(Random random, int count) {
    var keys = new ArrayList<ByteString>();
    for (int number = 0; number < count; number++) {
      byte[] key = new byte[1 + random.nextInt(number == 0 ? 4096 : 40)];
      random.nextBytes(key);
      keys.add(ByteString.copyFrom(key));
    }
    return keys;
  }

  /** Asks an etcd, once it is there. */
  private record Store(Etcd etcd) {
    private static final int PATIENCE_SECONDS = 60;

    KVBlockingStub keys() {
      return KVGrpc.newBlockingStub(etcd.channel())
          .withWaitForReady()
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** All keys in order, at a revision. */
    RangeResponse range(long revision) {
      return keys()
          .range(RangeRequest.newBuilder()
              .setKey(ALL)
              .setRangeEnd(ALL)
              .setRevision(revision)
              .build());
    }

    List<Long> leases() {
      return LeaseGrpc.newBlockingStub(etcd.channel())
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
          .getLeasesList()
          .stream()
          .map(LeaseStatus::getID)
          .toList();
    }

    LeaseTimeToLiveResponse timeToLive(long lease) {
      return LeaseGrpc.newBlockingStub(etcd.channel())
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .leaseTimeToLive(
              LeaseTimeToLiveRequest.newBuilder().setID(lease).setKeys(true).build());
    }
  }
}
