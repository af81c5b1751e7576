package io.syncline.bench;

import io.syncline.bench.compare.CompareEtcdCommand;
import io.syncline.bench.compare.CompareEtcdDoorCommand;
import io.syncline.bench.compare.CompareEtcdWatchCommand;
import io.syncline.bench.compare.CompareMetricsCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code syncline bench}: puts load on a cluster and measures it.
 *
 * <p>The subcommands let the client's exceptions through; whoever runs them maps those to exit codes.
 */
@Command(
    name = "bench",
    description = "Puts load on a cluster and measures it.",
    footer = {
      "  syncline bench put --endpoints 127.0.0.1:7400 --in-flight 1,16,64,256",
      "  syncline bench watch --endpoints 127.0.0.1:7400 --watchers 100"
    },
    subcommands = {
      PutBench.class,
      GetBench.class,
      CasBench.class,
      WatchBench.class,
      FanOutBench.class,
      CatchUpBench.class,
      StallBench.class,
      CompareEtcdCommand.class,
      CompareEtcdDoorCommand.class,
      CompareEtcdWatchCommand.class,
      CompareMetricsCommand.class
    })
public final class BenchCommand {
  @Mixin
  HelpOption help;
}
