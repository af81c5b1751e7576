package io.syncline.bench.process;

import io.syncline.bench.load.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Processes that belong together. They end with this program, however it ends, short of kill -9. */
public final class Members implements AutoCloseable {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
  private static final Duration PROBE_PAUSE = Duration.ofMillis(100);
  private static final int SHOWN_LOG_LINES = 15;

  private final List<Process> processes = new ArrayList<>();
  private final List<Path> logs = new ArrayList<>();
  private final Thread killer = new Thread(this::kill, "kill-members");

  public Members() {
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts one more.
   *
   * @param log where its output goes
   * @param withoutPrefix of environment variables that are kept from it
   */
  public Process start(
      List<String> command, Path log, String withoutPrefix, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith(withoutPrefix));
    builder.environment().putAll(environment);
    logs.add(log);
    Process started = builder.start();
    processes.add(started);
    return started;
  }

  /**
   * Asks again and again until there is an answer.
   *
   * @throws ClusterFailed if there is none in time, or a process has ended
   */
  public <T> T await(String what, Duration limit, Supplier<Optional<T>> probe) {
    Clock clock = Clock.SYSTEM;
    long deadline = clock.nanos() + limit.toNanos();
    while (clock.nanos() - deadline < 0) {
      Optional<T> answer = probe.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      requireAlive();
      clock.parkUntil(clock.nanos() + PROBE_PAUSE.toNanos());
    }
    throw new ClusterFailed(
        what + ": not within " + limit.toSeconds() + " s; last lines of the logs:\n" + logTails());
  }

  private void requireAlive() {
    for (Process process : processes) {
      if (!process.isAlive()) {
        throw new ClusterFailed("a member ended with exit code "
            + process.exitValue()
            + " (expected: it runs); last lines of the logs:\n"
            + logTails());
      }
    }
  }

  private String logTails() {
    var tails = new StringBuilder();
    for (Path log : logs) {
      tails.append(log).append(":\n");
      try {
        List<String> lines = Files.readAllLines(log);
        lines.stream()
            .skip(Math.max(0, lines.size() - SHOWN_LOG_LINES))
            .forEach(line -> tails.append("  ").append(line).append('\n'));
      } catch (IOException e) {
        tails.append("  cannot be read: ").append(e.getMessage()).append('\n');
      }
    }
    return tails.toString();
  }

  /** Processor time all of them have used so far. */
  public Duration cpuTime() {
    return processes.stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Ends them all and waits for it. */
  @Override
  public void close() {
    processes.forEach(Process::destroy);
    try {
      for (Process process : processes) {
        if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // shutting down already: the hook has done its work
    }
  }

  private void kill() {
    processes.forEach(Process::destroyForcibly);
  }
}
