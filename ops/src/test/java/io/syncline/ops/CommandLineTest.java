package io.syncline.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.ops.command.SynclineCommand;
import io.syncline.ops.output.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command does before it talks to a cluster. */
final class CommandLineTest {
  /** Nobody listens there. */
  private static final String NOBODY = "127.0.0.1:1";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Main.run(
        args,
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(err, false, StandardCharsets.UTF_8),
        new ByteArrayInputStream(new byte[0]),
        Map.of("SYNCLINE_ENDPOINTS", NOBODY));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static CommandLine commandLine() {
    var nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    return SynclineCommand.commandLine(
        Terminal.of(nowhere, nowhere, new ByteArrayInputStream(new byte[0]), Map.of()));
  }

  private static CommandLine subcommand(String name) {
    return Objects.requireNonNull(commandLine().getSubcommands().get(name), name);
  }

  /** All but those of bench, whose help is its own. */
  static Stream<CommandLine> commands() {
    return tree(commandLine());
  }

  private static Stream<CommandLine> tree(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream()
            .distinct()
            .filter(subcommand -> !subcommand.getCommandName().equals("bench"))
            .flatMap(CommandLineTest::tree));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpOfEachCommandHasAnExample(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();

    assertThat(command.getUsageMessage())
        .contains("Examples:")
        .containsPattern("(?m)^  (.*[ (])?syncline .*" + lastWord(name));
    assertThat(command.getCommandSpec().optionsMap()).containsKey("--help");
  }

  private static String lastWord(String name) {
    return name.equals("syncline") ? "" : name.substring(name.lastIndexOf(' ') + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put",
        "get",
        "list",
        "delete",
        "undelete",
        "history",
        "diff",
        "rollback",
        "watch",
        "import",
        "export",
        "status",
        "compact"
      })
  void eachClientCommandTakesWhatScriptsRelyOn(String name) {
    assertThat(subcommand(name).getCommandSpec().optionsMap())
        .containsKeys("--endpoints", "-n", "--namespace", "--output", "--timeout");
  }

  @Test
  void theCommandsAreAllThere() {
    assertThat(commandLine().getSubcommands())
        .containsKeys(
            "server", "demo", "put", "get", "list", "delete", "undelete", "history", "diff");
    assertThat(commandLine().getSubcommands())
        .containsKeys(
            "rollback",
            "merge",
            "watch",
            "import",
            "export",
            "namespace",
            "status",
            "compact",
            "bench");
    assertThat(subcommand("namespace").getSubcommands())
        .containsOnlyKeys("create", "list", "show", "set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "putt k|did you mean \"put\"?",
        "get k --verzion 3|did you mean \"--version\"?",
        "get|Missing required parameter: 'KEY'",
        "get k --version 0|\"0\" (expected: a whole number >= 1)",
        "get k --at-time yesterday|expected: an ISO-8601 time",
        "get k --version 1 --at-revision 2|mutually exclusive",
        "get k --output yaml|--output",
        "get k -n UPPER|namespace: \"UPPER\"",
        "get k --endpoints nowhere|endpoint: \"nowhere\" (expected: host:port)",
        "get k --timeout 0|--timeout: 0 ms (expected: >= 1ms)",
        "get abc --hex-key|pairs of hexadecimal digits",
        "put k|content given 0 times",
        "put k --content a --file b|content given 2 times",
        "put k --content a --if-absent --if-version 1|mutually exclusive",
        "put k --content a --if-checksum 12|64 hexadecimal digits",
        "delete|give either KEY or --prefix",
        "delete --prefix a|expected: --yes",
        "rollback k|--to-version",
        "list --max-staleness 0s|--max-staleness: 0 (expected: >= 1ms",
        "export folder --history|expected: a file named .jsonl or .jsonl.gz",
        "namespace|expected: create, list, show or set",
        "namespace set x|nothing to set",
        "demo --stop --empty|expected: at most --data",
        "demo --port 80|--port: 80 (expected: 1024",
        "server --max-content 1GiB|expected: a size of 1KiB to 8MiB",
        "server --config /no/such.yaml|no such file",
        "server --name v4 --voters v1=a:1/a:2|settings: voters: \"v4\" stands in the list 0 times"
      })
  void wrongUsageIsOneSentenceAndExitCodeTwo(String commandLine, String expected) {
    int exitCode = run(commandLine.split(" ", -1));

    assertThat(err()).startsWith("syncline: ").contains(expected).endsWith("\n");
    assertThat(err().lines()).hasSize(1);
    assertThat(exitCode).isEqualTo(2);
    assertThat(out.size()).isZero();
  }

  @Test
  void emptyKeyIsWrongUsage() {
    assertThat(run("get", "")).isEqualTo(2);
    assertThat(err()).startsWith("syncline: key: 0 bytes (expected: 1 to 4096)");
  }

  @Test
  void keyOverTheLimitIsWrongUsage() {
    assertThat(run("put", "k".repeat(5 << 10), "--content", "x")).isEqualTo(2);
    assertThat(err()).startsWith("syncline: key: 5120 bytes (expected: 1 to 4096)");
  }

  @Test
  void failuresAreJsonWhereJsonWasAskedFor() {
    assertThat(run("get", "--version", "0", "k", "--output", "json")).isEqualTo(2);
    assertThat(err()).startsWith("{\"error\":{\"reason\":\"WRONG_USAGE\",").endsWith("}}\n");
  }

  @Test
  void rawContentAndJsonExcludeEachOther() {
    assertThat(run("get", "k", "--raw", "--output=json")).isEqualTo(2);
    assertThat(err()).contains("expected: one of them").startsWith("{\"error\"");
  }

  @Test
  void nobodyThereIsExitCodeThree() {
    assertThat(run("get", "k", "--timeout", "200ms")).isEqualTo(3);
    assertThat(err().lines()).hasSize(1);
  }

  @Test
  void statusOfNobodyIsExitCodeThree() {
    assertThat(run("status", "--timeout", "200ms")).isEqualTo(3);
    assertThat(err()).contains("no voter answers").contains(NOBODY);
  }

  @Test
  void stoppingWhatDoesNotRunIsRefused() {
    assertThat(run("demo", "--stop", "--data", "target/no-demo-here")).isEqualTo(1);
    assertThat(err()).contains("no demo runs in").hasLineCount(1);
  }

  @Test
  void theCompletionScriptKnowsCommandsAndOptions() {
    assertThat(run("completion")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("complete -F _complete_syncline")
        .contains("rollback")
        .contains("--to-version")
        .contains("--max-commands-in-flight");
  }

  @Test
  void nothingAskedIsAnsweredWithHelp() {
    assertThat(run()).isEqualTo(2);
    assertThat(err()).contains("Usage: syncline");
  }
}
