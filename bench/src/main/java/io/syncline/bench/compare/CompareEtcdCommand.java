package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.ExitCode;
import io.syncline.bench.HelpOption;
import io.syncline.bench.result.JsonFile;
import io.syncline.bench.result.Provenance;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Turns of each (default: ${DEFAULT-VALUE}).")
  private int rounds;

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

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Same seed, same keys and contents (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where both keep their data; choose the disk by it (default: a temporary one).")
  private @Nullable Path dir;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "bench/results",
      description = "Where the record goes (default: ${DEFAULT-VALUE}).")
  private Path results = Path.of("");

  @Option(
      names = "--only",
      paramLabel = "SYSTEM",
      description = "Measures one of them alone: etcd or syncline. There is no comparison then.")
  private @Nullable String only;

  @Option(
      names = "--server-java-options",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "Appended to the voters' JVM options.")
  private String serverJavaOptions = "";

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    requirePlausible();
    Optional<Path> etcd = find("etcd");
    if (etcd.isEmpty() && !Contender.SYNCLINE.equals(only)) {
      spec.commandLine()
          .getErr()
          .println("etcd: not on the PATH; install it, on Debian by the package etcd-server");
      return ExitCode.UNAVAILABLE;
    }
    Path folder = Files.createTempDirectory(parent(), "compare-etcd-");
    try {
      compare(contenders(etcd), folder);
    } catch (ClusterFailed e) {
      spec.commandLine().getErr().println(e.getMessage());
      return ExitCode.UNAVAILABLE;
    } finally {
      Files.deleteIfExists(folder);
    }
    return ExitCode.DONE;
  }

  private void requirePlausible() {
    if (rounds < 1 || seconds < 1 || warmupSeconds < 0 || settleSeconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "rounds and seconds: expected at least 1, warm-ups at least 0");
    }
    if (only != null && !List.of(Contender.ETCD, Contender.SYNCLINE).contains(only)) {
      throw new ParameterException(
          spec.commandLine(), "--only: " + only + " (expected: etcd or syncline)");
    }
  }

  private static Optional<Path> find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Path parent() throws IOException {
    Path parent = dir == null ? Path.of(System.getProperty("java.io.tmpdir")) : dir;
    Files.createDirectories(parent);
    String fileSystem = Files.getFileStore(parent).type();
    if (fileSystem.equals("tmpfs")) {
      spec.commandLine()
          .getErr()
          .println(parent + " is in memory (tmpfs): nothing is flushed to a disk; see --dir");
    }
    return parent;
  }

  private List<Contender> contenders(Optional<Path> etcd) {
    var all = new ArrayList<Contender>();
    etcd.ifPresent(
        path -> all.add(new Contender(Contender.ETCD, data -> EtcdCluster.start(path, data))));
    Path launcher = launcher();
    all.add(new Contender(
        Contender.SYNCLINE, data -> SynclineCluster.start(launcher, serverJavaOptions, data)));
    all.removeIf(contender -> only != null && !contender.name().equals(only));
    return all;
  }

  /** The launcher of the distribution this program was started from. */
  private static Path launcher() {
    try {
      Path jar = Path.of(CompareEtcdCommand.class
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .toURI());
      return jar.resolveSibling("../bin/syncline").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("this program's own place cannot be told", e);
    }
  }

  private void compare(List<Contender> contenders, Path folder) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> command = spec.root().commandLine().getParseResult().originalArgs();
    Files.createDirectories(results);
    ObjectNode json = Provenance.observe(command, results).toJson();
    var plan =
        new Comparison.Plan(rounds, seconds, warmupSeconds, settleSeconds, keys, valueBytes, seed);
    String fileSystem = Files.getFileStore(folder).type();
    out.printf("three processes each, one client, data on %s (%s)%n", folder, fileSystem);
    List<Turn> turns = new Comparison(plan, folder, out).run(contenders);
    json.put("what", "compare-etcd").put("file_system", fileSystem);
    json.set("settings", plan.toJson());
    if (contenders.size() > 1) {
      Summary summary = Summary.of(turns);
      out.println();
      summary.text().forEach(out::println);
      json.set("summary", summary.toJson());
    }
    turns.forEach(turn -> json.withArray("turns").add(turn.toJson()));
    Path file = newFile(contenders.size() > 1 ? "compare-etcd" : "only-" + only);
    JsonFile.write(file, json);
    out.printf("%nrecord: %s%n", file);
    out.flush();
  }

  /** Named by the day, and numbered if there is one of the day. */
  private Path newFile(String what) {
    String name = LocalDate.now(ZoneOffset.UTC) + "-" + what;
    Path file = results.resolve(name + ".json");
    for (int number = 2; Files.exists(file); number++) {
      file = results.resolve(name + "-" + number + ".json");
    }
    return file;
  }
}
