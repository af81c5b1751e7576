package io.syncline.ops.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "conflicts",
    description = {
      "Lists, shows, resolves and watches conflicts: two contents of one key that cannot both stand.",
      "What resolves one is a version like any other: to undo it, roll back its key."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  syncline conflicts list --state open",
      "  syncline conflicts show 12",
      "  syncline conflicts resolve 12 --strategy accept-target",
      "  syncline conflicts resolve 12 --file merged.yaml --reason 'agreed with the gateway team'",
      "  syncline conflicts watch"
    },
    subcommands = {
      ConflictsListCommand.class,
      ConflictsShowCommand.class,
      ConflictsResolveCommand.class,
      ConflictsWatchCommand.class
    })
final class ConflictsCommand implements Runnable {
  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "conflicts: no command (expected: list, show, resolve or watch)");
  }
}
