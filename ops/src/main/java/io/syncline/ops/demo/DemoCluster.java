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

/** The voters and followers of a demo as child processes, which end with this one. */
final class DemoCluster implements AutoCloseable {
  private static final Duration END_GRACE = Duration.ofSeconds(8);
  private static final String DEFAULT_HEAP = "512m";

  private final Path folder;
  private final Map<String, String> environment;
  private final PrintStream err;
  private final List<Child> children = new ArrayList<>();
  private volatile boolean closing;

  private record Child(String what, Path log, Process process) {}

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
    var started = new ArrayList<DemoVoter>();
    for (DemoVoter voter : voters) {
      Process process = start(voter, addresses);
      started.add(voter.as(ProcessId.of(process.toHandle())));
      watchOver(new Child("voter " + voter.name(), log(voter.name()), process));
    }
    return started;
  }

  /** Starts followers of the voters; they serve at once, and fill up by themselves. */
  void follow(List<DemoFollower> followers, String upstreams) throws IOException {
    for (DemoFollower follower : followers) {
      List<String> arguments = List.of(
          "follower",
          "--exit-with-parent=" + ProcessHandle.current().pid(),
          "--id=" + follower.name(),
          "--data=" + folder.resolve(follower.name()),
          "--listen=" + follower.address(),
          "--http-listen=" + follower.http(),
          "--upstream=" + upstreams,
          "--mode=" + follower.mode());
      Process process = start(follower.name(), arguments);
      watchOver(new Child("follower " + follower.name(), log(follower.name()), process));
    }
  }

  private void watchOver(Child child) {
    children.add(child);
    var unused = child.process().onExit().thenAccept(ended -> reportEnd(child));
  }

  private Process start(DemoVoter voter, String addresses) throws IOException {
    List<String> arguments = List.of(
        "server",
        "--exit-with-parent=" + ProcessHandle.current().pid(),
        "--name=" + voter.name(),
        "--data=" + folder.resolve(voter.name()),
        "--listen=" + voter.client(),
        "--advertise=" + voter.client(),
        "--raft-listen=" + voter.raft(),
        "--http-listen=" + voter.http(),
        "--etcd-listen=" + voter.etcd(),
        "--voters=" + addresses);
    return start(voter.name(), arguments);
  }

  private Process start(String name, List<String> arguments) throws IOException {
    String heap = environment.getOrDefault("SYNCLINE_HEAP", DEFAULT_HEAP);
    List<String> options =
        List.of("-XX:+UseParallelGC", "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError");
    return new ProcessBuilder(JavaCommand.of(environment, options, arguments))
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
        .start();
  }

  private Path log(String name) {
    return logs(folder).resolve(name + ".log");
  }

  static Path logs(Path folder) {
    return folder.resolve("logs");
  }

  private void reportEnd(Child child) {
    if (!closing) {
      err.printf(
          "syncline: %s (pid %d) ended by itself with exit code %d; see %s%n",
          child.what(), child.process().pid(), child.process().exitValue(), child.log());
    }
  }

  /**
   * @throws RefusedException with the last words of a voter that has ended
   */
  void requireAllAlive() throws IOException {
    for (Child child : children) {
      if (!child.process().isAlive()) {
        throw new RefusedException(child.what() + " did not start: " + lastWords(child.log()));
      }
    }
  }

  private static String lastWords(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      String last = lines.filter(line -> line.startsWith("syncline: ")).reduce("", (a, b) -> b);
      return last.isEmpty() ? "see " + log : last.substring("syncline: ".length());
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
