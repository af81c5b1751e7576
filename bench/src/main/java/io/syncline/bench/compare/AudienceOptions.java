package io.syncline.bench.compare;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many are told of how many writes. */
final class AudienceOptions {
  @Option(
      names = "--watchers",
      defaultValue = "1000",
      description =
          "How many are told of each write, by either system (default: ${DEFAULT-VALUE}).")
  private int watchers;

  @Option(
      names = "--connections",
      defaultValue = "10",
      description = "Over how many connections; each has a stream of its own in one"
          + " (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Writes per second of the steady part (default: ${DEFAULT-VALUE}).")
  private double ratePerSecond;

  @Option(
      names = "--changes",
      defaultValue = "1000",
      description = "Writes of each full fan-out (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--full-rounds",
      defaultValue = "5",
      description = "Full fan-outs in each turn (default: ${DEFAULT-VALUE}).")
  private int fullRounds;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  void requirePlausible() {
    boolean counted = watchers >= 1 && connections >= 1 && connections <= watchers;
    if (!counted || !(ratePerSecond > 0) || changes < 1 || fullRounds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "expected: every number at least 1, not more connections than watchers; given: "
              + load());
    }
  }

  WatchComparison.AudienceLoad load() {
    return new WatchComparison.AudienceLoad(
        watchers, connections, ratePerSecond, changes, fullRounds);
  }
}
