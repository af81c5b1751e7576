package io.syncline.verify.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.v3.PutRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether two stores answer the same. By default Debian's etcd and Syncline; what else: {@code
 * -Dsyncline.left} and {@code -Dsyncline.right} ({@code etcd} or {@code syncline}), {@code
 * -Dsyncline.seed}, {@code -Dsyncline.seeds}, {@code -Dsyncline.operations} of each seed, {@code
 * -Dsyncline.differences} to see more than the first. Fails where there is no etcd.
 */
@Tag("etcd")
class EtcdDifferencesTest {
  private static final String LEFT = System.getProperty("syncline.left", "etcd");
  private static final String RIGHT = System.getProperty("syncline.right", "syncline");
  private static final long SEED = Long.getLong("syncline.seed", 1);
  private static final int SEEDS = Integer.getInteger("syncline.seeds", 1);
  private static final int OPERATIONS = Integer.getInteger("syncline.operations", 80);
  private static final int DIFFERENCES = Integer.getInteger("syncline.differences", 1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void keysTransactionsLeasesAndWatchesAreAnsweredAlike() {
    duels("keysTransactionsLeasesAndWatchesAreAnsweredAlike", Everything::new);
  }

  @Test
  void usersAndRolesAreAnsweredAlike() {
    duels("usersAndRolesAreAnsweredAlike", Access::new);
  }

  private void duels(String test, LongFunction<Generator> generators) {
    var outcomes = new TreeMap<String, Integer>();
    var justified = new TreeMap<Justified.Reason, Integer>();
    int steps = 0;
    for (long seed = SEED; seed < SEED + SEEDS; seed++) {
      String again = test + " -Dsyncline.seed=" + seed + " -Dsyncline.seeds=1"
          + " -Dsyncline.operations=" + OPERATIONS;
      try (Store left = start(LEFT, "left", seed);
          Store right = start(RIGHT, "right", seed);
          var duel = new Duel(left, right, generators.apply(seed), DIFFERENCES, again)) {
        duel.run(OPERATIONS);
        add(outcomes, duel.outcomes());
        add(justified, duel.justified());
        steps += duel.steps();
      }
      System.out.printf(
          "%s and %s: seed %d of %d to %d, %,d operations, no difference%n",
          LEFT, RIGHT, seed, SEED, SEED + SEEDS - 1, steps);
    }
    outcomes.forEach((outcome, times) -> System.out.printf("%,8d %s%n", times, outcome));
    System.out.println("justified differences: " + justified);
  }

  private static <K> void add(Map<K, Integer> sums, Map<K, Integer> more) {
    more.forEach((key, times) -> sums.merge(key, times, Integer::sum));
  }

  private Store start(String kind, String side, long seed) {
    Path files = folder.resolve(seed + "-" + side);
    String name = kind + " (" + side + ")";
    return switch (kind) {
      case "etcd" -> EtcdProcess.started(name, files);
      case "syncline" -> SynclineCluster.started(name, files);
      default -> throw new IllegalArgumentException(kind + " (expected: etcd or syncline)");
    };
  }

  @Test
  void oneKeyThatOnlyOneStoreHasIsFound() {
    try (Store left = start("etcd", "left", 0);
        Store right = start("etcd", "right", 0);
        var secret = new Target(right);
        var duel = new Duel(left, right, new Everything(0), 1, "a run with a secret")) {
      duel.run(50);
      var put =
          PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("secret")).build();
      assertThat(secret.call(Method.PUT, put, Way.GRPC, "").isOk()).isTrue();

      assertThatThrownBy(() -> duel.run(100))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("differ at")
          .hasMessageContaining("revision");
    }
  }
}
