package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Key;
import io.syncline.ops.ExitCode;
import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.text.Durations;
import io.syncline.ops.text.Sizes;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.Selector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "followers",
    description = {
      "Lists who follows the cluster, directly or through relays, and how far behind each is; with an"
          + " id, only that one.",
      "Exit codes: 0 listed, 1 there is no such follower, 3 no voter answers."
    },
    footer = {
      "  syncline followers",
      "  syncline followers edge-1",
      "  syncline followers --output json"
    })
final class FollowersCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this follower.")
  @Nullable
  String id;

  @Override
  int run(SynclineClient client) {
    FollowerAnswers answers =
        FollowerAnswers.ask(client, options.endpoints(terminal().environment()));
    if (!answers.anyAnswered()) {
      terminal().err().println("syncline: no voter answers");
      return ExitCode.UNAVAILABLE;
    }
    List<FollowerStatus> followers = answers.followers().stream()
        .filter(follower -> id == null || follower.getFollowerId().equals(id))
        .toList();
    if (id != null && followers.isEmpty()) {
      throw new RefusedException(
          "follower \"" + id + "\": not known to any voter; see syncline followers");
    }
    if (options.json()) {
      out().println(Json.lines(followers.stream().map(FollowersCommand::fields).toList()));
    } else {
      table(followers).print(out());
    }
    return ExitCode.DONE;
  }

  private static Table table(List<FollowerStatus> followers) {
    var table = new Table(
        "FOLLOWER",
        "STATE",
        "MODE",
        "FOLLOWS",
        ">REVISION",
        ">LAG",
        ">BEHIND",
        "DIGESTS",
        ">SEEN",
        ">RECEIVED",
        ">REPAIRS",
        "COPY OF",
        "LAST ERROR");
    for (FollowerStatus follower : followers) {
      table.row(
          follower.getFollowerId(),
          lower(follower.getState()),
          lower(follower.getMode()),
          follower.getUpstream(),
          follower.getCursor(),
          follower.getLagRevisions(),
          Durations.format(Duration.ofMillis(follower.getLagMs())),
          digests(follower),
          Durations.format(Duration.ofSeconds(follower.getLastSeenMsAgo() / 1000)),
          Sizes.rounded(follower.getBytes()),
          follower.getRepairs(),
          selectors(follower),
          follower.getLastError());
    }
    return table;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String digests(FollowerStatus follower) {
    if (!follower.hasDigestsEqual()) {
      return "unknown";
    }
    return follower.getDigestsEqual() ? "equal" : "DIFFER";
  }

  private static String selectors(FollowerStatus follower) {
    return follower.getSelectorsList().stream()
        .map(FollowersCommand::selector)
        .collect(Collectors.joining(","));
  }

  private static String selector(Selector selector) {
    if (selector.getNamespace().isEmpty()) {
      return "*";
    }
    return selector.getPrefix().isEmpty()
        ? selector.getNamespace()
        : selector.getNamespace() + ":" + Key.display(selector.getPrefix());
  }

  private static Map<String, Object> fields(FollowerStatus follower) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("follower", follower.getFollowerId());
    fields.put("address", follower.getAddress());
    fields.put("state", lower(follower.getState()));
    fields.put("state_ms", follower.getStateMs());
    fields.put("mode", lower(follower.getMode()));
    fields.put("upstream", follower.getUpstream());
    fields.put("copy_of", selectors(follower));
    fields.put("durable", follower.getDurable());
    fields.put("cursor", follower.getCursor());
    fields.put("lag_revisions", follower.getLagRevisions());
    fields.put("lag_ms", follower.getLagMs());
    fields.put("digests", digests(follower).toLowerCase(Locale.ROOT));
    fields.put("last_seen_ms_ago", follower.getLastSeenMsAgo());
    fields.put("batches", follower.getBatches());
    fields.put("bytes", follower.getBytes());
    fields.put("retries", follower.getRetries());
    fields.put("refusals", follower.getRefusals());
    fields.put("mismatches", follower.getMismatches());
    fields.put("repairs", follower.getRepairs());
    fields.put("snapshot_keys", follower.getSnapshotKeys());
    fields.put("snapshot_total_keys", follower.getSnapshotTotalKeys());
    fields.put("last_error", follower.getLastError());
    return fields;
  }
}
