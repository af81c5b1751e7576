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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "compare-etcd-door",
    description = {
      "Runs three etcd members and three Syncline voters in turns and compares them, both by etcd's"
          + " API through the same client: put, get, transactions, and watchers told of each write.",
      "Needs etcd on the PATH (Debian: the package etcd-server); installs nothing.",
      "Exit codes: 0 compared, 1 a watcher missed a write, 3 a cluster did not start."
    },
    footer = {
      "  syncline bench compare-etcd-door --dir /var/tmp",
      "  syncline bench compare-etcd-door --only syncline --rounds 1 --without-watch"
    })
public final class CompareEtcdDoorCommand implements Callable<Integer> {
  @Mixin
  HelpOption help;

  @Mixin
  private ComparisonOptions options;

  @Mixin
  private ContenderOptions who;

  @Mixin
  private CellOptions load;

  @Mixin
  private AudienceOptions audience;

  @Option(names = "--without-watch", description = "Leaves the watchers out.")
  private boolean withoutWatch;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    options.requirePlausible();
    who.requirePlausible();
    load.requirePlausible();
    audience.requirePlausible();
    Optional<List<Contender>> contenders = who.contenders(data ->
        SynclineCluster.startWithEtcdDoor(Launcher.find(), options.serverJavaOptions(), data));
    if (contenders.isEmpty()) {
      return ExitCode.UNAVAILABLE;
    }
    try (TemporaryFolder folder = TemporaryFolder.in(options.parent(), "compare-etcd-door-")) {
      return compare(contenders.get(), folder.path()) ? ExitCode.DONE : ExitCode.REFUSED;
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
  }

  private boolean compare(List<Contender> contenders, Path folder) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    ObjectNode json = Provenance.observe(command, options.results()).toJson();
    String fileSystem = Files.getFileStore(folder).type();
    json.put("what", "compare-etcd-door").put("file_system", fileSystem);
    out.printf(
        "three processes each, one client of etcd's API, connected to the leader; data on %s (%s)%n",
        folder, fileSystem);
    Stream<String> summary = compareCells(contenders, folder, json);
    boolean passed = true;
    if (!withoutWatch) {
      List<WatchTurn> turns = new WatchComparison(watchPlan(), folder, out).run(contenders);
      summary = Stream.concat(summary, keep(turns, json));
      passed = turns.stream().allMatch(WatchTurn::passed);
    }
    summary.forEach(out::println);
    options.keep(who.recordName("compare-etcd-door"), json, out);
    return passed;
  }

  /** Returns what it comes to, for people; the record is told, too. */
  private Stream<String> compareCells(List<Contender> contenders, Path folder, ObjectNode json)
      throws IOException {
    Comparison.Plan plan = load.plan(Cell.ETCD_API, options);
    List<Turn> turns = new Comparison(plan, folder, spec.commandLine().getOut()).run(contenders);
    json.set("settings", plan.toJson());
    turns.forEach(turn -> json.withArray("turns").add(turn.toJson()));
    if (!who.both()) {
      return Stream.empty();
    }
    Summary summary = Summary.of(turns);
    json.set("summary", summary.toJson());
    return Stream.concat(Stream.of(""), summary.text());
  }

  private WatchComparison.Plan watchPlan() {
    return load.watchPlan(audience.load(), options);
  }

  private Stream<String> keep(List<WatchTurn> turns, ObjectNode json) {
    json.set("watch_settings", watchPlan().toJson());
    turns.forEach(turn -> json.withArray("watch_turns").add(turn.toJson()));
    if (!who.both()) {
      return Stream.empty();
    }
    WatchSummary summary = WatchSummary.of(turns, Map.of());
    json.set("watch_summary", summary.toJson());
    return Stream.concat(Stream.of(""), summary.text());
  }
}
