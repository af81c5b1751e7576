package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.result.JsonFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is compared, where it runs and where the record goes. */
final class ComparisonOptions {
  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Turns of each (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Same seed, same keys and contents (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where they keep their data; choose the disk by it (default: a temporary one).")
  private @Nullable Path dir;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "bench/results",
      description = "Where the record goes (default: ${DEFAULT-VALUE}).")
  private Path results = Path.of("");

  @Option(
      names = "--server-java-options",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "Appended to the voters' JVM options.")
  private String serverJavaOptions = "";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  int rounds() {
    return rounds;
  }

  long seed() {
    return seed;
  }

  Path results() throws IOException {
    Files.createDirectories(results);
    return results;
  }

  String serverJavaOptions() {
    return serverJavaOptions;
  }

  void requirePlausible() {
    if (rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds: " + rounds + " (expected: at least 1)");
    }
  }

  /** Where a new folder for them is to be made. */
  Path parent() throws IOException {
    Path parent = dir == null ? Path.of(System.getProperty("java.io.tmpdir")) : dir;
    Files.createDirectories(parent);
    if (Files.getFileStore(parent).type().equals("tmpfs")) {
      spec.commandLine()
          .getErr()
          .println(parent + " is in memory (tmpfs): nothing is flushed to a disk; see --dir");
    }
    return parent;
  }

  /** Writes the record, named by what was compared and by the day, and numbered if there is one. */
  void keep(String what, ObjectNode json, PrintWriter out) throws IOException {
    String name = LocalDate.now(ZoneOffset.UTC) + "-" + what;
    Path file = results.resolve(name + ".json");
    for (int number = 2; Files.exists(file); number++) {
      file = results.resolve(name + "-" + number + ".json");
    }
    JsonFile.write(file, json);
    out.printf("%nrecord: %s%n", file);
    out.flush();
  }
}
