package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.ExitCode;
import io.syncline.bench.HelpOption;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Launcher;
import io.syncline.bench.process.TemporaryFolder;
import io.syncline.bench.result.Provenance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "compare-etcd-watch",
    description = {
      "Runs three etcd members with watchers and three Syncline voters with followers in turns and"
          + " compares what telling them of each write takes.",
      "Needs etcd on the PATH (Debian: the package etcd-server); installs nothing.",
      "Exit codes: 0 compared, 1 a watcher or follower missed a change, 3 a cluster did not start."
    },
    footer = {
      "  syncline bench compare-etcd-watch --dir /var/tmp",
      "  syncline bench compare-etcd-watch --only syncline --rounds 1"
    })
public final class CompareEtcdWatchCommand implements Callable<Integer> {
  static final Map<WatchFigure, Double> BARS = Map.of(
      WatchFigure.STEADY_WRITE_EVENT_P99, 1.0,
      WatchFigure.STEADY_EVENTS_PER_CPU_SECOND, 2.0,
      WatchFigure.FULL_EVENTS_PER_CPU_SECOND, 2.0,
      WatchFigure.FULL_WRITE_EVENT_P99, 1.0);

  @Mixin
  HelpOption help;

  @Mixin
  private ComparisonOptions options;

  @Mixin
  private ContenderOptions who;

  @Mixin
  private AudienceOptions audience;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "Of the steady part (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "5",
      description = "Of the same load before it (default: ${DEFAULT-VALUE}).")
  private int warmupSeconds;

  @Option(
      names = "--settle-seconds",
      defaultValue = "60",
      description =
          "Of both loads after a cluster's start, not measured (default: ${DEFAULT-VALUE}).")
  private int settleSeconds;

  @Option(
      names = "--keys",
      defaultValue = "1000",
      description = "How many keys are written (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--value-bytes",
      defaultValue = "1024",
      description = "Size of each content (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    options.requirePlausible();
    who.requirePlausible();
    audience.requirePlausible();
    requirePlausible();
    Optional<List<Contender>> contenders = who.contenders(data ->
        SynclineCluster.start(Launcher.find(), options.serverJavaOptions(), List.of(), data));
    if (contenders.isEmpty()) {
      return ExitCode.UNAVAILABLE;
    }
    try (TemporaryFolder folder = TemporaryFolder.in(options.parent(), "compare-etcd-watch-")) {
      return compare(contenders.get(), folder) ? ExitCode.DONE : ExitCode.REFUSED;
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  private void requirePlausible() {
    boolean timed = seconds >= 1 && warmupSeconds >= 0 && settleSeconds >= 0;
    if (!timed || keys < 1 || valueBytes < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected: every number at least 1, warm-ups at least 0; given: "
              + plan().toJson());
    }
  }

  private WatchComparison.Plan plan() {
    return new WatchComparison.Plan(
        options.rounds(),
        audience.load(),
        seconds,
        warmupSeconds,
        settleSeconds,
        keys,
        valueBytes,
        options.seed());
  }

  private boolean compare(List<Contender> contenders, TemporaryFolder folder) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    ObjectNode json = Provenance.observe(command, options.results()).toJson();
    String fileSystem = Files.getFileStore(folder.path()).type();
    out.printf(
        "three processes each; a writer and %,d watchers or followers, one stream each over %d"
            + " connections to the leader, in one program; data on %s (%s)%n",
        audience.load().audience(), audience.load().connections(), folder.path(), fileSystem);
    List<WatchTurn> turns = new WatchComparison(plan(), folder.path(), out).run(contenders);
    json.put("what", "compare-etcd-watch").put("file_system", fileSystem);
    json.set("settings", plan().toJson());
    if (who.both()) {
      WatchSummary summary = WatchSummary.of(turns, BARS);
      out.println();
      summary.text().forEach(out::println);
      json.set("summary", summary.toJson());
    }
    turns.forEach(turn -> json.withArray("turns").add(turn.toJson()));
    options.keep(who.recordName("compare-etcd-watch"), json, out);
    return turns.stream().allMatch(WatchTurn::passed);
  }
}
