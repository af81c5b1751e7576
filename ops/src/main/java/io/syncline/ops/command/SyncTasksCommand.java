package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.text.Durations;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.FollowerStatus.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "tasks",
    description = {
      "Lists what is being done to bring each follower along: pending, running, completed, failed or"
          + " retrying, since when, how far, and how long it will take.",
      "Exit codes: 0 listed, 3 no voter answers."
    },
    footer = {"  syncline sync tasks", "  syncline sync tasks --output json"})
final class SyncTasksCommand extends ClientCommand {
  private static final int PERCENT = 100;

  @Override
  int run(SynclineClient client) {
    FollowerAnswers answers =
        FollowerAnswers.askOrRefuse(client, options.endpoints(terminal().environment()));
    List<FollowerStatus> followers = List.copyOf(answers.followers());
    if (options.json()) {
      out().println(Json.lines(followers.stream().map(SyncTasksCommand::fields).toList()));
      return ExitCode.DONE;
    }
    var table = new Table(
        "FOLLOWER", "TASK", "STATE", ">SINCE", "PROGRESS", ">LEFT", ">RETRIES", "LAST ERROR");
    for (FollowerStatus follower : followers) {
      table.row(
          follower.getFollowerId(),
          task(follower),
          FollowerFields.lower(follower.getState()),
          Durations.format(Duration.ofSeconds(follower.getStateMs() / 1000)),
          progress(follower),
          left(follower).map(Durations::format).orElse("-"),
          follower.getRetries(),
          follower.getLastError());
    }
    table.print(out());
    return ExitCode.DONE;
  }

  private static boolean isCopying(FollowerStatus follower) {
    return follower.getMode() == Mode.SNAPSHOT && follower.getState() != State.COMPLETED;
  }

  private static String task(FollowerStatus follower) {
    if (isCopying(follower)) {
      return "copy";
    }
    return follower.getLagRevisions() > 0 ? "catch up" : "keep up";
  }

  private static String progress(FollowerStatus follower) {
    if (isCopying(follower)) {
      return "%d%% (%d of %d keys)"
          .formatted(
              percent(follower), follower.getSnapshotKeys(), follower.getSnapshotTotalKeys());
    }
    return follower.getLagRevisions() > 0
        ? follower.getLagRevisions() + " revisions behind"
        : "at revision " + follower.getCursor();
  }

  private static long percent(FollowerStatus follower) {
    long total = follower.getSnapshotTotalKeys();
    return total == 0 ? 0 : Math.min(PERCENT, PERCENT * follower.getSnapshotKeys() / total);
  }

  /** As long as the rest takes at the pace so far; of a copy only, where both are known. */
  private static Optional<Duration> left(FollowerStatus follower) {
    long keys = follower.getSnapshotKeys();
    long rest = follower.getSnapshotTotalKeys() - keys;
    return isCopying(follower) && keys > 0 && rest >= 0
        ? Optional.of(Duration.ofSeconds(follower.getStateMs() * rest / keys / 1000))
        : Optional.empty();
  }

  private static Map<String, Object> fields(FollowerStatus follower) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("follower", follower.getFollowerId());
    fields.put("task", task(follower));
    fields.put("state", FollowerFields.lower(follower.getState()));
    fields.put("state_ms", follower.getStateMs());
    fields.put("lag_revisions", follower.getLagRevisions());
    fields.put("snapshot_keys", follower.getSnapshotKeys());
    fields.put("snapshot_total_keys", follower.getSnapshotTotalKeys());
    left(follower).ifPresent(left -> fields.put("left_ms", left.toMillis()));
    fields.put("retries", follower.getRetries());
    fields.put("refusals", follower.getRefusals());
    fields.put("last_error", follower.getLastError());
    return fields;
  }
}
