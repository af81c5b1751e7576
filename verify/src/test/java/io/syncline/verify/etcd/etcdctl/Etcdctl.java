package io.syncline.verify.etcd.etcdctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.syncline.verify.etcd.cluster.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** {@code etcdctl} on the path, as Debian's package etcd-client has it, pointed at one cluster. */
final class Etcdctl {
  private final Path folder;
  private final String endpoints;

  /**
   * @param folder for its output
   */
  Etcdctl(Path folder, List<String> endpoints) {
    this.folder = folder;
    this.endpoints = String.join(",", endpoints);
  }

  /** What a command has left. */
  record Ended(int code, String out, String err) {
    /** All of it as one text. */
    String told() {
      return (out
              + section("standard error", err)
              + section("exit code", code == 0 ? "" : code + "\n"))
          .stripTrailing();
    }

    private static String section(String name, String text) {
      return text.isEmpty() ? "" : "-- " + name + ":\n" + text;
    }
  }

  /** A command that runs on until it is ended. */
  record Running(List<String> arguments, Process process, Path out, Path err) {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    /** Gives it what it may read, which is not all. */
    Running type(String input) {
      try {
        process.outputWriter(UTF_8).append(input).flush();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until it has written this text, or long enough: what it has written is compared. */
    Running awaitOutput(String text) {
      try {
        Awaitility.await()
            .atMost(ENOUGH)
            .pollInterval(POLL)
            .pollDelay(Duration.ZERO)
            .until(() -> text(out).contains(text) || !process.isAlive());
      } catch (ConditionTimeoutException e) {
        // what is missing is seen by whoever compares
      }
      return this;
    }

    /** Waits until it has ended by itself. */
    Ended ended() {
      try {
        if (!process.waitFor(Cluster.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError(
              arguments + " has not ended; it has written:\n" + text(out) + text(err));
        }
        return new Ended(process.exitValue(), text(out), text(err));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } finally {
        process.destroyForcibly();
      }
    }

    /** What is no UTF-8 is replaced. */
    private static String text(Path file) throws IOException {
      return new String(Files.readAllBytes(file), UTF_8);
    }

    /** Asks it to end, and waits until it has. */
    Ended stop() {
      // Not by the process itself, which would end its input first.
      var unused = process.toHandle().destroy();
      return ended();
    }
  }

  /** Runs a command to its end. */
  Ended run(String input, List<String> arguments) {
    Running running = start(arguments).type(input);
    try {
      running.process().getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return running.ended();
  }

  /** Starts a command. The caller ends it. */
  Running start(List<String> arguments) {
    var command = new ArrayList<>(List.of("etcdctl"));
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile(folder, "etcdctl", ".out");
      Path err = Files.createTempFile(folder, "etcdctl", ".err");
      var builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("ETCD"));
      builder.environment().put("ETCDCTL_API", "3");
      builder.environment().put("ETCDCTL_DIAL_TIMEOUT", "10s");
      builder.environment().put("ETCDCTL_COMMAND_TIMEOUT", "30s");
      if (arguments.stream().noneMatch(argument -> argument.startsWith("--endpoints"))) {
        builder.environment().put("ETCDCTL_ENDPOINTS", endpoints);
      }
      return new Running(arguments, builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
