package io.syncline.ops.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "draft",
    description = {
      "Keeps changes at a follower while the cluster cannot be reached.",
      "The follower proposes them when it can: a draft whose key has not changed since becomes a"
          + " version, by its author; one whose key has is a conflict, and settled as --on-conflict says."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  syncline draft put routes/api --file api.yaml --endpoints 127.0.0.1:7410",
      "  syncline draft delete routes/old --endpoints 127.0.0.1:7410",
      "  syncline draft list --endpoints 127.0.0.1:7410",
      "  syncline draft show 3 --endpoints 127.0.0.1:7410",
      "  syncline draft discard 3 --endpoints 127.0.0.1:7410"
    },
    subcommands = {
      DraftPutCommand.class,
      DraftDeleteCommand.class,
      DraftListCommand.class,
      DraftShowCommand.class,
      DraftDiscardCommand.class
    })
final class DraftCommand implements Runnable {
  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "draft: no command (expected: put, delete, list, show or discard)");
  }
}
