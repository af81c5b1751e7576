package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.NamespaceName;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that talks to a cluster. */
abstract class ClientCommand implements Callable<Integer> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  @Mixin
  ClientOptions options;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public final Integer call() throws Exception {
    check();
    var builder = options.client(defaultTimeout(), terminal().environment());
    actor().ifPresent(builder::actor);
    try (SynclineClient client = builder.build()) {
      return run(client);
    }
  }

  /** Throws a usage exception for options that do not go together: before anything is asked. */
  void check() {}

  /** Who writes, if the command line or the environment tells. */
  Optional<String> actor() {
    return Optional.empty();
  }

  Duration defaultTimeout() {
    return DEFAULT_TIMEOUT;
  }

  /**
   * @return the exit code
   */
  abstract int run(SynclineClient client) throws IOException, InterruptedException;

  final Terminal terminal() {
    return SynclineCommand.terminal(spec);
  }

  final PrintStream out() {
    return terminal().out();
  }

  final NamespaceName namespace() {
    return options.namespace();
  }

  final int printJson(Object value) {
    out().println(Json.line(value));
    return ExitCode.DONE;
  }
}
