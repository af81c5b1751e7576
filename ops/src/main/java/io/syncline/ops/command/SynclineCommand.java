package io.syncline.ops.command;

import io.syncline.bench.BenchCommand;
import io.syncline.ops.output.Terminal;
import io.syncline.ops.settings.Catalogue;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The root of all commands. */
@Command(
    name = "syncline",
    description = "A versioned configuration store that keeps a whole fleet in step.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  syncline demo                                  three voters with sample data",
      "  syncline put routes/api --content 'timeout: 5s'",
      "  syncline history routes/api",
      "  syncline COMMAND --help                        options and examples of a command",
      "",
      "Exit codes: 0 done, 1 refused or not found, 2 wrong usage, 3 unavailable or unknown outcome."
    },
    subcommands = {
      DemoCommand.class,
      PutCommand.class,
      GetCommand.class,
      ListCommand.class,
      DeleteCommand.class,
      UndeleteCommand.class,
      HistoryCommand.class,
      DiffCommand.class,
      MergeCommand.class,
      RollbackCommand.class,
      WatchCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      NamespaceCommand.class,
      StatusCommand.class,
      TopCommand.class,
      AlertsCommand.class,
      ConflictsCommand.class,
      DraftCommand.class,
      FollowerCommand.class,
      FollowersCommand.class,
      SyncCommand.class,
      CompactCommand.class,
      MonitoringCommand.class,
      BenchCommand.class,
      CompletionCommand.class
    })
public final class SynclineCommand {
  private final Terminal terminal;

  private SynclineCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The whole tree of commands, reading from and writing to this terminal. */
  public static CommandLine commandLine(Terminal terminal) {
    var root = new CommandLine(new SynclineCommand(terminal));
    var server = new CommandLine(new ServerCommand());
    Catalogue.ALL.forEach(
        setting -> server.getCommandSpec().addOption(ServerCommand.option(setting)));
    root.addSubcommand(server);
    root.setUsageHelpAutoWidth(true);
    headExamples(root);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setAbbreviatedOptionsAllowed(false);
    root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    root.setColorScheme(CommandLine.Help.defaultColorScheme(
        terminal.coloursOut() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    Converters.register(root);
    return root;
  }

  private static void headExamples(CommandLine command) {
    command.getCommandSpec().usageMessage().footerHeading("%nExamples:%n");
    command.getSubcommands().values().forEach(SynclineCommand::headExamples);
  }

  static Terminal terminal(CommandSpec spec) {
    return ((SynclineCommand) spec.root().userObject()).terminal;
  }
}
