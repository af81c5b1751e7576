package io.syncline.bench;

import io.syncline.bench.store.Dataset;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is written and read. */
final class DataOptions {
  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many keys (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--value-bytes",
      paramLabel = "N",
      defaultValue = "256",
      description = "Size of each content (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  Dataset dataset(String prefix, long seed) {
    try {
      return new Dataset(prefix, keys, valueBytes, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  Map<String, Long> settings() {
    return Map.of("keys", (long) keys, "value_bytes", (long) valueBytes);
  }
}
