package io.syncline.bench;

import io.syncline.bench.load.Load;
import io.syncline.bench.store.Counters;
import io.syncline.bench.store.SynclineTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "cas",
    description = {
      "Raises counters by compare-and-set and checks that none was lost or done twice.",
      "An operation is one increment: read, write if unchanged, from the start if not."
    },
    footer = "  syncline bench cas --in-flight 64 --increments 10000")
final class CasBench implements Callable<Integer> {
  @Mixin
  HelpOption help;

  @Mixin
  private ClusterOptions cluster;

  @Mixin
  private LoadOptions load;

  @Mixin
  private OutputOptions output;

  @Spec
  private CommandSpec spec;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many counters; the fewer, the more conflicts (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--increments",
      paramLabel = "N",
      description = "Ends each run after this many, without a warm-up, instead of --duration.")
  private @Nullable Long increments;

  @Override
  public Integer call() throws IOException {
    if (keys < 1 || (increments != null && increments < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--keys and --increments: expected at least 1");
    }
    List<Load> loads = load.loads(0).stream().map(this::endedByCount).toList();
    var session = new Session(
        spec.commandLine().getOut(), output.progress(spec.commandLine().getErr()));
    try (SynclineTarget target = cluster.connect()) {
      var counters = new Counters(target, "counter/", keys);
      long before = counters.sum().join();
      for (Load each : loads) {
        session.run("cas", each, counters);
      }
      long raised = counters.sum().join() - before;
      boolean exact = report(session, counters, raised);
      output.keep(
          spec,
          target.name(),
          load.seed(),
          Map.of("keys", (long) keys),
          session.rows(),
          Map.of(
              "acknowledged_increments", counters.increments(),
              "counters_raised_by", raised,
              "conflicts", counters.conflicts()));
      return exact ? session.exitCode() : ExitCode.REFUSED;
    }
  }

  private Load endedByCount(Load timed) {
    return increments == null ? timed : Load.count(timed.inFlight(), increments, timed.seed());
  }

  /** A write whose outcome is unknown may have raised a counter, once. */
  private boolean report(Session session, Counters counters, long raised) {
    long unknown = counters.failures();
    long acknowledged = counters.increments();
    boolean exact = raised >= acknowledged && raised <= acknowledged + unknown;
    PrintWriter out = session.out();
    out.printf(
        "counters raised by %,d, increments acknowledged %,d, outcome unknown %,d, conflicts %,d: %s%n",
        raised,
        acknowledged,
        unknown,
        counters.conflicts(),
        exact ? "exact" : "NOT exact: a write was lost or done twice");
    out.flush();
    return exact;
  }
}
