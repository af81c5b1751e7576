package io.syncline.bench.compare;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long each measurement takes, and what is written and read. */
final class CellOptions {
  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "5",
      description = "Load before each measurement (default: ${DEFAULT-VALUE}).")
  private int warmupSeconds;

  @Option(
      names = "--settle-seconds",
      defaultValue = "120",
      description = "Load after a cluster's start, not measured (default: ${DEFAULT-VALUE}).")
  private int settleSeconds;

  @Option(
      names = "--keys",
      defaultValue = "10000",
      description = "How many keys (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--value-bytes",
      defaultValue = "256",
      description = "Size of each content (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  void requirePlausible() {
    if (seconds < 1 || warmupSeconds < 0 || settleSeconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "seconds: expected at least 1, warm-ups at least 0");
    }
    if (keys < 1 || valueBytes < 1) {
      throw new ParameterException(
          spec.commandLine(), "--keys, --value-bytes: expected at least 1");
    }
  }

  Comparison.Plan plan(List<Cell> cells, ComparisonOptions options) {
    return new Comparison.Plan(
        cells,
        options.rounds(),
        seconds,
        warmupSeconds,
        settleSeconds,
        keys,
        valueBytes,
        options.seed());
  }

  /** An audience that is told of the same writes. */
  WatchComparison.Plan watchPlan(WatchComparison.AudienceLoad audience, ComparisonOptions options) {
    return new WatchComparison.Plan(
        options.rounds(),
        audience,
        seconds,
        warmupSeconds,
        settleSeconds,
        keys,
        valueBytes,
        options.seed());
  }
}
