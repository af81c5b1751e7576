package io.syncline.bench;

import io.syncline.bench.load.Load;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long load is put on, and with which random choices. */
final class LoadOptions {
  @Option(
      names = "--in-flight",
      split = ",",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Operations at a time, one run for each number given (default: ${DEFAULT-VALUE});"
              + " with --rate: at most.")
  private List<Integer> inFlight = List.of();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationText.class,
      description = "Of each run, after its warm-up (default: ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationText.class,
      description = "Load before the measurement begins (default: ${DEFAULT-VALUE}).")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Same seed, same keys and contents (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * One load for each number in flight.
   *
   * @param ratePerSecond 0: closed loop
   */
  List<Load> loads(double ratePerSecond) {
    try {
      return inFlight.stream()
          .map(n -> new Load(n, ratePerSecond, warmup, duration, Long.MAX_VALUE, seed))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  long seed() {
    return seed;
  }
}
