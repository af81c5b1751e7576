package io.syncline.ops.command;

import io.syncline.model.Key;
import io.syncline.ops.output.Table;
import io.syncline.ops.text.Durations;
import io.syncline.ops.text.Sizes;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.Selector;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Followers as rows and as fields of JSON objects: a contract that scripts rely on. */
final class FollowerFields {
  private FollowerFields() {}

  static Table table(Collection<FollowerStatus> followers) {
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

  static String lower(Enum<?> value) {
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
        .map(FollowerFields::selector)
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

  static Map<String, Object> fields(FollowerStatus follower) {
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
    fields.put("remembered", follower.getRemembered());
    fields.put("last_error", follower.getLastError());
    return fields;
  }
}
