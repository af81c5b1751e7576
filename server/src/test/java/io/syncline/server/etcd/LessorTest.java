package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.EtcdError;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.KeyspaceCommand.RevokeLease;
import io.syncline.model.Lease;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Txn;
import io.syncline.server.AppliedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When leases end, in a time that the test moves. */
class LessorTest {
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofSeconds(2);

  @TempDir
  Path root;

  private AppliedStore store;
  private HandLedVoter voter;
  private Lessor lessor;
  private long nanos = -5;

  @BeforeEach
  void open() {
    store = new AppliedStore(root.resolve("store"));
    voter = new HandLedVoter(store);
    lessor = lessorOf(voter);
  }

  @AfterEach
  void close() {
    lessor.close();
    store.close();
  }

  private Lessor lessorOf(HandLedVoter of) {
    return new Lessor(of, LEAST, GRACE, () -> nanos, LessorTest::fail);
  }

  private static void fail(Fault fault) {
    throw new AssertionError(fault);
  }

  private void pass(Duration time) {
    for (long i = 0; i < time.toMillis() / Lessor.TICK.toMillis(); i++) {
      nanos += Lessor.TICK.toNanos();
      lessor.tick();
    }
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private void grant(long id, Duration ttl) {
    assertThat(lessor.grant(Caller.NOBODY, id, ttl)).isCompleted();
  }

  private void hang(String key, long lease) {
    var put = new Txn.Operation.Put(
        Key.of(key), Content.of(ByteString.copyFromUtf8("x"), ""), lease, false, false);
    store.committed(
        new Command.Keyspace(new KeyspaceCommand.Transact(HandLedVoter.NAMESPACE, Txn.of(put)), 0));
  }

  private List<Long> stored() {
    return voter.leases().stream().map(Lease::id).sorted().toList();
  }

  /** Another voter leads from now on, with the same store. */
  private void changeLeader() {
    voter.term = 0;
    lessor.tick();
    lessor.close();
    long next = 7;
    voter = new HandLedVoter(store);
    voter.term = next;
    lessor = lessorOf(voter);
    lessor.tick();
  }

  @Test
  void aLeaseThatIsNotRenewedEndsInTimeAndItsKeysGoAtOneRevision() {
    grant(1, seconds(5));
    hang("a", 1);
    hang("b", 1);
    long before = store.revision().value();

    pass(Duration.ofMillis(4900));
    assertThat(stored()).containsExactly(1L);
    assertThat(store.head("a").live()).isTrue();

    pass(Duration.ofMillis(200));
    assertThat(stored()).isEmpty();
    assertThat(store.head("a").live()).isFalse();
    assertThat(store.head("b").revision()).isEqualTo(store.head("a").revision());
    assertThat(store.revision().value()).isEqualTo(before + 1);
    assertThat(lessor.renew(1)).isCompletedWithValue(Duration.ZERO);
  }

  @Test
  void aShorterLeaseThanTheLeastIsGrantedAsTheLeast() {
    CompletableFuture<Lessor.Granted> granted = lessor.grant(Caller.NOBODY, 1, Duration.ZERO);
    assertThat(granted.join().ttl()).isEqualTo(LEAST);
    assertThat(voter.leases().get(0).ttl()).isEqualTo(LEAST);
  }

  @Test
  void theLeastLeaseIsThatOfEtcd() {
    assertThat(Lessor.leastTtl(Duration.ofSeconds(1))).isEqualTo(seconds(2));
    assertThat(Lessor.leastTtl(Duration.ofSeconds(2))).isEqualTo(seconds(3));
    assertThat(Lessor.leastTtl(Duration.ofMillis(100))).isEqualTo(seconds(1));
  }

  @Test
  void aLeaseOfTheLongestTimeThereIsDoesNotEnd() {
    grant(1, seconds(Lease.MAX_TTL_SECONDS));
    pass(Duration.ofMinutes(3));
    assertThat(stored()).containsExactly(1L);
    assertThat(lessor.standing(1).orElseThrow().left()).isGreaterThan(seconds(8_999_999_000L));
  }

  @Test
  void renewingInTimeKeepsALeaseAndWritesNothing() {
    grant(1, seconds(60));
    voter.takeProposed();
    for (int i = 0; i < 50; i++) {
      pass(seconds(20));
      assertThat(lessor.renew(1)).isCompletedWithValue(seconds(60));
    }
    assertThat(stored()).containsExactly(1L);
    assertThat(voter.takeProposed()).isEmpty();
  }

  @Test
  void leasesThatEndAtOnceAreEndedAtAMeasuredPace() {
    for (long id = 1; id <= 450; id++) {
      grant(id, seconds(5));
    }
    var left = new ArrayList<Integer>();
    pass(seconds(5).minus(Lessor.TICK));
    for (int i = 0; i < 6; i++) {
      pass(Lessor.TICK);
      left.add(stored().size());
    }
    assertThat(left).containsExactly(350, 250, 150, 50, 0, 0);
  }

  @Test
  void nothingEndsWhileTheVoterCannotTellThatItLeadsNorWhenItDoesNot() {
    grant(1, seconds(5));
    voter.really = false;
    pass(seconds(20));
    assertThat(voter.takeProposed()).noneMatch(RevokeLease.class::isInstance);

    voter.term = 0;
    pass(seconds(20));
    assertThat(voter.takeProposed()).noneMatch(RevokeLease.class::isInstance);
    assertThatThrownBy(() -> lessor.renew(1)).isInstanceOf(RejectedException.class);
    assertThatThrownBy(() -> lessor.standing(1)).isInstanceOf(RejectedException.class);
    assertThatThrownBy(() -> lessor.grant(Caller.NOBODY, 2, LEAST))
        .isInstanceOf(RejectedException.class);
  }

  @Test
  void aRenewalThatMayComeFromADeposedLeaderIsNotPromised() {
    grant(1, seconds(60));
    voter.really = false;
    assertThat(lessor.renew(1)).isCompletedExceptionally();
  }

  @Test
  void aLeaseWithTimeLeftKeepsItOverAChangeOfLeaders() {
    grant(1, seconds(100));
    pass(seconds(70));
    changeLeader();

    Duration left = lessor.standing(1).orElseThrow().left();
    assertThat(left).isBetween(seconds(30), seconds(30 + 30 + 2));
    pass(seconds(30));
    assertThat(stored()).containsExactly(1L);
    pass(seconds(34));
    assertThat(stored()).isEmpty();
  }

  @Test
  void aRenewalOnlyInMemoryIsKeptByTheNextLeader() {
    grant(1, seconds(20));
    pass(seconds(9));
    assertThat(lessor.renew(1)).isCompletedWithValue(seconds(20));
    changeLeader();
    pass(seconds(20));
    assertThat(stored()).containsExactly(1L);
    pass(seconds(2));
    assertThat(stored()).isEmpty();
  }

  @Test
  void aLeaseThatWasNotedAsPartlyUsedUpIsNotedAsWholeBeforeItIsPromised() {
    grant(1, seconds(100));
    pass(seconds(32));
    assertThat(voter.leases().get(0).remaining()).isBetween(seconds(68), seconds(70));

    voter.slow = true;
    CompletableFuture<Duration> renewed = lessor.renew(1);
    CompletableFuture<Duration> again = lessor.renew(1);
    assertThat(renewed).isNotDone();
    voter.commit(1);
    assertThat(renewed).isCompletedWithValue(seconds(100));
    assertThat(again).isCompletedWithValue(seconds(100));
    assertThat(voter.leases().get(0).remaining()).isEqualTo(seconds(100));
    assertThat(voter.waiting()).isZero();
  }

  @Test
  void aLeaseThatWasNotedAsWholeAgainIsNotedAnewWhenItIsUsedUp() {
    grant(1, seconds(20));
    for (int i = 0; i < 5; i++) {
      pass(seconds(12));
      assertThat(voter.leases().get(0).remaining()).isBetween(seconds(8), seconds(10));
      assertThat(lessor.renew(1)).isCompletedWithValue(seconds(20));
      assertThat(voter.leases().get(0).remaining()).isEqualTo(seconds(20));
    }
  }

  @Test
  void aRenewalThatIsLongOnItsWayIsNotNotedOverAndDoesNotPutOffTheNextNote() {
    grant(1, seconds(100));
    pass(seconds(59));
    voter.slow = true;
    CompletableFuture<Duration> renewed = lessor.renew(1);
    pass(seconds(3));
    assertThat(voter.waiting()).isOne();
    voter.commit(1);
    voter.slow = false;
    assertThat(renewed).isCompletedWithValue(seconds(100));
    pass(seconds(32));
    assertThat(voter.leases().get(0).remaining()).isBetween(seconds(65), seconds(71));
  }

  @Test
  void renewalsOfManyNotedLeasesShareNotes() {
    for (long id = 1; id <= 2500; id++) {
      grant(id, seconds(100));
    }
    pass(seconds(33));
    assertThat(voter.takeProposed().stream().filter(NoteLeases.class::isInstance))
        .hasSize(3);

    voter.slow = true;
    List<CompletableFuture<Duration>> renewals = new ArrayList<>();
    for (long id = 1; id <= 2500; id++) {
      renewals.add(lessor.renew(id));
    }
    while (voter.waiting() > 0) {
      voter.commit(1);
    }
    assertThat(renewals).allMatch(CompletableFuture::isDone);
    assertThat(voter.takeProposed())
        .allSatisfy(command -> assertThat(((NoteLeases) command).leases()).hasSizeLessThan(1001))
        .hasSizeBetween(3, 4);
  }

  @Test
  void aLeaseThatIsBeingEndedCannotBeRenewedAndItsClientIsToldWhenItIsOver() {
    grant(1, seconds(5));
    voter.slow = true;
    pass(Duration.ofMillis(5200));
    assertThat(voter.waiting()).isOne();

    CompletableFuture<Duration> renewed = lessor.renew(1);
    assertThat(renewed).isNotDone();
    voter.commit(1);
    assertThat(renewed).isCompletedWithValue(Duration.ZERO);
  }

  @Test
  void anEndWhoseOutcomeIsUnknownIsTriedAgain() {
    grant(1, seconds(5));
    grant(2, seconds(5));
    voter.slow = true;
    pass(Duration.ofMillis(5200));
    voter.lose(1);
    voter.slow = false;
    pass(seconds(2));
    assertThat(stored()).isEmpty();
    assertThat(lessor.ids()).isEmpty();
  }

  @Test
  void aGrantWhoseOutcomeIsUnknownEndsToo() {
    lessor.tick();
    voter.slow = true;
    CompletableFuture<Lessor.Granted> granted = lessor.grant(Caller.NOBODY, 1, seconds(5));
    voter.lose(1);
    voter.slow = false;
    assertThat(granted).isCompletedExceptionally();
    assertThat(stored()).containsExactly(1L);
    pass(seconds(7));
    assertThat(stored()).isEmpty();
  }

  @Test
  void timeInWhichTheProcessDidNotRunDoesNotCount() {
    grant(1, seconds(5));
    pass(seconds(3));
    nanos += Duration.ofHours(1).toNanos();
    lessor.tick();
    assertThat(stored()).containsExactly(1L);
    assertThat(lessor.renew(1)).isCompletedWithValue(seconds(5));
    pass(Duration.ofMillis(4900));
    assertThat(stored()).containsExactly(1L);
  }

  @Test
  void whatIsRevokedIsForgotten() {
    grant(1, seconds(5));
    assertThat(lessor.revoke(Caller.NOBODY, new RevokeLease(HandLedVoter.NAMESPACE, 1)))
        .isCompleted();
    assertThat(lessor.ids()).isEmpty();
    assertThat(lessor.revoke(Caller.NOBODY, new RevokeLease(HandLedVoter.NAMESPACE, 1)))
        .isCompletedExceptionally();
    grant(1, seconds(9));
    pass(seconds(6));
    assertThat(stored()).containsExactly(1L);
  }

  @Test
  void leasesAreBounded() {
    for (int batch = 0; batch < Lease.MAX_COUNT / 1000; batch++) {
      var grants = new ArrayList<ProposedCommand>();
      for (int i = 1; i <= 1000; i++) {
        grants.add(AppliedStore.proposed(new Command.Keyspace(
            new KeyspaceCommand.GrantLease(batch * 1000L + i, seconds(1000)), 0)));
      }
      store.apply(grants);
    }
    assertThatThrownBy(() -> lessor.grant(Caller.NOBODY, -1, seconds(5)))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(EtcdError.of(e.rejection())).contains(EtcdError.TOO_MANY_REQUESTS));
    lessor.revoke(Caller.NOBODY, new RevokeLease(HandLedVoter.NAMESPACE, 1)).join();
    grant(-1, seconds(5));
  }
}
