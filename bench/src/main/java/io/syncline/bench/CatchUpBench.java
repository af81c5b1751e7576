package io.syncline.bench;

import io.syncline.bench.fanout.CatchUp;
import io.syncline.bench.fanout.FollowerProcess;
import io.syncline.bench.load.Load;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.FreePorts;
import io.syncline.bench.process.Members;
import io.syncline.bench.process.TemporaryFolder;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.model.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "catch-up",
    description = {
      "Lets a follower fall behind, and measures how fast it catches up and what writers feel of it.",
      "The follower is a process of its own with its copy on the disk. It is stopped where it is while"
          + " the writes are made that it will lack, and goes on while further writes go on."
    },
    footer = "  syncline bench catch-up --revisions 100000 --record catch-up.json")
final class CatchUpBench implements Callable<Integer> {
  private static final int MAX_REVISIONS = 10_000_000;

  @Mixin
  HelpOption help;

  @Mixin
  private ClusterOptions cluster;

  @Mixin
  private DataOptions data;

  @Mixin
  private OutputOptions output;

  @Spec
  private CommandSpec spec;

  @Option(
      names = "--voter",
      paramLabel = "HOST:PORT",
      converter = EndpointText.class,
      description = "Which voter is followed (default: the first endpoint).")
  private @Nullable Endpoint voter;

  @Option(
      names = "--revisions",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How far the follower falls behind (default: ${DEFAULT-VALUE}).")
  private int revisions;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Writes at a time, before, during and after catch-up (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationText.class,
      description =
          "Writes that are measured before catch-up begins, and after it (default: ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationText.class,
      description = "Writes before that, not measured (default: ${DEFAULT-VALUE}).")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--nice",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "How much the follower gives way to the voters and the writer, 0 to 19"
            + " (default: ${DEFAULT-VALUE}).",
        "With 19, only what they leave over of the machine is the follower's."
      })
  private int nice;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Same seed, same keys and contents (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the follower keeps its copy (default: a temporary folder).")
  private @Nullable Path dir;

  private final Map<String, Long> findings = new TreeMap<>();

  @Override
  public Integer call() throws IOException {
    requirePlausible();
    var session = new Session(
        spec.commandLine().getOut(), output.progress(spec.commandLine().getErr()));
    Dataset dataset = data.dataset("catch-up/", seed);
    CatchUp.Plan plan = plan();
    Endpoint upstream = voter == null ? cluster.endpoints().get(0) : voter;
    var results = new ArrayList<CatchUp.Result>();
    try (TemporaryFolder folder = TemporaryFolder.in(dir, "catch-up-");
        SynclineTarget target = cluster.connect();
        Members members = new Members()) {
      var listen = new Endpoint("127.0.0.1", FreePorts.take(1).get(0));
      var follower = FollowerProcess.start(
          members, "bench-catch-up", listen, upstream, cluster.namespace(), folder.path(), nice);
      var catchUp = new CatchUp(target, dataset, members, follower, upstream, plan);
      for (int round = 1; round <= rounds; round++) {
        results.add(catchUp.run());
        report(session, results.get(round - 1), round);
      }
      session.out().println(CatchUp.Result.overall(results));
      findings.putAll(CatchUp.Result.findings(results));
      var settings = new HashMap<>(data.settings());
      settings.put("revisions", (long) revisions);
      settings.put("nice", (long) nice);
      output.keep(spec, target.name(), seed, settings, session.rows(), findings);
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
    return results.stream().allMatch(CatchUp.Result::sound) ? session.exitCode() : ExitCode.REFUSED;
  }

  private void requirePlausible() {
    if (revisions < 1 || revisions > MAX_REVISIONS || rounds < 1 || nice < 0 || nice > 19) {
      throw new ParameterException(
          spec.commandLine(),
          "--revisions: %d, --rounds: %d, --nice: %d (expected: 1 to %,d, at least 1, and 0 to 19)"
              .formatted(revisions, rounds, nice, MAX_REVISIONS));
    }
  }

  private CatchUp.Plan plan() {
    try {
      return new CatchUp.Plan(revisions, Load.closed(inFlight, warmup, duration, seed));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void report(Session session, CatchUp.Result result, int round) {
    result.rows().forEach(session::add);
    session.out().println(result.text());
    session.out().flush();
    result.findings().forEach((name, value) -> findings.put("round_" + round + "_" + name, value));
  }
}
