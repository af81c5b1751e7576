package io.syncline.bench;

import com.google.protobuf.ByteString;
import io.syncline.bench.fanout.Audience;
import io.syncline.bench.fanout.Delivery;
import io.syncline.bench.fanout.FanOut;
import io.syncline.bench.fanout.FollowerAudience;
import io.syncline.bench.fanout.Relays;
import io.syncline.bench.fanout.StreamAudience;
import io.syncline.bench.load.Load;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Listener;
import io.syncline.bench.process.TemporaryFolder;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "fan-out",
    description = {
      "Writes, and measures when followers of one voter have applied it, and what that costs the voter.",
      "First at a steady rate. Then, in rounds, as many changes as given at once: a full fan-out.",
      "commit-applied: from when the writer knew of the commit until a follower had applied it (0 if it"
          + " had sooner). write-applied: from when the write was sent.",
      "The followers are light: streams that follow the cursor, acknowledge, and keep nothing. With"
          + " --verifying they do verify what they are sent, all on this machine.",
      "Exit codes: 0 every follower saw every acknowledged change once and in order, 1 one did not,"
          + " 3 nothing came through."
    },
    footer = {
      "  syncline bench fan-out --followers 1000 --record fan-out.json",
      "  syncline bench fan-out --followers 1000 --relays 2 --branching 1"
    })
final class FanOutBench implements Callable<Integer> {
  private static final String PREFIX = "fan-out/";
  private static final int MAX_CHANGES = 1_000_000;
  private static final int MAX_RELAYS = 100;

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
      names = "--voter",
      paramLabel = "HOST:PORT",
      converter = EndpointText.class,
      description = "Which voter is followed (default: the first endpoint).")
  private @Nullable Endpoint voter;

  @Option(
      names = "--followers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many follow (default: ${DEFAULT-VALUE}).")
  private int followers;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "10",
      description = "Over how many connections; each follower has a stream of its own in one"
          + " (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--verifying",
      description = "The followers run a follower's code, and verify every batch.")
  private boolean verifying;

  @Option(
      names = "--relays",
      paramLabel = "N",
      defaultValue = "0",
      description = "Brings up this many relays, each a process, in a tree below the voter; the"
          + " followers follow its leaves (default: ${DEFAULT-VALUE}: they follow the voter).")
  private int relays;

  @Option(
      names = "--branching",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many relays follow the voter, and each relay (default: ${DEFAULT-VALUE}).")
  private int branching;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where relays keep their copies (default: a temporary folder).")
  private @Nullable Path dir;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "Writes per second of the steady part (default: ${DEFAULT-VALUE}).")
  private double ratePerSecond;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Writes of each full fan-out (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Full fan-outs, one after the other (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many keys are written (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--value-bytes",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Size of each content (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  private final Map<String, Long> findings = new TreeMap<>();

  @Override
  public Integer call() throws IOException {
    List<Load> loads = load.loads(ratePerSecond);
    requirePlausible();
    Dataset data = dataset();
    var session = new Session(
        spec.commandLine().getOut(), output.progress(spec.commandLine().getErr()));
    boolean whole;
    try (TemporaryFolder folder = TemporaryFolder.in(dir, "fan-out-");
        SynclineTarget target = cluster.connect();
        Relays tree = Relays.start(relays, branching, top(), cluster.namespace(), folder.path())) {
      whole = measure(session, target, tree, data, loads);
      output.keep(spec, target.name(), load.seed(), settings(tree), session.rows(), findings);
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    }
    return whole ? session.exitCode() : ExitCode.REFUSED;
  }

  private void requirePlausible() {
    requireWithin("--followers", followers, 1, FollowerAudience.MAX_FOLLOWERS);
    requireWithin("--connections", connections, 1, followers);
    requireWithin("--relays", relays, 0, MAX_RELAYS);
    requireWithin("--branching", branching, 1, MAX_RELAYS);
    requireWithin("--changes", changes, 1, MAX_CHANGES);
    requireWithin("--rounds", rounds, 0, 1000);
    if (!(ratePerSecond > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--rate: " + ratePerSecond + "/s (expected: more than 0)");
    }
  }

  private void requireWithin(String option, int given, int least, int most) {
    if (given < least || given > most) {
      throw new ParameterException(
          spec.commandLine(), "%s: %d (expected: %d to %d)".formatted(option, given, least, most));
    }
  }

  private Dataset dataset() {
    try {
      return new Dataset(PREFIX, keys, valueBytes, load.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Endpoint top() {
    return voter == null ? cluster.endpoints().get(0) : voter;
  }

  private Map<String, Long> settings(Relays tree) {
    var settings = new HashMap<String, Long>();
    settings.put("followers", (long) followers);
    settings.put("connections", (long) connections);
    settings.put("verifying", verifying ? 1L : 0L);
    settings.put("relays", (long) relays);
    settings.put("relay_levels", (long) tree.depth());
    settings.put("changes", (long) changes);
    settings.put("keys", (long) keys);
    settings.put("value_bytes", (long) valueBytes);
    return settings;
  }

  private boolean measure(
      Session session, SynclineTarget target, Relays tree, Dataset data, List<Load> loads) {
    Revision from = begin(target);
    tree.await(target.client(), from);
    var what = new Selector(cluster.namespace(), ByteString.copyFromUtf8(PREFIX));
    List<Endpoint> servers = relays == 0 ? List.of(top()) : tree.leaves();
    boolean whole = true;
    try (Audience audience = verifying
        ? FollowerAudience.join(servers, what, from, followers, connections)
        : StreamAudience.join(servers, what, from, followers, connections)) {
      var fanOut = new FanOut(target, data, audience, cpuTime(tree), session.progress());
      for (Load each : loads) {
        whole &= report(session, fanOut.steady(each), "steady_" + each.inFlight());
        for (int round = 1; round <= rounds; round++) {
          whole &= report(
              session,
              fanOut.full(changes, each.inFlight(), load.seed()),
              "full_" + each.inFlight() + "_" + round);
        }
      }
    }
    return whole;
  }

  /** A write of no follower's concern: from its revision on all is seen. */
  private Revision begin(SynclineTarget target) {
    return target
        .client()
        .put(cluster.namespace(), Key.of("fan-out-begin"), ByteString.copyFromUtf8("begin"))
        .revision();
  }

  private Supplier<Map<String, Duration>> cpuTime(Relays tree) {
    Optional<ProcessHandle> serving = Listener.on(top().port());
    return () -> {
      var spent = new TreeMap<>(tree.cpuTime());
      serving
          .flatMap(process -> process.info().totalCpuDuration())
          .ifPresent(cpu -> spent.put("voter", cpu));
      return spent;
    };
  }

  private boolean report(Session session, Delivery delivery, String name) {
    delivery.rows().forEach(session::add);
    session.out().println(delivery.text());
    session.out().flush();
    delivery.findings().forEach((finding, value) -> findings.put(name + "_" + finding, value));
    return delivery.check().passed();
  }
}
