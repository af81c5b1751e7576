package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.text.Durations;
import io.syncline.ops.text.Sizes;
import io.syncline.proto.api.v1.StatusResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = {
      "Asks every voter how it is. With -n also for the digest of that namespace: voters at the same"
          + " revision have the same one.",
      "Exit codes: 0 there is a leader, 1 there is none, 3 no voter answers."
    },
    footer = {
      "  syncline status",
      "  syncline status --endpoints 10.0.0.1:7400,10.0.0.2:7400 --output json",
      "  syncline status -n routes"
    })
final class StatusCommand extends ClientCommand {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  @Override
  Duration defaultTimeout() {
    return DEFAULT_TIMEOUT;
  }

  @Override
  int run(SynclineClient client) {
    List<Endpoint> endpoints = options.endpoints(terminal().environment());
    ClusterAnswers answers = ClusterAnswers.ask(client, endpoints);
    Optional<Long> head = answers.leader().map(VoterAnswer::revision);
    if (options.json()) {
      var voters =
          answers.voters().stream().map(voter -> fields(client, voter, head)).toList();
      out().println(Json.lines(voters));
    } else {
      print(client, answers, head);
    }
    if (!answers.anyAnswered()) {
      terminal().err().println("syncline: no voter answers (expected: one of " + endpoints + ")");
      return ExitCode.UNAVAILABLE;
    }
    boolean onlyFollowers =
        answers.voters().stream().filter(VoterAnswer::answered).allMatch(VoterAnswer::follows);
    if (head.isEmpty() && !onlyFollowers) {
      terminal().err().println("syncline: no voter leads; try again in a moment");
      return ExitCode.REFUSED;
    }
    return ExitCode.DONE;
  }

  private void print(SynclineClient client, ClusterAnswers answers, Optional<Long> head) {
    boolean withDigest = options.namespace != null;
    var table = new Table(
        "VOTER",
        "ENDPOINT",
        "ROLE",
        ">TERM",
        ">REVISION",
        ">LAG",
        ">APPLIED",
        ">STORE",
        ">LOG",
        "UPTIME",
        "READY",
        withDigest ? "DIGEST" : "");
    for (VoterAnswer voter : answers.voters()) {
      StatusResponse status = voter.status();
      String ready = status != null && status.getReady() ? "yes" : "no";
      String reasons = voter.reasons().isEmpty() ? "" : ": " + String.join("; ", voter.reasons());
      table.row(
          voter.name(),
          voter.endpoint(),
          voter.role(),
          status == null ? "" : voter.term(),
          status == null ? "" : voter.revision(),
          status == null
              ? ""
              : head.map(h -> Long.toString(h - voter.revision())).orElse(""),
          status == null ? "" : status.getAppliedIndex(),
          status == null ? "" : Sizes.rounded(status.getStoreBytes()),
          status == null ? "" : Sizes.rounded(status.getRaftBytes()),
          status == null ? "" : uptime(status),
          ready + reasons,
          withDigest ? digest(client, voter).orElse("") : "");
    }
    table.print(out());
  }

  private static String uptime(StatusResponse status) {
    return Durations.format(Duration.ofSeconds(status.getUptimeMs() / 1000));
  }

  private Map<String, Object> fields(
      SynclineClient client, VoterAnswer voter, Optional<Long> head) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("voter", voter.name());
    fields.put("endpoint", voter.endpoint().toString());
    fields.put("role", voter.role());
    StatusResponse status = voter.status();
    fields.put("ready", status != null && status.getReady());
    fields.put("not_ready_reasons", voter.reasons());
    if (status == null) {
      return fields;
    }
    fields.put("cluster_id", status.getHeader().getClusterId());
    fields.put("leader", status.getLeader());
    fields.put("leader_endpoint", status.getLeaderEndpoint());
    fields.put("term", voter.term());
    fields.put("revision", voter.revision());
    head.ifPresent(revision -> fields.put("lag", revision - voter.revision()));
    fields.put("commit_index", status.getCommitIndex());
    fields.put("applied_index", status.getAppliedIndex());
    fields.put("snapshot_index", status.getSnapshotIndex());
    fields.put("namespaces", status.getNamespaces());
    fields.put("store_bytes", status.getStoreBytes());
    fields.put("raft_bytes", status.getRaftBytes());
    fields.put("watchers", status.getWatchers());
    fields.put("uptime_ms", status.getUptimeMs());
    fields.put("build", status.getBuild());
    digest(client, voter).ifPresent(digest -> fields.put("digest", digest));
    return fields;
  }

  private Optional<String> digest(SynclineClient client, VoterAnswer voter) {
    if (options.namespace == null || !voter.answered()) {
      return Optional.empty();
    }
    return client
        .digest(voter.endpoint(), Optional.of(options.namespace), false)
        .getNamespacesList()
        .stream()
        .map(digest -> HexFormat.of().formatHex(digest.getDigest().toByteArray()))
        .findFirst();
  }
}
