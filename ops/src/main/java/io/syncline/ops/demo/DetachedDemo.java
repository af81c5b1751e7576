package io.syncline.ops.demo;

import io.syncline.client.SynclineClient;
import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A demo that goes on in the background. */
public final class DetachedDemo {
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 50;
  private static final String PREFIX = "syncline: ";

  private final @Nullable Path data;
  private final DemoFolder folder;
  private final Terminal terminal;

  /**
   * @param data where the cluster is kept; null: in a temporary folder
   */
  public DetachedDemo(@Nullable Path data, Terminal terminal) {
    this.data = data;
    this.folder = DemoFolder.of(data);
    this.terminal = terminal;
  }

  /** Starts it, and returns when it is ready. */
  public void start(@Nullable Integer basePort, boolean empty, int followers)
      throws IOException, InterruptedException {
    requireNoneRunning();
    Path log = startLog();
    Process supervisor = startSupervisor(basePort, empty, followers, log);
    DemoState state = awaitReady(supervisor, log);
    String command =
        CommandName.find(terminal.environment(), System.getProperty("java.class.path"));
    String stop = command + " demo --stop" + (data == null ? "" : " --data " + data);
    try (SynclineClient client = SynclineClient.builder()
        .endpoints(state.endpoints())
        .deadline(CALL_TIMEOUT)
        .build()) {
      String leader = Demo.leader(client, state);
      new DemoGuide(command, state).print(terminal.out(), leader, empty, Optional.of(stop));
    }
  }

  private void requireNoneRunning() throws IOException {
    DemoState.read(folder.path()).flatMap(state -> state.supervisor().find()).ifPresent(process -> {
      throw new RefusedException("a demo runs in "
          + folder.path()
          + " already, pid "
          + process.pid()
          + " (expected: none); end it by demo --stop, or give another folder by --data");
    });
  }

  /** Outside a temporary folder, which the supervisor makes anew. */
  private Path startLog() throws IOException {
    if (folder.temporary()) {
      return Files.createTempFile("syncline-demo-", ".log");
    }
    Files.createDirectories(DemoCluster.logs(folder.path()));
    return DemoCluster.logs(folder.path()).resolve("supervisor.log");
  }

  private Process startSupervisor(
      @Nullable Integer basePort, boolean empty, int followers, Path log) throws IOException {
    var arguments = new ArrayList<String>(List.of("demo"));
    if (data != null) {
      arguments.add("--data=" + folder.path());
    }
    if (basePort != null) {
      arguments.add("--port=" + basePort);
    }
    if (empty) {
      arguments.add("--empty");
    }
    if (followers > 0) {
      arguments.add("--followers=" + followers);
    }
    List<String> java =
        JavaCommand.of(terminal.environment(), List.of("-XX:+UseSerialGC", "-Xmx128m"), arguments);
    var command = new ArrayList<String>();
    // A session of its own: the end of this terminal is not the demo's.
    setsid().ifPresent(command::add);
    command.addAll(java);
    Files.deleteIfExists(log);
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static Optional<String> setsid() {
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst();
  }

  private DemoState awaitReady(Process supervisor, Path log)
      throws IOException, InterruptedException {
    terminal.err().println("demo: starting three voters in " + folder.path());
    while (true) {
      Optional<DemoState> state = DemoState.read(folder.path());
      boolean ready =
          state.filter(DemoState::ready).flatMap(s -> s.supervisor().find()).isPresent();
      if (state.isPresent() && ready) {
        return state.get();
      }
      if (supervisor.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new RefusedException(lastWords(log));
      }
    }
  }

  private static String lastWords(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      String last = lines.filter(line -> line.startsWith(PREFIX)).reduce("", (a, b) -> b);
      return last.isEmpty() ? "demo: did not start; see " + log : last.substring(PREFIX.length());
    }
  }

  /**
   * Ends the demo and waits until it has.
   *
   * @throws RefusedException if none runs
   */
  public void stop() throws IOException, InterruptedException {
    Optional<DemoState> state = DemoState.read(folder.path());
    ProcessHandle supervisor = state
        .flatMap(s -> s.supervisor().find())
        .orElseThrow(() -> new RefusedException("no demo runs in "
            + folder.path()
            + " (expected: one that was started by demo --detach)"));
    Processes.end(List.of(supervisor), STOP_GRACE);
    DemoFolder.endLeftVoters(state.orElseThrow());
    folder.delete();
  }
}
