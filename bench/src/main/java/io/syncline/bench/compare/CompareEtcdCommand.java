package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.ExitCode;
import io.syncline.bench.HelpOption;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Launcher;
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

  @Mixin
  private CellOptions load;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    options.requirePlausible();
    who.requirePlausible();
    load.requirePlausible();
    Optional<List<Contender>> contenders = who.contenders(data ->
        SynclineCluster.start(Launcher.find(), options.serverJavaOptions(), List.of(), data));
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

  private void compare(List<Contender> contenders, Path folder) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    ObjectNode json = Provenance.observe(command, options.results()).toJson();
    Comparison.Plan plan = load.plan(Cell.OWN_APIS, options);
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
