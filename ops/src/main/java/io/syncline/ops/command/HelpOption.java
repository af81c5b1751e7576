package io.syncline.ops.command;

import picocli.CommandLine.Option;

/** Help without the version that comes with it in picocli: {@code get --version} means another. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
