package io.syncline.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.model.Outcome;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.server.AppliedStore;
import io.syncline.server.Commands;
import io.syncline.server.LocalCluster;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Group commit, on a log that commits when it is told to. */
class ProposerTest {
  private static final int MAX_COMMANDS = 300;

  private final HandLog log = new HandLog();
  private Proposer proposer;

  @BeforeEach
  void start() {
    proposer = new Proposer(
        log,
        Clock.systemUTC(),
        () -> Rejection.notLeader(null),
        Runnable::run,
        MAX_COMMANDS,
        RaftMeters.NONE);
    proposer.start();
  }

  @AfterEach
  void stop() {
    proposer.close();
  }

  private CompletableFuture<Outcome> propose(int number) {
    return proposer.propose(AppliedStore.proposed(Commands.put("key/" + number, "content")));
  }

  @Test
  void whatGathersWhileAnEntryIsOnItsWayGoesIntoTheNext() throws Exception {
    CompletableFuture<Outcome> first = propose(0);
    HandLog.Appended alone = log.next();
    assertThat(alone.batch().entries()).hasSize(1);
    List<CompletableFuture<Outcome>> others =
        IntStream.range(1, 200).mapToObj(this::propose).toList();
    assertThat(first).isNotDone();

    alone.commit();
    assertThat(first).succeedsWithin(LocalCluster.PATIENCE);
    HandLog.Appended together = log.next();
    assertThat(together.batch().entries()).hasSize(199);
    together.commit();
    assertThat(others)
        .allSatisfy(outcome -> assertThat(outcome).succeedsWithin(LocalCluster.PATIENCE));
  }

  @Test
  void afterALargeBatchOneCommandAloneIsNotHeldUpForLong() throws Exception {
    var unused0 = propose(0);
    HandLog.Appended alone = log.next();
    var unused = IntStream.range(1, 200).mapToObj(this::propose).toList();
    alone.commit();
    log.next().commit();

    CompletableFuture<Outcome> last = propose(200);
    HandLog.Appended next = log.next();
    assertThat(next.batch().entries()).hasSize(1);
    next.commit();
    assertThat(last).succeedsWithin(LocalCluster.PATIENCE);
  }

  @Test
  void theOthersAreToldUntilTheyKnow() throws Exception {
    log.deaf.set(2);
    var unused1 = propose(0);
    HandLog.Appended first = log.next();
    assertThat(log.told).hasValue(0);
    first.commit();
    await().atMost(LocalCluster.PATIENCE).until(() -> log.told.get() == 3);

    var unused2 = propose(1);
    log.next().commit();
    await().atMost(LocalCluster.PATIENCE).until(() -> log.told.get() == 4);
  }

  @Test
  void whoeverDoesNotListenIsLeftToTheHeartbeats() throws Exception {
    log.deaf.set(Integer.MAX_VALUE);
    var unused = propose(0);
    log.next().commit();
    await().atMost(LocalCluster.PATIENCE).until(() -> log.told.get() == 7);
  }

  @Test
  void aLogThatCannotTellTheOthersIsGoneOnWith() throws Exception {
    log.broken = true;
    var unused0 = propose(0);
    log.next().commit();
    await().atMost(LocalCluster.PATIENCE).until(() -> log.told.get() == 1);

    CompletableFuture<Outcome> second = propose(1);
    log.next().commit();
    assertThat(second).succeedsWithin(LocalCluster.PATIENCE);
  }

  @Test
  void whoeverIsTooManyIsRefused() {
    List<CompletableFuture<Outcome>> all =
        IntStream.range(0, MAX_COMMANDS + 1).mapToObj(this::propose).toList();
    assertThat(all.get(MAX_COMMANDS).join()).isInstanceOf(Outcome.Rejected.class);
    assertThat(all.get(MAX_COMMANDS - 1)).isNotDone();
  }

  private static final class HandLog implements Proposer.Log {
    final BlockingQueue<Appended> appended = new LinkedBlockingQueue<>();
    final AtomicInteger told = new AtomicInteger();
    final AtomicInteger deaf = new AtomicInteger();
    volatile boolean broken;

    record Appended(ProposedBatch batch, CompletableFuture<RaftClientReply> reply) {
      void commit() {
        batch.decided(batch.entries().stream()
            .<Outcome>map(entry -> new Outcome.Committed(Revision.of(1), true, List.of(), true))
            .toList());
        reply.complete(RaftClientReply.newBuilder()
            .setClientId(ClientId.randomId())
            .setServerId(
                RaftGroupMemberId.valueOf(RaftPeerId.valueOf("v1"), RaftGroupId.randomId()))
            .setCallId(1)
            .setSuccess()
            .build());
      }
    }

    Appended next() throws InterruptedException {
      return appended.take();
    }

    @Override
    public CompletableFuture<RaftClientReply> append(ProposedBatch batch) {
      var next = new Appended(batch, new CompletableFuture<>());
      appended.add(next);
      return next.reply();
    }

    @Override
    public boolean tellCommitted() {
      told.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("closed");
      }
      return deaf.getAndDecrement() <= 0;
    }
  }
}
