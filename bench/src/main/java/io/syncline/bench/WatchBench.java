package io.syncline.bench;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.result.Row;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Propagation;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.model.KeyRange;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "watch",
    description = {
      "Writes at a steady rate and measures when watchers see it.",
      "put: the writes. commit-event: from when the writer knew of the commit until a watcher saw it"
          + " (0 if it saw it sooner). write-event: from when the write was sent. The ops/s of the"
          + " last two are events, of all watchers together."
    },
    footer = "  syncline bench watch --rate 1000 --watchers 100")
final class WatchBench implements Callable<Integer> {
  private static final String PREFIX = "watch/";
  private static final int MAX_WATCHERS = 10_000;

  /** How long missing events are waited for after the last write. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  @Mixin
  HelpOption help;

  @Mixin
  private ClusterOptions cluster;

  @Mixin
  private LoadOptions load;

  @Mixin
  private DataOptions data;

  @Mixin
  private OutputOptions output;

  @Spec
  private CommandSpec spec;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Writes per second (default: ${DEFAULT-VALUE}).")
  private double ratePerSecond;

  @Option(
      names = "--watchers",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many watch all the keys (default: ${DEFAULT-VALUE}).")
  private int watchers;

  private final Map<String, Long> findings = new HashMap<>();

  @Override
  public Integer call() throws Exception {
    List<Load> loads = load.loads(ratePerSecond);
    requirePlausible(loads);
    var session = new Session(
        spec.commandLine().getOut(), output.progress(spec.commandLine().getErr()));
    Dataset dataset = data.dataset(PREFIX, load.seed());
    boolean complete = true;
    try (SynclineTarget target = cluster.connect()) {
      for (Load each : loads) {
        complete &= watch(session, target, dataset, each);
      }
      var settings = new HashMap<>(data.settings());
      settings.put("watchers", (long) watchers);
      output.keep(spec, target.name(), load.seed(), settings, session.rows(), findings);
    }
    return complete ? session.exitCode() : ExitCode.REFUSED;
  }

  private void requirePlausible(List<Load> loads) {
    if (watchers < 1 || watchers > MAX_WATCHERS) {
      throw new ParameterException(
          spec.commandLine(), "--watchers: " + watchers + " (expected: 1 to " + MAX_WATCHERS + ")");
    }
    long mostWrites = loads.stream().mapToLong(this::maxWrites).max().orElse(0);
    if (!(ratePerSecond > 0) || mostWrites > Propagation.MAX_WRITES) {
      throw new ParameterException(
          spec.commandLine(),
          "--rate: %s/s, so %,d writes (expected: a rate > 0 and at most %,d writes)"
              .formatted(ratePerSecond, mostWrites, Propagation.MAX_WRITES));
    }
  }

  private long maxWrites(Load each) {
    Duration whole = each.warmup().plus(each.duration());
    return (long) Math.ceil(whole.toNanos() / 1e9 * ratePerSecond) + 1;
  }

  private boolean watch(Session session, SynclineTarget target, Dataset dataset, Load each)
      throws Exception {
    Clock clock = Clock.SYSTEM;
    var propagation = new Propagation(target, dataset, clock, maxWrites(each), each.warmup());
    var watches = Stream.generate(
            () -> target.watch(KeyRange.prefix(PREFIX), propagation.newWatcher()))
        .limit(watchers)
        .toList();
    try {
      CompletableFuture.allOf(watches.toArray(CompletableFuture[]::new))
          .orTimeout(LONGEST_WAIT.toSeconds(), SECONDS)
          .join();
      propagation.begin();
      Row puts = session.run("put", each, propagation);
      propagation.await(LONGEST_WAIT);
      addEvents(session, each, puts.measurement().elapsed(), propagation);
      return report(session, propagation);
    } finally {
      for (var watch : watches) {
        if (watch.isDone() && !watch.isCompletedExceptionally()) {
          watch.join().close();
        }
      }
    }
  }

  private static void addEvents(
      Session session, Load each, Duration elapsed, Propagation propagation) {
    session.add(row("commit-event", each, elapsed, propagation.fromCommit()));
    session.add(row("write-event", each, elapsed, propagation.fromStart()));
  }

  private static Row row(String name, Load each, Duration elapsed, Histogram latencies) {
    return new Row(name, each, new Measurement(elapsed, latencies, Map.of()));
  }

  private boolean report(Session session, Propagation propagation) {
    long missing = propagation.missing();
    long doubled = propagation.doubled();
    long unordered = propagation.unordered();
    findings.merge("missing_events", missing, Long::sum);
    findings.merge("doubled_events", doubled, Long::sum);
    findings.merge("unordered_events", unordered, Long::sum);
    Throwable broken = propagation.broken();
    session
        .out()
        .printf(
            "%d watchers, events missing %,d, doubled %,d, out of order %,d%s%n",
            watchers,
            missing,
            doubled,
            unordered,
            broken == null ? "" : "; a watch ended: " + broken);
    return missing == 0 && doubled == 0 && unordered == 0 && broken == null;
  }
}
