package io.syncline.bench;

import picocli.CommandLine.Option;

/** Tells how a command is used. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help and exits.")
  boolean requested;
}
