package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.fanout.Audience;
import io.syncline.bench.fanout.Delivery;
import io.syncline.bench.fanout.FanOut;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Progress;
import io.syncline.bench.process.TemporaryFolder;
import io.syncline.bench.result.ResultTable;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Puts the same audience on several systems in turns: new clusters each time, the order alternating. */
final class WatchComparison {
  private static final String PREFIX = "compare/";
  private static final int IN_FLIGHT = 64;

  private final Plan plan;
  private final Path folder;
  private final PrintWriter out;

  /**
   * @param audience how many are told of each write
   * @param connections that the audience shares, one stream for each of it
   * @param ratePerSecond writes of the steady load
   * @param changes of each full fan-out
   * @param fullRounds full fan-outs in each turn
   */
  record AudienceLoad(
      int audience, int connections, double ratePerSecond, int changes, int fullRounds) {}

  /**
   * @param seconds of the steady load, after its warm-up
   * @param settleSeconds of both loads before anything is measured
   */
  record Plan(
      int rounds,
      AudienceLoad load,
      int seconds,
      int warmupSeconds,
      int settleSeconds,
      int keys,
      int valueBytes,
      long seed) {
    ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("rounds", rounds)
          .put("audience", load.audience())
          .put("connections", load.connections())
          .put("rate_per_second", load.ratePerSecond())
          .put("seconds", seconds)
          .put("warmup_seconds", warmupSeconds)
          .put("settle_seconds", settleSeconds)
          .put("changes", load.changes())
          .put("full_rounds", load.fullRounds())
          .put("in_flight", IN_FLIGHT)
          .put("keys", keys)
          .put("value_bytes", valueBytes)
          .put("seed", seed);
    }
  }

  WatchComparison(Plan plan, Path folder, PrintWriter out) {
    this.plan = plan;
    this.folder = folder;
    this.out = out;
  }

  /** All turns, in the order in which they ran. */
  List<WatchTurn> run(List<Contender> contenders) throws IOException {
    var turns = new ArrayList<WatchTurn>();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (int i = 0; i < contenders.size(); i++) {
        int next = round % 2 == 1 ? i : contenders.size() - 1 - i;
        turns.add(turn(round, contenders.get(next)));
      }
    }
    return turns;
  }

  private WatchTurn turn(int round, Contender contender) throws IOException {
    out.printf("%nround %d of %d: %s%n", round, plan.rounds(), contender.name());
    out.flush();
    try (TemporaryFolder data = TemporaryFolder.in(folder, contender.name());
        Cluster cluster = contender.launch().start(data.path());
        Target target = cluster.connect();
        Audience audience =
            cluster.audience(PREFIX, plan.load().audience(), plan.load().connections())) {
      String leader = cluster.leader();
      var keys = new Dataset(PREFIX, plan.keys(), plan.valueBytes(), plan.seed());
      var fanOut = new FanOut(
          target, keys, audience, () -> Map.of("members", cluster.cpuTime()), Progress.NONE);
      settle(fanOut);
      WatchTurn.Result steady = measure(cluster, () -> fanOut.steady(steadyLoad()));
      var full = new ArrayList<WatchTurn.Result>();
      for (int i = 0; i < plan.load().fullRounds(); i++) {
        full.add(measure(cluster, () -> full(fanOut)));
      }
      return new WatchTurn(
          round,
          contender.name(),
          cluster.version(),
          List.of(leader, cluster.leader()),
          steady,
          full);
    }
  }

  /** Full fan-outs, and the steady load, until what is used most is compiled. */
  private void settle(FanOut fanOut) {
    Clock clock = Clock.SYSTEM;
    long end = clock.nanos() + Duration.ofSeconds(plan.settleSeconds()).toNanos();
    while (clock.nanos() - end < 0) {
      full(fanOut);
      fanOut.steady(Load.open(
          IN_FLIGHT,
          plan.load().ratePerSecond(),
          Duration.ZERO,
          Duration.ofSeconds(2),
          plan.seed()));
    }
  }

  private Delivery full(FanOut fanOut) {
    return fanOut.full(plan.load().changes(), IN_FLIGHT, plan.seed());
  }

  private Load steadyLoad() {
    return Load.open(
        IN_FLIGHT,
        plan.load().ratePerSecond(),
        Duration.ofSeconds(plan.warmupSeconds()),
        Duration.ofSeconds(plan.seconds()),
        plan.seed());
  }

  private WatchTurn.Result measure(Cluster cluster, Supplier<Delivery> load) {
    Cores.Spent before = Cores.Spent.now(cluster);
    Delivery delivery = load.get();
    var result = new WatchTurn.Result(delivery, Cores.Spent.now(cluster).since(before));
    out.println(ResultTable.header());
    delivery.rows().forEach(row -> out.println(ResultTable.row(row)));
    out.println(delivery.text());
    if (result.cores().disturbed()) {
      out.printf(
          "  disturbed: other programs kept %.1f cores busy%n", result.cores().others());
    }
    out.flush();
    return result;
  }
}
