package io.syncline.ops.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "namespace",
    description = "Creates, lists, shows and sets namespaces.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  syncline namespace create routes --retain-versions 100",
      "  syncline namespace list",
      "  syncline namespace show routes",
      "  syncline namespace set routes --retain-age 90d"
    },
    subcommands = {
      NamespaceCreateCommand.class,
      NamespaceListCommand.class,
      NamespaceShowCommand.class,
      NamespaceSetCommand.class
    })
final class NamespaceCommand implements Runnable {
  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "namespace: no command (expected: create, list, show or set)");
  }
}
