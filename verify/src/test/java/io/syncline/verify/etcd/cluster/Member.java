package io.syncline.verify.etcd.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One member as a process of its own, that can be killed and started again. */
public final class Member implements AutoCloseable {
  private static final int LAST_LINES = 20;

  private final MemberPorts ports;
  private final List<String> command;
  private final Path log;

  private volatile @Nullable Process process;

  Member(MemberPorts ports, List<String> command, Path folder) {
    this.ports = ports;
    this.command = command;
    this.log = folder.resolve(ports.name() + ".log");
  }

  /** As the cluster calls it. */
  public String name() {
    return ports.name();
  }

  /** Where clients of etcd's API reach it: {@code http://host:port}. */
  public String endpoint() {
    return ports.etcdUrl();
  }

  /** Where the other members reach it: {@code http://host:port}. */
  public String peer() {
    return ports.raftUrl();
  }

  /** Starts it, and does not wait until it is ready. */
  public void start() {
    if (alive()) {
      throw new IllegalStateException(name() + ": runs (expected: ended)");
    }
    try {
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name(), e);
    }
  }

  /** Ends it as {@code kill -9} does, and returns when it is gone. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  boolean alive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** The end of what it has said, for messages. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return name();
  }
}
