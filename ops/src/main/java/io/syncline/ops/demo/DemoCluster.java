package io.syncline.ops.demo;

import io.syncline.ops.RefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The voters of a demo as child processes, which end with this one. */
final class DemoCluster implements AutoCloseable {
  private static final Duration END_GRACE = Duration.ofSeconds(8);
  private static final String DEFAULT_HEAP = "512m";

  private final Path folder;
  private final Map<String, String> environment;
  private final PrintStream err;
  private final List<Child> children = new ArrayList<>();
  private volatile boolean closing;

  private record Child(DemoVoter voter, Process process) {}

  /**
   * @param err where to tell of a voter that ended by itself
   */
  DemoCluster(Path folder, Map<String, String> environment, PrintStream err) {
    this.folder = folder;
    this.environment = environment;
    this.err = err;
  }

  /**
   * @return the voters with their processes
   */
  List<DemoVoter> start(List<DemoVoter> voters) throws IOException {
    Files.createDirectories(logs(folder));
    String addresses = voters.stream().map(DemoVoter::address).collect(Collectors.joining(","));
    for (DemoVoter voter : voters) {
      Process process = start(voter, addresses);
      children.add(new Child(voter.as(ProcessId.of(process.toHandle())), process));
      var unused = process.onExit().thenAccept(ended -> reportEnd(voter, ended));
    }
    return children.stream().map(Child::voter).toList();
  }

  private Process start(DemoVoter voter, String addresses) throws IOException {
    String heap = environment.getOrDefault("SYNCLINE_HEAP", DEFAULT_HEAP);
    List<String> options =
        List.of("-XX:+UseParallelGC", "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError");
    List<String> arguments = List.of(
        "server",
        "--exit-with-parent=" + ProcessHandle.current().pid(),
        "--name=" + voter.name(),
        "--data=" + folder.resolve(voter.name()),
        "--listen=" + voter.client(),
        "--advertise=" + voter.client(),
        "--raft-listen=" + voter.raft(),
        "--voters=" + addresses);
    return new ProcessBuilder(JavaCommand.of(environment, options, arguments))
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(voter).toFile()))
        .start();
  }

  private Path log(DemoVoter voter) {
    return logs(folder).resolve(voter.name() + ".log");
  }

  static Path logs(Path folder) {
    return folder.resolve("logs");
  }

  private void reportEnd(DemoVoter voter, Process ended) {
    if (!closing) {
      err.printf(
          "syncline: voter %s (pid %d) ended by itself with exit code %d; see %s%n",
          voter.name(), ended.pid(), ended.exitValue(), log(voter));
    }
  }

  /**
   * @throws RefusedException with the last words of a voter that has ended
   */
  void requireAllAlive() throws IOException {
    for (Child child : children) {
      if (!child.process().isAlive()) {
        throw new RefusedException(
            "voter " + child.voter().name() + " did not start: " + lastWords(child.voter()));
      }
    }
  }

  private String lastWords(DemoVoter voter) throws IOException {
    try (Stream<String> lines = Files.lines(log(voter))) {
      String last = lines.filter(line -> line.startsWith("syncline: ")).reduce("", (a, b) -> b);
      return last.isEmpty() ? "see " + log(voter) : last.substring("syncline: ".length());
    }
  }

  /** Completes when no voter is left. */
  CompletableFuture<Void> allEnded() {
    return CompletableFuture.allOf(
        children.stream().map(child -> child.process().onExit()).toArray(CompletableFuture[]::new));
  }

  /** Ends all voters and waits for them. Can be called again, and from any thread. */
  @Override
  public void close() throws InterruptedException {
    closing = true;
    Processes.end(children.stream().map(child -> child.process().toHandle()).toList(), END_GRACE);
  }
}
