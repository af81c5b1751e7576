package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.ExitCode;
import io.syncline.bench.HelpOption;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Launcher;
import io.syncline.bench.process.TemporaryFolder;
import io.syncline.bench.result.Provenance;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Target;
import io.syncline.bench.store.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "compare-metrics",
    description = {
      "Measures what metrics cost: two clusters of three voters stand side by side, one that counts"
          + " and one that does not, and are written to in turns.",
      "The two turns of a round follow each other, and their order alternates: a machine that slows"
          + " down does not bend the ratio."
    },
    footer = {"  syncline bench compare-metrics", "  syncline bench compare-metrics --rounds 40"})
public final class CompareMetricsCommand implements Callable<Integer> {
  private static final String ON = "on";
  private static final String OFF = "off";

  /** The most that metrics may cost. */
  private static final double BAR = 0.98;

  @Mixin
  HelpOption help;

  @Mixin
  private ComparisonOptions options;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      description = "Of each turn (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--settle-seconds",
      defaultValue = "120",
      description = "Writes to each cluster first, not measured (default: ${DEFAULT-VALUE}).")
  private int settleSeconds;

  @Option(
      names = "--in-flight",
      defaultValue = "64",
      description = "Writes under way (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Spec
  private CommandSpec spec;

  /** One turn: writes a second, and processor time of the members for a write. */
  private record Figure(double perSecond, double microsPerWrite) {}

  @Override
  public Integer call() throws IOException {
    options.requirePlausible();
    if (seconds < 1 || settleSeconds < 0 || inFlight < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected: --seconds and --in-flight at least 1, warm-ups at least 0");
    }
    Path launcher = Launcher.find();
    try (TemporaryFolder folder = TemporaryFolder.in(options.parent(), "compare-metrics-");
        Cluster on = start(launcher, folder.path().resolve(ON), true);
        Cluster off = start(launcher, folder.path().resolve(OFF), false);
        Target toOn = on.connect();
        Target toOff = off.connect()) {
      compare(on, toOn, off, toOff);
      return ExitCode.DONE;
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  private Cluster start(Path launcher, Path folder, boolean metrics) throws IOException {
    Files.createDirectories(folder);
    return SynclineCluster.start(
        launcher,
        options.serverJavaOptions(),
        List.of("--metrics=" + metrics, "--http-listen=none"),
        folder);
  }

  private void compare(Cluster on, Target toOn, Cluster off, Target toOff) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    ObjectNode json = Provenance.observe(command, options.results()).toJson();
    var data = new Dataset("compare/", 10_000, 256, options.seed());
    for (Target target : List.of(toOn, toOff)) {
      var unused = Workloads.fillAll(target, data, options.seed());
      if (settleSeconds > 0) {
        var settled = Run.measure(
            Clock.SYSTEM, load(settleSeconds), Workloads.put(target, data), Progress.NONE);
      }
    }
    out.printf(
        Locale.ROOT,
        "%-7s %10s %10s %8s   %s%n",
        "round",
        "on/s",
        "off/s",
        "ratio",
        "us of members on, off");
    var rates = new ArrayList<Double>();
    var costs = new ArrayList<Double>();
    ArrayNode rounds = json.withArray("rounds");
    for (int round = 1; round <= options.rounds(); round++) {
      boolean onFirst = round % 2 == 1;
      Figure first = turn(onFirst ? on : off, onFirst ? toOn : toOff, data);
      Figure second = turn(onFirst ? off : on, onFirst ? toOff : toOn, data);
      Figure counted = onFirst ? first : second;
      Figure uncounted = onFirst ? second : first;
      rates.add(counted.perSecond() / uncounted.perSecond());
      costs.add(counted.microsPerWrite() / uncounted.microsPerWrite());
      rounds
          .addObject()
          .put("on_first", onFirst)
          .put("on_per_second", counted.perSecond())
          .put("off_per_second", uncounted.perSecond())
          .put("on_member_micros_per_write", counted.microsPerWrite())
          .put("off_member_micros_per_write", uncounted.microsPerWrite());
      out.printf(
          Locale.ROOT,
          "%-7d %,10.0f %,10.0f %8.3f   %.1f, %.1f%n",
          round,
          counted.perSecond(),
          uncounted.perSecond(),
          counted.perSecond() / uncounted.perSecond(),
          counted.microsPerWrite(),
          uncounted.microsPerWrite());
      out.flush();
    }
    double ratio = Ratios.median(rates);
    double cost = Ratios.median(costs);
    out.printf(
        Locale.ROOT,
        "%nwrites a second, on to off: %.3f (median of %d rounds; bar: at least %.2f: %s)%n"
            + "processor time of the members for a write, on to off: %.3f%n",
        ratio,
        options.rounds(),
        BAR,
        ratio >= BAR ? "met" : "NOT met",
        cost);
    json.put("what", "compare-metrics")
        .put("seconds", seconds)
        .put("settle_seconds", settleSeconds)
        .put("in_flight", inFlight)
        .put("ratio", ratio)
        .put("member_time_ratio", cost)
        .put("bar", BAR)
        .put("met", ratio >= BAR);
    options.keep("compare-metrics", json, out);
  }

  private Figure turn(Cluster cluster, Target target, Dataset data) {
    Duration before = cluster.cpuTime();
    var measured =
        Run.measure(Clock.SYSTEM, load(seconds), Workloads.put(target, data), Progress.NONE);
    Duration spent = cluster.cpuTime().minus(before);
    return new Figure(
        measured.operationsPerSecond(),
        (double) spent.toNanos() / 1e3 / (double) Math.max(1, measured.operations()));
  }

  private Load load(int loadSeconds) {
    return Load.closed(inFlight, Duration.ZERO, Duration.ofSeconds(loadSeconds), options.seed());
  }
}
