package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.result.ResultTable;
import io.syncline.bench.result.Row;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Target;
import io.syncline.bench.store.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts the same load on several systems in turns: new clusters on the same disk each time, the order
 * alternating from round to round, so that neither gains from a machine that warms up or slows down.
 */
final class Comparison {
  private static final int SETTLING_IN_FLIGHT = 64;

  private final Plan plan;
  private final Path folder;
  private final PrintWriter out;

  /**
   * @param cells what is measured in each turn, in this order
   * @param seconds of each cell's measurement
   * @param warmupSeconds before each cell
   * @param settleSeconds of writes before the first cell, for both systems to warm up
   */
  record Plan(
      List<Cell> cells,
      int rounds,
      int seconds,
      int warmupSeconds,
      int settleSeconds,
      int keys,
      int valueBytes,
      long seed) {
    Plan {
      cells = List.copyOf(cells);
    }

    ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("rounds", rounds)
          .put("seconds", seconds)
          .put("warmup_seconds", warmupSeconds)
          .put("settle_seconds", settleSeconds)
          .put("keys", keys)
          .put("value_bytes", valueBytes)
          .put("seed", seed);
    }
  }

  Comparison(Plan plan, Path folder, PrintWriter out) {
    this.plan = plan;
    this.folder = folder;
    this.out = out;
  }

  /** All turns, in the order in which they ran. */
  List<Turn> run(List<Contender> contenders) throws IOException {
    var turns = new ArrayList<Turn>();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (int i = 0; i < contenders.size(); i++) {
        int next = round % 2 == 1 ? i : contenders.size() - 1 - i;
        turns.add(turn(round, contenders.get(next)));
      }
    }
    return turns;
  }

  private Turn turn(int round, Contender contender) throws IOException {
    out.printf("%nround %d of %d: %s%n", round, plan.rounds(), contender.name());
    out.println(ResultTable.header());
    out.flush();
    Path data = folder.resolve("round" + round + "-" + contender.name());
    Files.createDirectories(data);
    try (Cluster cluster = contender.launch().start(data);
        Target target = cluster.connect()) {
      String leader = cluster.leader();
      List<Turn.Result> results = measure(cluster, target);
      return new Turn(
          round, contender.name(), cluster.version(), List.of(leader, cluster.leader()), results);
    } finally {
      delete(data);
    }
  }

  private List<Turn.Result> measure(Cluster cluster, Target target) {
    var data = new Dataset("compare/", plan.keys(), plan.valueBytes(), plan.seed());
    Measurement filled = Workloads.fillAll(target, data, plan.seed());
    if (filled.operations() < data.size()) {
      throw new ClusterFailed("keys written: %,d (expected: %,d); %s"
          .formatted(filled.operations(), data.size(), filled.errors()));
    }
    if (plan.settleSeconds() > 0) {
      Load settling = load(SETTLING_IN_FLIGHT, 0, plan.settleSeconds());
      Run.measure(Clock.SYSTEM, settling, Workloads.put(target, data), Progress.NONE);
    }
    var results = new ArrayList<Turn.Result>();
    for (Cell cell : plan.cells()) {
      results.add(measure(cell, cluster, target, data));
    }
    return results;
  }

  private Turn.Result measure(Cell cell, Cluster cluster, Target target, Dataset data) {
    Load load = load(cell.inFlight(), plan.warmupSeconds(), plan.seconds());
    Cores.Spent before = Cores.Spent.now(cluster);
    var row = new Row(
        cell.name(),
        load,
        Run.measure(Clock.SYSTEM, load, cell.kind().workload(target, data), Progress.NONE));
    var result = new Turn.Result(cell, row, Cores.Spent.now(cluster).since(before));
    print(result);
    return result;
  }

  private void print(Turn.Result result) {
    out.println(ResultTable.row(result.row()));
    result.row().measurement().errors().forEach((kind, n) -> out.printf("  %,d x %s%n", n, kind));
    if (result.cores().disturbed()) {
      out.printf(
          "  disturbed: other programs kept %.1f cores busy, client and members %.1f%n",
          result.cores().others(), result.cores().client() + result.cores().members());
    }
    out.flush();
  }

  private Load load(int inFlight, int warmupSeconds, int seconds) {
    return Load.closed(
        inFlight, Duration.ofSeconds(warmupSeconds), Duration.ofSeconds(seconds), plan.seed());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
