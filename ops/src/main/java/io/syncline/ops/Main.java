package io.syncline.ops;

import io.syncline.ops.command.SynclineCommand;
import io.syncline.ops.output.Terminal;
import io.syncline.ops.text.Arguments;
import io.syncline.ops.text.NearestName;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code syncline} command. */
public final class Main {
  private static final String COMMON_POOL_SIZE =
      "java.util.concurrent.ForkJoinPool.common.parallelism";
  private static final int LEAST_COMMON_POOL_SIZE = 3;

  private Main() {}

  public static void main(String[] args) {
    // Before anything asynchronous: with one or two processors the JDK would start a new thread for
    // each asynchronous step of Ratis, of which every append has several.
    int processors = Runtime.getRuntime().availableProcessors();
    if (processors <= LEAST_COMMON_POOL_SIZE && System.getProperty(COMMON_POOL_SIZE) == null) {
      System.setProperty(COMMON_POOL_SIZE, Integer.toString(LEAST_COMMON_POOL_SIZE));
    }
    // Before the first logger: only what runs for long tells what it does without being asked.
    boolean runsForLong = args.length > 0 && List.of("server", "follower").contains(args[0]);
    System.setProperty("syncline.log.default", runsForLong ? "INFO" : "WARN");
    // gRPC and Ratis also log by the logging of Java itself, which would tell of every start.
    Logger.getLogger("").setLevel(Level.WARNING);
    System.exit(run(args, Terminal.ofProcess(), true));
  }

  /** Runs a command with this process's environment; none of the streams counts as a terminal. */
  static int run(String[] args, PrintStream out, PrintStream err, InputStream in) {
    return run(args, out, err, in, System.getenv());
  }

  static int run(
      String[] args,
      PrintStream out,
      PrintStream err,
      InputStream in,
      Map<String, String> environment) {
    return run(args, Terminal.of(out, err, in, environment), false);
  }

  /**
   * @param ofProcess whether these arguments are this process's own
   * @return the exit code
   */
  private static int run(String[] args, Terminal terminal, boolean ofProcess) {
    int exitCode;
    try {
      String[] arguments = ofProcess ? Arguments.ofProcess(args) : args;
      exitCode = execute(arguments, terminal);
    } catch (IllegalArgumentException e) {
      exitCode = fail(new UsageException(String.valueOf(e.getMessage())), args, terminal);
    }
    try {
      terminal.out().flush();
    } catch (RuntimeException e) {
      // One sentence is enough: what failed before may have been this.
      exitCode = exitCode == ExitCode.DONE ? fail(e, args, terminal) : exitCode;
    }
    terminal.err().flush();
    return exitCode;
  }

  private static int execute(String[] args, Terminal terminal) {
    CommandLine commandLine = SynclineCommand.commandLine(terminal);
    commandLine.setParameterExceptionHandler(
        (e, arguments) -> fail(new UsageException(sentence(e)), args, terminal));
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> fail(e, args, terminal));
    if (args.length == 0) {
      commandLine.usage(terminal.err());
      return ExitCode.WRONG_USAGE;
    }
    return commandLine.execute(args);
  }

  private static int fail(Exception thrown, String[] args, Terminal terminal) {
    if ("1".equals(terminal.environment().get("SYNCLINE_DEBUG"))) {
      thrown.printStackTrace(terminal.err());
    }
    Failure failure = Failure.of(thrown);
    if (!failure.message().isEmpty()) {
      terminal.err().println(wantsJson(args) ? failure.json() : failure.line());
    }
    return failure.exitCode();
  }

  /** Looks at the arguments as they are: they may be what is wrong. */
  private static boolean wantsJson(String[] args) {
    List<String> list =
        Arrays.stream(args).map(arg -> arg.replace("--output=", "")).toList();
    for (int i = 0; i < args.length; i++) {
      boolean value = args[i].startsWith("--output=") || (i > 0 && args[i - 1].equals("--output"));
      if (value && list.get(i).equalsIgnoreCase("json")) {
        return true;
      }
    }
    return false;
  }

  /** What picocli says, on one line, and where to read on. */
  private static String sentence(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String message =
        String.valueOf(e.getMessage()).lines().map(String::strip).collect(Collectors.joining(" "));
    String given = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      given = unmatched.getUnmatched().get(0);
    }
    String nearest = given.isEmpty()
        ? ""
        : nearest(command, given).map(n -> "; did you mean \"" + n + "\"?").orElse("");
    String name = command.getCommandSpec().qualifiedName();
    return message + nearest + (nearest.isEmpty() ? "; " : " ") + "see " + name + " --help";
  }

  private static Optional<String> nearest(CommandLine command, String given) {
    return NearestName.of(
        given,
        given.startsWith("-")
            ? command.getCommandSpec().optionsMap().keySet()
            : command.getSubcommands().keySet());
  }
}
