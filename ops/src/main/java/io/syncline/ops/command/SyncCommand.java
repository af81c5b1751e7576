package io.syncline.ops.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "sync",
    description = "Shows how followers come along, and verifies, repairs and catches them up.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  syncline sync tasks",
      "  syncline sync verify",
      "  syncline sync verify edge-1 --repair",
      "  syncline sync now edge-1 -n routes"
    },
    subcommands = {SyncTasksCommand.class, SyncVerifyCommand.class, SyncNowCommand.class})
final class SyncCommand implements Runnable {
  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "sync: no command (expected: tasks, verify or now)");
  }
}
