package io.syncline.bench;

import io.syncline.bench.compare.CompareEtcdCommand;
import picocli.CommandLine.Command;

/**
 * {@code syncline bench}: puts load on a cluster and measures it.
 *
 * <p>The subcommands let the client's exceptions through; whoever runs them maps those to exit codes.
 */
@Command(
    name = "bench",
    description = "Puts load on a cluster and measures it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PutBench.class,
      GetBench.class,
      CasBench.class,
      WatchBench.class,
      CompareEtcdCommand.class
    })
public final class BenchCommand {}
