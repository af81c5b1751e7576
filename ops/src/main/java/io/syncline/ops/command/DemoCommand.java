package io.syncline.ops.command;

import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.demo.Demo;
import io.syncline.ops.demo.DetachedDemo;
import io.syncline.ops.output.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Runs three voters on this machine with a sample: the real history of some files of"
          + " kube-prometheus, in the namespace of that name.",
      "Prints \"endpoints: HOST:PORT,HOST:PORT,HOST:PORT\" when it is ready."
    },
    footer = {
      "  syncline demo                              until Ctrl-C; nothing is kept",
      "  syncline demo --data demo-data --detach    in the background; kept for the next time",
      "  syncline demo --data demo-data --stop",
      "  syncline demo --followers 2                with two followers"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int LEAST_PORT = 1024;
  private static final int MOST_FOLLOWERS = 20;
  private static final int MOST_PORT = 65_535 - 230;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the cluster here. Default: a temporary folder, removed at the end.")
  @Nullable
  Path data;

  @Option(
      names = "--port",
      paramLabel = "BASE",
      description =
          "Clients are served at BASE, BASE+1 and BASE+2, Raft a hundred above, HTTP two hundred."
              + " Default: 7400 if these are free, else any free ones.")
  @Nullable
  Integer basePort;

  @Option(names = "--empty", description = "Without the sample.")
  boolean empty;

  @Option(
      names = "--followers",
      paramLabel = "N",
      description =
          "Start this many followers as well, by turns pushed to and pulling. Default: 0.")
  int followers;

  @Option(names = "--detach", description = "Return when it is ready; it goes on until --stop.")
  boolean detach;

  @Option(names = "--stop", description = "End a demo that was started with --detach.")
  boolean stop;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    Terminal terminal = SynclineCommand.terminal(spec);
    if (stop) {
      new DetachedDemo(data, terminal).stop();
      terminal.out().println("demo: ended");
    } else if (detach) {
      new DetachedDemo(data, terminal).start(basePort, empty, followers);
    } else {
      new Demo(data, basePort, empty, followers, terminal).run();
    }
    return ExitCode.DONE;
  }

  private void check() {
    if (stop && (detach || empty || basePort != null || followers != 0)) {
      throw new UsageException("demo --stop: with other options (expected: at most --data)");
    }
    if (followers < 0 || followers > MOST_FOLLOWERS) {
      throw new UsageException(
          "--followers: " + followers + " (expected: 0 to " + MOST_FOLLOWERS + ")");
    }
    if (basePort != null && (basePort < LEAST_PORT || basePort > MOST_PORT)) {
      throw new UsageException(
          "--port: " + basePort + " (expected: " + LEAST_PORT + " to " + MOST_PORT + ")");
    }
  }
}
