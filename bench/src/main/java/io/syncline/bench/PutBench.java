package io.syncline.bench;

import io.syncline.bench.load.Load;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.bench.store.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "put",
    description = "Writes random contents to keys drawn at random.",
    footer = {
      "  syncline bench put --in-flight 1,16,64,256 --record put.json",
      "  syncline bench put --rate 2000 --duration 1m --progress"
    })
final class PutBench implements Callable<Integer> {
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
      defaultValue = "0",
      description =
          "Start this many per second whatever the answers do; latency counts from when each was to"
              + " start. Without it, each answer starts the next.")
  private double ratePerSecond;

  @Override
  public Integer call() throws IOException {
    List<Load> loads = load.loads(ratePerSecond);
    var session = new Session(
        spec.commandLine().getOut(), output.progress(spec.commandLine().getErr()));
    Dataset dataset = data.dataset("put/", load.seed());
    try (SynclineTarget target = cluster.connect()) {
      for (Load each : loads) {
        session.run("put", each, Workloads.put(target, dataset));
      }
      output.keep(spec, target.name(), load.seed(), data.settings(), session.rows(), Map.of());
    }
    return session.exitCode();
  }
}
