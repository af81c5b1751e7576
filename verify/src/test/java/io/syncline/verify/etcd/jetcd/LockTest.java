package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.assertRefused;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.Lock;
import io.etcd.jetcd.lock.LockResponse;
import io.etcd.jetcd.options.GetOption;
import io.grpc.Status;
import io.syncline.verify.etcd.cluster.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Locks by jetcd. */
@ExtendWith(SharedCluster.class)
class LockTest {
  private static final long TTL_SECONDS = 600;
  private static final int CONTENDERS = 8;
  private static final long UNKNOWN = 0x1234567;

  private Client client;
  private Lock locks;

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    locks = client.getLockClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aLockIsAKeyThatHangsOnTheLeaseOfItsHolder() {
    long lease = lease();
    LockResponse held = answer(locks.lock(bytes("lock/key"), lease));
    assertThat(text(held.getKey())).isEqualTo("lock/key/" + Long.toHexString(lease));
    assertThat(answer(client.getKVClient().get(held.getKey())).getKvs())
        .singleElement()
        .satisfies(key -> assertThat(key.getLease()).isEqualTo(lease));
    answer(locks.unlock(held.getKey()));
    assertThat(answer(client.getKVClient().get(held.getKey())).getKvs()).isEmpty();
  }

  @Test
  void whoHoldsALockGetsItAgain() {
    long lease = lease();
    LockResponse held = answer(locks.lock(bytes("lock/again"), lease));
    assertThat(answer(locks.lock(bytes("lock/again"), lease)).getKey()).isEqualTo(held.getKey());
  }

  @Test
  void aContenderWaitsUntilTheHolderUnlocks() {
    LockResponse held = answer(locks.lock(bytes("lock/waits"), lease()));
    CompletableFuture<LockResponse> waiting = locks.lock(bytes("lock/waits"), lease());
    awaitQueue("lock/waits/", 2);
    assertThat(waiting).isNotDone();
    answer(locks.unlock(held.getKey()));
    assertThat(answer(waiting).getKey()).isNotEqualTo(held.getKey());
  }

  @Test
  void aContenderGetsTheLockOfAHolderWhoseLeaseEnds() {
    long lease = lease();
    answer(locks.lock(bytes("lock/ended"), lease));
    CompletableFuture<LockResponse> waiting = locks.lock(bytes("lock/ended"), lease());
    awaitQueue("lock/ended/", 2);
    answer(client.getLeaseClient().revoke(lease));
    assertThat(answer(waiting).getKey()).isNotNull();
  }

  @Test
  void aLockHasOneHolderAtATime() {
    var holders = new AtomicInteger();
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<?>[] all = new CompletableFuture<?>[CONTENDERS];
    for (int i = 0; i < CONTENDERS; i++) {
      all[i] = locks.lock(bytes("lock/one"), lease()).thenComposeAsync(held -> {
        seen.add(holders.incrementAndGet());
        seen.add(holders.getAndDecrement());
        return locks.unlock(held.getKey());
      });
    }
    answer(CompletableFuture.allOf(all));
    assertThat(seen).hasSize(2 * CONTENDERS).containsOnly(1);
  }

  @Test
  void aLockNeedsALeaseThatIsThere() {
    // etcd's locks do not tell the code that its leases tell.
    assertRefused(
        locks.lock(bytes("lock/unknown"), UNKNOWN),
        Status.Code.UNKNOWN,
        "etcdserver: requested lease not found");
  }

  private void awaitQueue(String prefix, int length) {
    GetOption option = GetOption.builder().isPrefix(true).withCountOnly(true).build();
    Calls.await(
        "the contender to wait",
        () -> answer(client.getKVClient().get(bytes(prefix), option)).getCount() == length);
  }

  private long lease() {
    return answer(client.getLeaseClient().grant(TTL_SECONDS)).getID();
  }
}
