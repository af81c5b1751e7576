package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.assertRefused;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.lease.LeaseTimeToLiveResponse;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.grpc.Status;
import io.syncline.verify.etcd.cluster.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Leases by jetcd. */
@ExtendWith(SharedCluster.class)
class LeaseTest {
  private static final long LONG_SECONDS = 600;
  private static final long BRIEF_SECONDS = 3;
  private static final long UNKNOWN = 0x1234567;

  private Client client;
  private KV kv;
  private Lease leases;

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    kv = client.getKVClient();
    leases = client.getLeaseClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aLeaseTellsHowLongItLivesAndWhatHangsOnIt() {
    long lease = grant(LONG_SECONDS);
    put("lease/told/a", lease);
    put("lease/told/b", lease);

    LeaseTimeToLiveResponse told = timeToLive(lease);
    assertThat(told.getGrantedTTL()).isEqualTo(LONG_SECONDS);
    assertThat(told.getTTL()).isBetween(1L, LONG_SECONDS);
    assertThat(told.getKeys())
        .extracting(Calls::text)
        .containsExactlyInAnyOrder("lease/told/a", "lease/told/b");
    assertThat(answer(leases.timeToLive(lease, LeaseOption.DEFAULT)).getKeys()).isEmpty();
    assertThat(answer(kv.get(bytes("lease/told/a"))).getKvs().get(0).getLease()).isEqualTo(lease);
  }

  @Test
  void grantingALeaseIsNoRevision() {
    long before = answer(kv.put(bytes("lease/still"), bytes("1"))).getHeader().getRevision();
    var granted = answer(leases.grant(LONG_SECONDS));
    assertThat(granted.getID()).isNotZero();
    assertThat(granted.getTTL()).isEqualTo(LONG_SECONDS);
    assertThat(answer(kv.get(bytes("lease/still"))).getHeader().getRevision()).isEqualTo(before);
  }

  @Test
  void aTooBriefLeaseLivesTheLeastThatIsPossible() {
    assertThat(answer(leases.grant(1)).getTTL()).isPositive();
  }

  @Test
  void revokingALeaseDeletesItsKeysInOneRevision() {
    long lease = grant(LONG_SECONDS);
    put("lease/revoked/a", lease);
    put("lease/revoked/b", lease);
    long before =
        answer(kv.put(bytes("lease/revoked"), bytes("stays"))).getHeader().getRevision();
    var seen = new Seen();
    client
        .getWatchClient()
        .watch(
            bytes("lease/revoked/"),
            WatchOption.builder().isPrefix(true).withRevision(before + 1).build(),
            seen);
    assertThat(answer(leases.revoke(lease)).getHeader().getRevision()).isEqualTo(before + 1);

    Calls.await("both deletes", () -> seen.events().size() == 2);
    assertThat(seen.texts())
        .containsExactlyInAnyOrder("DELETE lease/revoked/a", "DELETE lease/revoked/b");
    assertThat(seen.events())
        .allSatisfy(
            event -> assertThat(event.getKeyValue().getModRevision()).isEqualTo(before + 1));
    assertThat(timeToLive(lease).getTTL()).isEqualTo(-1);
  }

  @Test
  void aLeaseThatNobodyKeepsAliveExpiresWithItsKeys() {
    long lease = grant(BRIEF_SECONDS);
    var seen = new Seen();
    long put = put("lease/expired", lease);
    client
        .getWatchClient()
        .watch(bytes("lease/expired"), WatchOption.builder().withRevision(put).build(), seen);
    assertThat(seen.awaitText("DELETE lease/expired"))
        .containsExactly("PUT lease/expired=1", "DELETE lease/expired");
    assertThat(timeToLive(lease).getTTL()).isEqualTo(-1);
  }

  @Test
  void aLeaseThatIsKeptAliveOutlivesItsTime() {
    long kept = grant(BRIEF_SECONDS);
    put("lease/kept", kept);
    var told = new KeptAlive();
    try (var keeping = leases.keepAlive(kept, told)) {
      assertThat(keeping).isNotNull();
      told.awaitMore();
      // A lease of the same length that is granted now and ends shows that the time is over.
      long measure = grant(BRIEF_SECONDS);
      Calls.await("the time to be over", () -> timeToLive(measure).getTTL() == -1);
      told.awaitMore();
      assertThat(timeToLive(kept).getTTL()).isPositive();
      assertThat(answer(kv.get(bytes("lease/kept"))).getCount()).isOne();
    }
    Calls.await("the lease to end", () -> timeToLive(kept).getTTL() == -1);
    assertThat(answer(kv.get(bytes("lease/kept"))).getCount()).isZero();
  }

  @Test
  void aLeaseCanBeKeptAliveOnce() {
    long lease = grant(LONG_SECONDS);
    var told = answer(leases.keepAliveOnce(lease));
    assertThat(told.getID()).isEqualTo(lease);
    assertThat(told.getTTL()).isEqualTo(LONG_SECONDS);
  }

  @Test
  void aKeyHangsOnItsLastLease() {
    long first = grant(LONG_SECONDS);
    long second = grant(LONG_SECONDS);
    put("lease/moved", first);
    put("lease/moved", second);
    assertThat(timeToLive(first).getKeys()).isEmpty();
    answer(leases.revoke(first));
    assertThat(answer(kv.get(bytes("lease/moved"))).getCount()).isOne();

    answer(kv.put(bytes("lease/moved"), bytes("free")));
    answer(leases.revoke(second));
    assertThat(answer(kv.get(bytes("lease/moved"))).getCount()).isOne();
  }

  @Test
  void aLeaseThatIsNotThereIsMissed() {
    String words = "etcdserver: requested lease not found";
    assertRefused(leases.revoke(UNKNOWN), Status.Code.NOT_FOUND, words);
    PutOption option = PutOption.builder().withLeaseId(UNKNOWN).build();
    assertRefused(kv.put(bytes("lease/unknown"), bytes("1"), option), Status.Code.NOT_FOUND, words);
    assertThat(failure(leases.keepAliveOnce(UNKNOWN))).isNotNull();
    assertThat(timeToLive(UNKNOWN).getTTL()).isEqualTo(-1);
    var told = new KeptAlive();
    try (var keeping = leases.keepAlive(UNKNOWN, told)) {
      assertThat(keeping).isNotNull();
      Calls.await("the lease to be missed", () -> !told.failures().isEmpty());
      assertThat(told.failures().get(0)).hasMessageContaining(words);
    }
  }

  private long grant(long seconds) {
    return answer(leases.grant(seconds)).getID();
  }

  private long put(String key, long lease) {
    return answer(kv.put(
            bytes(key), bytes("1"), PutOption.builder().withLeaseId(lease).build()))
        .getHeader()
        .getRevision();
  }

  private LeaseTimeToLiveResponse timeToLive(long lease) {
    return answer(
        leases.timeToLive(lease, LeaseOption.builder().withAttachedKeys().build()));
  }
}
