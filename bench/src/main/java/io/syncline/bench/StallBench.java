package io.syncline.bench;

import io.syncline.bench.fanout.FollowerProcess;
import io.syncline.bench.fanout.Stall;
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
    name = "stall",
    description = {
      "Stops a follower where it is, and measures what the voter that sends to it feels of it.",
      "The follower is a process of its own with its copy on the disk. Writes go on all the time: first"
          + " while it reads, then while it does not."
    },
    footer = "  syncline bench stall --stalled 60s --record stall.json")
final class StallBench implements Callable<Integer> {
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
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "16",
      description = "Writes at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationText.class,
      description =
          "Writes that are measured while the follower reads (default: ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--stalled",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = DurationText.class,
      description = "How long it does not (default: ${DEFAULT-VALUE}).")
  private Duration stalled = Duration.ZERO;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationText.class,
      description = "Writes before that, not measured (default: ${DEFAULT-VALUE}).")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
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
    Dataset dataset = data.dataset("stall/", seed);
    Stall.Plan plan = plan();
    Endpoint upstream = voter == null ? cluster.endpoints().get(0) : voter;
    try (TemporaryFolder folder = TemporaryFolder.in(dir, "stall-");
        SynclineTarget target = cluster.connect();
        Members members = new Members()) {
      var listen = new Endpoint("127.0.0.1", FreePorts.take(1).get(0));
      var follower = FollowerProcess.start(
          members,
          "bench-stall",
          listen,
          upstream,
          cluster.namespace(),
          folder.path(),
          FollowerProcess.NOT_NICE);
      var stall = new Stall(target, dataset, members, follower, upstream, plan);
      for (int round = 1; round <= rounds; round++) {
        report(session, stall.run(), round);
      }
      var settings = new HashMap<>(data.settings());
      settings.put("stalled_ms", stalled.toMillis());
      output.keep(spec, target.name(), seed, settings, session.rows(), findings);
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
    return session.exitCode();
  }

  private void requirePlausible() {
    if (stalled.isZero() || rounds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--stalled: %d ms, --rounds: %d (expected: more than 0, and at least 1)"
              .formatted(stalled.toMillis(), rounds));
    }
  }

  private Stall.Plan plan() {
    try {
      return new Stall.Plan(Load.closed(inFlight, warmup, duration, seed), stalled);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void report(Session session, Stall.Result result, int round) {
    result.rows().forEach(session::add);
    session.out().println(result.text());
    session.out().flush();
    result.findings().forEach((name, value) -> findings.put("round_" + round + "_" + name, value));
  }
}
