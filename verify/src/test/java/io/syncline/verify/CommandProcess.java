package io.syncline.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the {@code syncline} command as users do: a process for each, judged by what it leaves. */
final class CommandProcess {
  private final Path folder;
  private final String endpoints;

  /** What a command has left. */
  record Ended(int code, String out, String err) {
    /** What it wrote to standard output, if it did what it was asked for. */
    String done() {
      assertThat(err).isEmpty();
      assertThat(code).isZero();
      return out;
    }

    /** The one sentence it failed with; a server may also have logged how it began. */
    String failedWith(int expectedCode) {
      assertThat(out).isEmpty();
      assertThat(code).as(err).isEqualTo(expectedCode);
      assertThat(err).endsWith("\n");
      List<String> said = err.lines().filter(line -> !line.contains(" INFO  ")).toList();
      assertThat(said).hasSize(1);
      assertThat(said.get(0)).startsWith("syncline: ");
      return said.get(0);
    }
  }

  /**
   * @param folder for its output
   * @param endpoints of the cluster, as the environment names them
   */
  CommandProcess(Path folder, String endpoints) {
    this.folder = folder;
    this.endpoints = endpoints;
  }

  /** Runs it to its end. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    return run(List.of(), arguments);
  }

  /** Runs it with {@code --reason} and bytes that are no UTF-8, which Java could not pass on. */
  Ended runWithMalformedReason(String... arguments) throws IOException, InterruptedException {
    String script = "exec \"$@\" --reason \"$(printf 'bad\\377')\"";
    return run(List.of("sh", "-c", script, "sh"), arguments);
  }

  private Ended run(List<String> launcher, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(launcher);
    command.addAll(VoterProcess.java("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "command", ".out");
    Path err = Files.createTempFile(folder, "command", ".err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SYNCLINE_"));
    builder.environment().put("SYNCLINE_ENDPOINTS", endpoints);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(ProcessCluster.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
          .as("%s ended", List.of(arguments))
          .isTrue();
      return new Ended(
          process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }
}
