package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.election.LeaderKey;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.lock.LockResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.GetOption.SortOrder;
import io.etcd.jetcd.options.GetOption.SortTarget;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.cluster.Member;
import io.syncline.verify.etcd.cluster.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What jetcd's users hold while leaders are killed as by {@code kill -9} and started again. How
 * often: system property {@code syncline.rounds}.
 */
@Tag("long")
class LeaderKillTest {
  private static final int ROUNDS = Integer.getInteger("syncline.rounds", 2);
  private static final int WRITES_BETWEEN = 100;
  // Longer than an election on a busy machine.
  private static final long TTL_SECONDS = 12;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private Cluster cluster;
  private Client client;

  @BeforeEach
  void start() {
    cluster = Cluster.started(Product.underTest(), folder);
    client = cluster.client();
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  @Test
  void everyWatcherIsToldOfEachWriteOnceAndInOrderWhereverItWatches() {
    var watching = new ArrayList<>(List.of(client));
    cluster.members().forEach(member -> watching.add(Cluster.clientOf(member)));
    try {
      List<Seen> live = watching.stream().map(LeaderKillTest::watch).toList();
      try (var writer = new SteadyWriter(cluster, "kill/")) {
        throughKills(() -> writer.awaitMore(WRITES_BETWEEN));
        writer.stop();
      }
      List<String> written = written();
      assertThat(written).hasSizeGreaterThan(ROUNDS * WRITES_BETWEEN);
      live.forEach(seen -> assertTold(seen, written));
      assertTold(watch(client), written);
    } finally {
      watching.forEach(Client::close);
    }
  }

  private static Seen watch(Client client) {
    var seen = new Seen();
    WatchOption option = WatchOption.builder().isPrefix(true).withRevision(1).build();
    client.getWatchClient().watch(bytes("kill/"), option, seen);
    return seen;
  }

  private List<String> written() {
    GetOption all = GetOption.builder()
        .isPrefix(true)
        .withSortField(SortTarget.MOD)
        .withSortOrder(SortOrder.ASCEND)
        .build();
    return answer(client.getKVClient().get(bytes("kill/"), all)).getKvs().stream()
        .map(pair -> pair.getModRevision() + " " + Calls.pair(pair))
        .toList();
  }

  private static void assertTold(Seen seen, List<String> written) {
    Awaitility.await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(
            () -> assertThat(told(seen)).as("failures: %s", seen.failures()).isEqualTo(written));
  }

  private static List<String> told(Seen seen) {
    return seen.events().stream()
        .map(event -> event.getKeyValue().getModRevision() + " " + Calls.pair(event.getKeyValue()))
        .toList();
  }

  @Test
  void aHeldLockStaysHeldUntilItsHolderFallsSilent() {
    long lease = grant();
    var told = new KeptAlive();
    try (var keeping = client.getLeaseClient().keepAlive(lease, told);
        var contender = new LockContender(cluster, "kill/lock")) {
      assertThat(keeping).isNotNull();
      LockResponse held = answer(client.getLockClient().lock(bytes("kill/lock"), lease));
      contender.start();
      throughKills(() -> {
        told.awaitMore();
        assertThat(contender.holds()).isFalse();
        assertThat(answer(client.getKVClient().get(held.getKey())).getKvs())
            .singleElement()
            .satisfies(key -> assertThat(key.getLease()).isEqualTo(lease));
      });
      assertThat(contender.holds()).isFalse();
      keeping.close();
      contender.awaitHolds();
      assertThat(remainingSeconds(lease)).isEqualTo(-1);
    }
  }

  @Test
  void aLeaseKeepsItsKeysThroughKillsAndLosesThemWhenItsTimeIsOver() {
    long kept = grant();
    long dropped = answer(client.getLeaseClient().grant(TTL_SECONDS / 4)).getID();
    put("kill/kept", kept);
    put("kill/dropped", dropped);
    var told = new KeptAlive();
    try (var keeping = client.getLeaseClient().keepAlive(kept, told)) {
      assertThat(keeping).isNotNull();
      throughKills(told::awaitMore);
      Calls.await("the end of the other lease", () -> remainingSeconds(dropped) == -1);
      assertThat(answer(client.getKVClient().get(bytes("kill/dropped"))).getCount())
          .isZero();
      assertThat(answer(client.getKVClient().get(bytes("kill/kept"))).getCount())
          .isOne();
      assertThat(remainingSeconds(kept)).isPositive();
    }
  }

  private void put(String key, long lease) {
    var option = PutOption.builder().withLeaseId(lease).build();
    answer(client.getKVClient().put(bytes(key), bytes("1"), option));
  }

  private long remainingSeconds(long lease) {
    return answer(client.getLeaseClient().timeToLive(lease, LeaseOption.DEFAULT))
        .getTTL();
  }

  @Test
  void whoIsElectedLeadsOn() {
    long lease = grant();
    var told = new KeptAlive();
    var observed = new Observed();
    try (var keeping = client.getLeaseClient().keepAlive(lease, told)) {
      assertThat(keeping).isNotNull();
      LeaderKey leads = answer(
              client.getElectionClient().campaign(bytes("kill/election"), lease, bytes("0")))
          .getLeader();
      client.getElectionClient().observe(bytes("kill/election"), observed);
      observed.awaitProposal("0");
      int[] round = {0};
      throughKills(() -> {
        told.awaitMore();
        LeaderResponse found = answer(client.getElectionClient().leader(bytes("kill/election")));
        assertThat(found.getKv().getKey()).isEqualTo(leads.getKey());
        round[0]++;
        answer(client.getElectionClient().proclaim(leads, bytes("" + round[0])));
      });

      // jetcd does not resume an observation that a member took with it.
      var after = observed.failed() ? new Observed() : observed;
      if (observed.failed()) {
        client.getElectionClient().observe(bytes("kill/election"), after);
      }
      after.awaitProposal("" + round[0]);
      assertThat(observed.leaders())
          .allSatisfy(leader -> assertThat(leader).startsWith(text(leads.getKey()) + "="));
      assertThat(observed.leaders()).doesNotHaveDuplicates();
    }
  }

  /** Kills whoever leads and starts it again, with the steps before, between and after. */
  private void throughKills(Runnable step) {
    for (int i = 0; i < ROUNDS; i++) {
      step.run();
      Member leader = cluster.awaitLeader();
      leader.kill();
      var unused = cluster.awaitLeaderOtherThan(leader);
      step.run();
      leader.start();
      cluster.awaitHealthy();
    }
    step.run();
  }

  private long grant() {
    return answer(client.getLeaseClient().grant(TTL_SECONDS)).getID();
  }
}
