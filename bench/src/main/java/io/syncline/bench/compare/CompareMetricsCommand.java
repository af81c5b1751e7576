package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.ExitCode;
import io.syncline.bench.HelpOption;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Launcher;
import io.syncline.bench.process.TemporaryFolder;
import io.syncline.bench.result.Provenance;
import io.syncline.bench.result.Spread;
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
          + " down does not bend the ratio. Turns are short: what disturbs one disturbs the other."
    },
    footer = {"  syncline bench compare-metrics", "  syncline bench compare-metrics --rounds 600"})
public final class CompareMetricsCommand implements Callable<Integer> {
  private static final String ON = "on";
  private static final String OFF = "off";
  private static final int KEYS = 10_000;
  private static final int VALUE_BYTES = 256;

  /** The most that metrics may cost. */
  private static final double BAR = 0.98;

  @Mixin
  HelpOption help;

  @Mixin
  private ComparisonOptions options;

  @Option(
      names = "--seconds",
      defaultValue = "1",
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

  /** Both turns of a round. */
  private record Round(boolean onFirst, Figure on, Figure off) {
    double rateRatio() {
      return on.perSecond() / off.perSecond();
    }

    double costRatio() {
      return on.microsPerWrite() / off.microsPerWrite();
    }

    String text(int number) {
      return String.format(
          Locale.ROOT,
          "%-7d %,10.0f %,10.0f %8.3f   %.1f, %.1f",
          number,
          on.perSecond(),
          off.perSecond(),
          rateRatio(),
          on.microsPerWrite(),
          off.microsPerWrite());
    }

    void addTo(ArrayNode rounds) {
      rounds
          .addObject()
          .put("on_first", onFirst)
          .put("on_per_second", on.perSecond())
          .put("off_per_second", off.perSecond())
          .put("on_member_micros_per_write", on.microsPerWrite())
          .put("off_member_micros_per_write", off.microsPerWrite());
    }
  }

  /** A cluster and a client of it. */
  private record Side(Cluster cluster, Target target) {}

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
      compare(new Side(on, toOn), new Side(off, toOff));
      return ExitCode.DONE;
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  private Cluster start(Path launcher, Path folder, boolean metrics) throws IOException {
    Files.createDirectories(folder);
    return SynclineCluster.start(
        launcher, options.serverJavaOptions(), List.of("--metrics=" + metrics), folder);
  }

  private void compare(Side on, Side off) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    ObjectNode json = Provenance.observe(command, options.results()).toJson();
    var data = new Dataset("compare/", KEYS, VALUE_BYTES, options.seed());
    settle(on, data);
    settle(off, data);
    out.printf("%-7s %10s %10s %8s   %s%n", "round", "on/s", "off/s", "ratio", "µs of members");
    var rounds = new ArrayList<Round>();
    for (int number = 1; number <= options.rounds(); number++) {
      Round round = round(number % 2 == 1, on, off, data);
      rounds.add(round);
      out.println(round.text(number));
      out.flush();
    }
    var ratio = RatioOfTotals.of(
        rounds.stream().map(round -> round.on().perSecond()).toList(),
        rounds.stream().map(round -> round.off().perSecond()).toList());
    double median = Spread.median(rounds.stream().map(Round::rateRatio).toList());
    double cost = Spread.median(rounds.stream().map(Round::costRatio).toList());
    boolean met = ratio.ratio() >= BAR;
    out.printf(
        Locale.ROOT,
        "%nwrites, on to off: %.3f (standard error %.3f; all %d rounds together; bar: at least %.2f: %s)%n"
            + "median of the rounds: %.3f%n"
            + "processor time of the members for a write, on to off: %.3f (median)%n",
        ratio.ratio(),
        ratio.standardError(),
        rounds.size(),
        BAR,
        met ? "met" : "NOT met",
        median,
        cost);
    json.put("what", "compare-metrics")
        .put("seconds", seconds)
        .put("settle_seconds", settleSeconds)
        .put("in_flight", inFlight)
        .put("ratio", ratio.ratio())
        .put("ratio_standard_error", ratio.standardError())
        .put("median_ratio", median)
        .put("member_time_ratio", cost)
        .put("bar", BAR)
        .put("met", met);
    rounds.forEach(round -> round.addTo(json.withArray("rounds")));
    options.keep("compare-metrics", json, out);
  }

  private void settle(Side side, Dataset data) {
    long written = Workloads.fillAll(side.target(), data, options.seed()).operations();
    if (written < data.size()) {
      throw new ClusterFailed("keys written: " + written + " (expected: " + data.size() + ")");
    }
    if (settleSeconds > 0) {
      Run.measure(
          Clock.SYSTEM, load(settleSeconds), Workloads.put(side.target(), data), Progress.NONE);
    }
  }

  private Round round(boolean onFirst, Side on, Side off, Dataset data) {
    Figure first = turn(onFirst ? on : off, data);
    Figure second = turn(onFirst ? off : on, data);
    return onFirst ? new Round(true, first, second) : new Round(false, second, first);
  }

  private Figure turn(Side side, Dataset data) {
    Duration before = side.cluster().cpuTime();
    Measurement measured =
        Run.measure(Clock.SYSTEM, load(seconds), Workloads.put(side.target(), data), Progress.NONE);
    Duration spent = side.cluster().cpuTime().minus(before);
    return new Figure(
        measured.operationsPerSecond(),
        (double) spent.toNanos() / 1e3 / (double) Math.max(1, measured.operations()));
  }

  private Load load(int loadSeconds) {
    return Load.closed(inFlight, Duration.ZERO, Duration.ofSeconds(loadSeconds), options.seed());
  }
}
