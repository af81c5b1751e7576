package io.syncline.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node as a process of its own, that can be killed, stopped and started again. */
public class SynclineProcess {
  private static final int NATIVE_ACCESS_SINCE = 22;
  private static final int UNSAFE_ACCESS_SINCE = 24;

  private final String name;
  private final Path log;
  private final List<String> arguments;

  private volatile @Nullable Process process;
  private volatile boolean paused;

  /**
   * @param root where its log goes
   * @param arguments of the {@code syncline} command
   */
  SynclineProcess(String name, Path root, List<String> arguments) {
    this.name = name;
    this.log = root.resolve(name + ".log");
    this.arguments = new ArrayList<>(arguments);
    this.arguments.add("--exit-with-parent=" + ProcessHandle.current().pid());
  }

  final String name() {
    return name;
  }

  synchronized void start() {
    if (alive()) {
      throw new IllegalStateException(name + ": runs (expected: ended)");
    }
    // One level of compilation: these nodes live too briefly for the second one to pay.
    var command =
        new ArrayList<>(java("-Xmx512m", "-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(arguments);
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
      paused = false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** The {@code syncline} command by the Java and the class path of this test. */
  public static List<String> java(String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-Djava.net.preferIPv4Stack=true");
    int feature = Runtime.version().feature();
    if (feature >= NATIVE_ACCESS_SINCE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (feature >= UNSAFE_ACCESS_SINCE) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.syncline.ops.Main"));
    return command;
  }

  /** Ends it as {@code kill -9} does, and returns when it is gone. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  /** Stops it as {@code kill -STOP} does: it keeps its connections, and does nothing. */
  void pause() {
    paused = true;
    signal("-STOP");
  }

  void resume() {
    signal("-CONT");
    paused = false;
  }

  private void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("kill", signal, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill " + signal + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  boolean alive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Whether it can answer: alive and not stopped. */
  boolean running() {
    return alive() && !paused;
  }

  /** The id of its present, or else its last, process; -1 before the first. */
  long pid() {
    Process running = process;
    return running == null ? -1 : running.pid();
  }

  /** Waits until it ends by itself, and returns its exit code. */
  int awaitEnd() {
    Process running = Objects.requireNonNull(process, "never started");
    running
        .onExit()
        .orTimeout(ProcessCluster.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
    return running.exitValue();
  }

  /** What all its processes have told whoever runs them, beside the log. */
  List<String> sentences() throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("syncline: "))
        .toList();
  }

  /** The end of what it has said, for messages. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }
}
