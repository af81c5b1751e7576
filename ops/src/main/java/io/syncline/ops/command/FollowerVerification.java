package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.RejectedException;
import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.KeyText;
import io.syncline.ops.output.Progress;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.Terminal;
import io.syncline.proto.api.v1.VerifyResponse;
import io.syncline.proto.api.v1.VerifyResponse.Comparison;
import io.syncline.proto.api.v1.VerifyResponse.Difference;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks followers, at the addresses they told, to compare their copies, and shows what came out. */
final class FollowerVerification {
  /** A copy is read as a whole. */
  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  private final SynclineClient client;
  private final Terminal terminal;
  private final ClientOptions options;
  private final KeyText keyText;

  FollowerVerification(
      SynclineClient client, Terminal terminal, ClientOptions options, KeyText keyText) {
    this.client = client;
    this.terminal = terminal;
    this.options = options;
    this.keyText = keyText;
  }

  /**
   * What a follower answered.
   *
   * @param error why it did not; empty if it did
   */
  record Result(String follower, List<Comparison> comparisons, String error) {
    boolean answered() {
      return error.isEmpty();
    }

    boolean differs() {
      return comparisons.stream().anyMatch(c -> c.getDifferences() > c.getRepaired());
    }
  }

  /**
   * The followers with these ids, or all that keep a copy on disk.
   *
   * @throws RefusedException if one is not known
   */
  List<FollowerStatus> chosen(List<String> ids, List<Endpoint> endpoints) {
    FollowerAnswers answers = FollowerAnswers.askOrRefuse(client, endpoints);
    if (ids.isEmpty()) {
      return answers.followers().stream().filter(FollowerStatus::getDurable).toList();
    }
    return ids.stream().distinct().map(answers::require).toList();
  }

  List<Result> verify(List<FollowerStatus> followers, boolean repair) {
    var results = new ArrayList<Result>();
    try (var progress = Progress.start(terminal, "verifying", "followers", followers.size())) {
      for (FollowerStatus follower : followers) {
        results.add(verify(follower, repair));
        progress.step();
      }
    }
    return results;
  }

  private Result verify(FollowerStatus follower, boolean repair) {
    String id = follower.getFollowerId();
    try {
      VerifyResponse response = client.verify(
          Endpoint.parse(follower.getAddress()),
          options.namespace == null ? List.of() : List.of(options.namespace),
          repair);
      return new Result(id, response.getComparisonsList(), "");
    } catch (UnavailableException | RejectedException | IllegalArgumentException e) {
      return new Result(id, List.of(), String.valueOf(e.getMessage()));
    }
  }

  void print(List<Result> results) {
    if (options.json()) {
      terminal.out().println(Json.lines(results.stream().map(this::fields).toList()));
      return;
    }
    var table = new Table("FOLLOWER", "NAMESPACE", ">REVISION", ">DIFFERENT", ">REPAIRED", "KEYS");
    for (Result result : results) {
      if (!result.answered()) {
        table.row(result.follower(), "-", "-", "-", "-", result.error());
      }
      for (Comparison comparison : result.comparisons()) {
        table.row(
            result.follower(),
            comparison.getNamespace(),
            comparison.getRevision(),
            comparison.getDifferences(),
            comparison.getRepaired(),
            comparison.getNamedList().stream()
                .map(difference -> key(difference) + " (" + kind(difference) + ")")
                .collect(Collectors.joining(", ")));
      }
    }
    table.print(terminal.out());
  }

  private String key(Difference difference) {
    return keyText.show(new Key(difference.getKey()));
  }

  private static String kind(Difference difference) {
    return difference.getKind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private Map<String, Object> fields(Result result) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("follower", result.follower());
    fields.put("error", result.error());
    fields.put("namespaces", result.comparisons().stream().map(this::fields).toList());
    return fields;
  }

  private Map<String, Object> fields(Comparison comparison) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("namespace", comparison.getNamespace());
    fields.put("revision", comparison.getRevision());
    fields.put("differences", comparison.getDifferences());
    fields.put("repaired", comparison.getRepaired());
    var named = new ArrayList<Map<String, Object>>();
    for (Difference difference : comparison.getNamedList()) {
      named.add(Map.of(
          "key", key(difference), "kind", difference.getKind().name().toLowerCase(Locale.ROOT)));
    }
    fields.put("named", named);
    return fields;
  }
}
