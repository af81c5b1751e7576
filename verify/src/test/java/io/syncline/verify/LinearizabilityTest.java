package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.syncline.client.WriteResult;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.verify.ChangeLog.Change;
import io.syncline.verify.Operation.Kind;
import io.syncline.verify.RaftNetwork.Link;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads and writes go on while the leader is cut off from the others, killed or stopped; some clients
 * stay with it. Each answer is held against the log. How many rounds: system property {@code
 * syncline.rounds}; the same faults again: {@code syncline.seed}.
 */
class LinearizabilityTest {
  private static final int ROUNDS = Integer.getInteger("syncline.rounds", 1);
  private static final long SEED = Long.getLong("syncline.seed", System.nanoTime());

  private static final int WRITES_BEFORE = 30;
  private static final int WRITES_ELSEWHERE = 20;
  private static final int READS_AFTER = 10;
  private static final int SHOWN = 10;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path root;

  /** What is done to a leader. */
  private enum Fault {
    /** Nothing from it reaches the others, nor anything from them it. */
    CUT_OFF,
    /** Nothing from it reaches the others. */
    MUTE,
    /** Nothing from the others reaches it. */
    DEAF,
    /**
     * Cut off and stopped, and let go on while still cut off when the others have moved on: nobody has
     * told it, and no time has passed for it.
     */
    CUT_OFF_ASLEEP,
    KILLED,
    STOPPED
  }

  @Test
  void answersAreLinearizableUnderTheLease() throws Exception {
    rounds("true");
  }

  @Test
  void answersAreLinearizableWithoutTheLease() throws Exception {
    rounds("false");
  }

  private void rounds(String lease) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "cuts need the tables of Linux");
    System.out.printf("leader-lease %s: -Dsyncline.seed=%d%n", lease, SEED);
    var random = new Random(SEED);
    var operations = new ArrayList<Operation>();
    var log = new ArrayList<Change>();
    try (var cluster = ProcessCluster.startedOnCuttableNetwork(root, "--leader-lease=" + lease)) {
      writeEachKeyOnce(cluster, operations);
      for (int round = 1; round <= ROUNDS; round++) {
        String summary = round(cluster, round, random, operations);
        extend(log, cluster);
        List<String> violations = LinearizabilityCheck.violations(log, operations);
        System.out.printf(
            "leader-lease %s, round %d: %s, %d revisions so far, %d violations%n",
            lease, round, summary, log.size(), violations.size());
        assertThat(violations.subList(0, Math.min(SHOWN, violations.size())))
            .as("%d violations in round %d, seed %d", violations.size(), round, SEED)
            .isEmpty();
        dropReadsButTheNewest(operations);
      }
    }
  }

  /** A round begins when the one before has ended: of its reads the newest stands for all. */
  private static void dropReadsButTheNewest(List<Operation> operations) {
    Operation newest = operations.stream()
        .filter(operation -> operation.kind() == Kind.READ)
        .max(Comparator.comparingLong(Operation::revision))
        .orElseThrow();
    operations.removeIf(operation -> operation.kind() == Kind.READ && !operation.equals(newest));
  }

  private static void writeEachKeyOnce(ProcessCluster cluster, List<Operation> operations) {
    try (var client = cluster.client()) {
      for (String key : Traffic.KEYS) {
        long beganNanos = System.nanoTime();
        String content = "first of " + key;
        WriteResult result =
            client.put(NamespaceName.DEFAULT, Key.of(key), ByteString.copyFromUtf8(content));
        operations.add(
            Operation.write("first", key, content, result.revision().value(), beganNanos));
      }
    }
  }

  private static String round(
      ProcessCluster cluster, int round, Random random, List<Operation> operations)
      throws InterruptedException, ExecutionException {
    try (var traffic = new Traffic(cluster, "round " + round, random.nextLong())) {
      var summary = new StringBuilder();
      for (Fault fault : faults(random)) {
        awaitWrites(traffic, WRITES_BEFORE);
        VoterProcess leader = cluster.awaitLeader();
        summary.append(leader.name()).append(' ').append(fault);
        inflict(fault, leader, cluster);
        summary.append(awaitOtherLeader(fault, leader, cluster, traffic)).append(", ");
        undo(fault, leader, cluster);
        cluster.awaitAllReady();
      }
      awaitWrites(traffic, WRITES_BEFORE);
      List<Operation> made = traffic.stop();
      operations.addAll(made);
      return summary.append(made.size()).append(" operations").toString();
    }
  }

  /** A cut in each round, and in some another fault after it. */
  private static List<Fault> faults(Random random) {
    Fault cut = switch (random.nextInt(8)) {
      case 0 -> Fault.MUTE;
      case 1 -> Fault.DEAF;
      case 2, 3, 4 -> Fault.CUT_OFF_ASLEEP;
      default -> Fault.CUT_OFF;
    };
    return switch (random.nextInt(6)) {
      case 0 -> List.of(cut, Fault.KILLED);
      case 1 -> List.of(cut, Fault.STOPPED);
      default -> List.of(cut);
    };
  }

  private static void inflict(Fault fault, VoterProcess leader, ProcessCluster cluster) {
    switch (fault) {
      case KILLED -> leader.kill();
      case STOPPED -> leader.pause();
      case CUT_OFF, MUTE, DEAF -> cut(fault, leader, cluster);
      case CUT_OFF_ASLEEP -> {
        cut(fault, leader, cluster);
        leader.pause();
      }
    }
  }

  private static void cut(Fault fault, VoterProcess leader, ProcessCluster cluster) {
    for (VoterProcess other : cluster.voters()) {
      if (!other.equals(leader) && fault != Fault.DEAF) {
        cluster.network().cut(new Link(leader.name(), other.name()));
      }
      if (!other.equals(leader) && fault != Fault.MUTE) {
        cluster.network().cut(new Link(other.name(), leader.name()));
      }
    }
  }

  /** Lasts until writes are acknowledged elsewhere, and longer if the old leader can be read. */
  private static String awaitOtherLeader(
      Fault fault, VoterProcess old, ProcessCluster cluster, Traffic traffic) {
    Traffic.Pinned reads = traffic.pinnedTo(old);
    var unused = cluster.awaitLeaderOtherThan(old);
    awaitWrites(traffic, WRITES_ELSEWHERE);
    if (fault == Fault.KILLED || fault == Fault.STOPPED) {
      return "";
    }
    int asked = reads.asked.get();
    int answered = reads.answered.get();
    if (fault == Fault.CUT_OFF_ASLEEP) {
      old.resume();
    }
    await("the old leader to give up, and reads to be tried at it")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> reads.asked.get() >= asked + READS_AFTER && !cluster.leads(old));
    return " (" + (reads.asked.get() - asked) + " reads tried there after writes elsewhere, "
        + (reads.answered.get() - answered) + " answered)";
  }

  private static void undo(Fault fault, VoterProcess leader, ProcessCluster cluster) {
    switch (fault) {
      case KILLED -> leader.start();
      case STOPPED -> leader.resume();
      case CUT_OFF, MUTE, DEAF, CUT_OFF_ASLEEP -> cluster.network().heal();
    }
  }

  private static void awaitWrites(Traffic traffic, int count) {
    int before = traffic.acknowledged();
    await("writes to be acknowledged")
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> traffic.acknowledged() >= before + count);
  }

  /** Not by a read that is to be linearizable: whether those are is the question. */
  private static void extend(List<Change> log, ProcessCluster cluster) {
    VoterProcess leader = cluster.awaitLeader();
    long head = cluster.voters().stream()
        .flatMap(voter -> cluster.status(voter).stream())
        .mapToLong(status -> status.getHeader().getRevision())
        .max()
        .orElseThrow();
    log.addAll(ChangeLog.read(leader.client(), log.size() + 1L, head));
  }
}
