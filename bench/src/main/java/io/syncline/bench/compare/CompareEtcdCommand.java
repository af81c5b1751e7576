package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.ExitCode;
import io.syncline.bench.HelpOption;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.result.Provenance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "compare-etcd",
    description = {
      "Runs three etcd members and three Syncline voters in turns and compares them.",
      "Needs etcd on the PATH (Debian: the package etcd-server); installs nothing."
    },
    footer = {
      "  syncline bench compare-etcd --dir /var/tmp",
      "  syncline bench compare-etcd --only syncline --rounds 1"
    })
public final class CompareEtcdCommand implements Callable<Integer> {
  @Mixin
  HelpOption help;

  @Mixin
  private ComparisonOptions options;

  @Mixin
  private ContenderOptions who;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "5",
      description = "Load before each measurement (default: ${DEFAULT-VALUE}).")
  private int warmupSeconds;

  @Option(
      names = "--settle-seconds",
      defaultValue = "120",
      description = "Writes after a cluster's start, not measured (default: ${DEFAULT-VALUE}).")
  private int settleSeconds;

  @Option(
      names = "--keys",
      defaultValue = "10000",
      description = "How many keys (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--value-bytes",
      defaultValue = "256",
      description = "Size of each content (default: ${DEFAULT-VALUE}).")
  private int valueBytes;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    requirePlausible();
    Optional<List<Contender>> contenders = who.contenders(options.serverJavaOptions());
    if (contenders.isEmpty()) {
      return ExitCode.UNAVAILABLE;
    }
    Path folder = Files.createTempDirectory(options.parent(), "compare-etcd-");
    try {
      compare(contenders.get(), folder);
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    } finally {
      Files.deleteIfExists(folder);
    }
    return ExitCode.DONE;
  }

  private void requirePlausible() {
    options.requirePlausible();
    who.requirePlausible();
    if (seconds < 1 || warmupSeconds < 0 || settleSeconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "seconds: expected at least 1, warm-ups at least 0");
    }
  }

  private void compare(List<Contender> contenders, Path folder) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    ObjectNode json = Provenance.observe(command, options.results()).toJson();
    var plan = new Comparison.Plan(
        options.rounds(), seconds, warmupSeconds, settleSeconds, keys, valueBytes, options.seed());
    String fileSystem = Files.getFileStore(folder).type();
    out.printf("three processes each, one client, data on %s (%s)%n", folder, fileSystem);
    List<Turn> turns = new Comparison(plan, folder, out).run(contenders);
    json.put("what", "compare-etcd").put("file_system", fileSystem);
    json.set("settings", plan.toJson());
    if (who.both()) {
      Summary summary = Summary.of(turns);
      out.println();
      summary.text().forEach(out::println);
      json.set("summary", summary.toJson());
    }
    turns.forEach(turn -> json.withArray("turns").add(turn.toJson()));
    options.keep(who.recordName("compare-etcd"), json, out);
  }
}
