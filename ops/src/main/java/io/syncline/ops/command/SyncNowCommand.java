package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.ops.ExitCode;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "now",
    description = {
      "Brings followers along now: waits until each stands where the cluster stood when the command"
          + " began, compares its copy, and repairs just what differs.",
      "Exit codes: 0 all stand there and are equal, 1 something differs still, 3 one did not come along"
          + " in time."
    },
    footer = {"  syncline sync now", "  syncline sync now edge-1 -n routes --timeout 30s"})
final class SyncNowCommand extends ClientCommand {
  private static final long POLL_MILLIS = 100;

  @Parameters(arity = "0..*", paramLabel = "ID", description = "Only these followers.")
  List<String> ids = List.of();

  @Mixin
  KeyOptions keys;

  @Override
  Duration defaultTimeout() {
    return FollowerVerification.DEFAULT_TIMEOUT;
  }

  @Override
  int run(SynclineClient client) throws InterruptedException {
    Duration timeout = options.timeout == null ? defaultTimeout() : options.timeout;
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    List<Endpoint> endpoints = options.endpoints(terminal().environment());
    var verification = new FollowerVerification(client, terminal(), options, keys.text());
    List<FollowerStatus> chosen = verification.chosen(ids, endpoints);
    long goal = chosen.stream()
        .mapToLong(follower -> follower.getCursor() + follower.getLagRevisions())
        .max()
        .orElse(0);
    List<FollowerStatus> behind = behind(chosen, goal);
    while (!behind.isEmpty() && System.nanoTime() < deadlineNanos) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      chosen = verification.chosen(ids, endpoints);
      behind = behind(chosen, goal);
    }
    List<FollowerVerification.Result> results = verification.verify(chosen, true);
    verification.print(results);
    for (FollowerStatus late : behind) {
      terminal()
          .err()
          .println("syncline: follower \"" + late.getFollowerId() + "\" stands at revision "
              + late.getCursor() + " (expected: " + goal + "): " + late.getLastError());
    }
    boolean unanswered = results.stream().anyMatch(result -> !result.answered());
    if (!behind.isEmpty() || unanswered) {
      return ExitCode.UNAVAILABLE;
    }
    return results.stream().anyMatch(FollowerVerification.Result::differs)
        ? ExitCode.REFUSED
        : ExitCode.DONE;
  }

  private static List<FollowerStatus> behind(List<FollowerStatus> followers, long goal) {
    return followers.stream().filter(follower -> follower.getCursor() < goal).toList();
  }
}
