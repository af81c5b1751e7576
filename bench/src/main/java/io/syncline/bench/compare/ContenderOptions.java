package io.syncline.bench.compare;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which of etcd and Syncline take part. */
final class ContenderOptions {
  @Option(
      names = "--only",
      paramLabel = "SYSTEM",
      description = "Measures one of them alone: etcd or syncline. There is no comparison then.")
  private @Nullable String only;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Whether there are two to compare. */
  boolean both() {
    return only == null;
  }

  /** What the record is named by. */
  String recordName(String comparison) {
    return only == null ? comparison : "only-" + only;
  }

  void requirePlausible() {
    if (only != null && !List.of(Contender.ETCD, Contender.SYNCLINE).contains(only)) {
      throw new ParameterException(
          spec.commandLine(), "--only: " + only + " (expected: etcd or syncline)");
    }
  }

  /**
   * Those that take part; empty, and told why, if etcd is needed and not there.
   *
   * @param syncline starts the voters
   */
  Optional<List<Contender>> contenders(Contender.Launch syncline) {
    Optional<Path> etcd = find("etcd");
    if (etcd.isEmpty() && !Contender.SYNCLINE.equals(only)) {
      spec.commandLine()
          .getErr()
          .println("etcd: not on the PATH; install it, on Debian by the package etcd-server");
      return Optional.empty();
    }
    var all = new ArrayList<Contender>();
    etcd.ifPresent(
        path -> all.add(new Contender(Contender.ETCD, data -> EtcdCluster.start(path, data))));
    all.add(new Contender(Contender.SYNCLINE, syncline));
    all.removeIf(contender -> only != null && !contender.name().equals(only));
    return Optional.of(all);
  }

  private static Optional<Path> find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
