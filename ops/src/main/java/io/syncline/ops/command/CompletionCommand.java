package io.syncline.ops.command;

import io.syncline.ops.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    aliases = "generate-completion",
    description = "Prints a script that completes commands and options in bash and zsh.",
    footer = {"  source <(syncline completion)"})
final class CompletionCommand implements Callable<Integer> {
  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public Integer call() {
    String script = AutoComplete.bash("syncline", spec.root().commandLine());
    SynclineCommand.terminal(spec).out().print(script);
    return ExitCode.DONE;
  }
}
