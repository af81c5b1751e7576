package io.syncline.ops.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.monitor.alert.AlertCatalogue;
import io.syncline.monitor.alert.AlertRule;
import io.syncline.monitor.dashboard.Dashboards;
import io.syncline.monitor.dashboard.Panel;
import io.syncline.ops.command.SynclineCommand;
import io.syncline.ops.output.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every alert has its page, and what the page says exists. */
class RunbooksTest {
  private static final Path FOLDER = Path.of("../docs/runbooks");
  private static final List<String> HEADINGS = List.of(
      "What it means",
      "What it does to users",
      "How to look",
      "Likely causes",
      "What to do",
      "How to know it is over");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  static Stream<AlertRule> alerts() {
    return AlertCatalogue.ALL.stream();
  }

  private static String page(AlertRule rule) throws IOException {
    return Files.readString(FOLDER.resolve(rule.runbook()));
  }

  @Test
  void everyAlertHasItsPageAndEveryPageItsAlert() throws IOException {
    try (Stream<Path> pages = Files.list(FOLDER)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(alerts().map(AlertRule::runbook).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void aPageAnswersTheSameQuestions(AlertRule rule) throws IOException {
    assertThat(page(rule)).startsWith("# " + rule.name() + "\n");
    assertThat(page(rule)
            .lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3)))
        .containsExactlyElementsOf(HEADINGS);
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void aPageNamesAPanelOfADashboard(AlertRule rule) throws IOException {
    String page = page(rule);

    assertThat(Dashboards.ALL.stream().flatMap(dashboard -> dashboard.panels()).map(Panel::title))
        .as("panels, of which the page names one")
        .anyMatch(page::contains);
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void commandsOfAPageExist(AlertRule rule) throws IOException {
    for (String line : page(rule).split("[`\n]", -1)) {
      if (line.startsWith("syncline ")) {
        CommandLine command = root();
        for (String word : line.substring("syncline ".length()).split(" ", -1)) {
          CommandLine next = command.getSubcommands().get(word);
          // what is no command is its argument, if it takes any
          if (next == null) {
            break;
          }
          command = next;
        }
        assertThat(command.getCommandSpec().parent()).as("a command: " + line).isNotNull();
        assertThat(command.getCommandSpec().userObject()).as(line).isInstanceOf(Callable.class);
        CommandLine.Model.CommandSpec spec = command.getCommandSpec();
        assertThat(OPTION.matcher(line).results().map(match -> match.group()))
            .as(line)
            .allMatch(option -> spec.findOption(option) != null);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void linksOfAPageLeadSomewhere(AlertRule rule) throws IOException {
    assertThat(LINK.matcher(page(rule)).results().map(match -> match.group(1)))
        .allMatch(link -> Files.exists(FOLDER.resolve(link)));
  }

  private static CommandLine root() {
    var out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return SynclineCommand.commandLine(
        Terminal.of(out, out, new ByteArrayInputStream(new byte[0]), Map.of()));
  }
}
