package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.proto.api.v1.Alert;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "alerts",
    description = {
      "Lists what is wrong, as the voters see it by their own metrics: no Prometheus is needed.",
      "docs/runbooks has a page for each alert.",
      "Exit codes: 0 listed, also if there is none, 3 no voter answers."
    },
    footer = {
      "  syncline alerts",
      "  syncline alerts --followers",
      "  syncline alerts --firing --output json"
    })
final class AlertsCommand extends ClientCommand {
  /** Beyond as many, ask Prometheus. */
  private static final int MAX_FOLLOWERS_ASKED = 200;

  @Option(
      names = "--followers",
      description = "Ask the followers as well, up to " + MAX_FOLLOWERS_ASKED
          + " of them, where they say that they are reached.")
  boolean followers;

  @Option(
      names = "--firing",
      description = "Leave out those whose condition has not held for long enough yet.")
  boolean firing;

  @Override
  int run(SynclineClient client) {
    List<Endpoint> endpoints = options.endpoints(terminal().environment());
    List<Endpoint> nodes = new ArrayList<>(ClusterAnswers.ask(client, endpoints).answering());
    if (nodes.isEmpty()) {
      throw new RejectedException(Rejection.of(
          Reason.NOT_READY,
          "no voter answers at " + endpoints + "; check that they run, and --endpoints"));
    }
    if (followers) {
      nodes.addAll(followers(client, endpoints));
    }
    AlertAnswers answers = AlertAnswers.ask(client, nodes);
    List<AlertAnswers.Told> alerts = answers.alerts().stream()
        .filter(told -> !firing || told.alert().getState() == Alert.State.FIRING)
        .toList();
    if (options.json()) {
      out().println(Json.lines(alerts.stream().map(AlertFields::fields).toList()));
    } else if (!alerts.isEmpty()) {
      AlertFields.table(alerts).print(out());
    } else {
      out().println("no alerts, say " + answers.asked() + " nodes");
    }
    if (answers.silent() > 0) {
      terminal()
          .err()
          .println("syncline: " + answers.silent()
              + " nodes did not answer, or have metrics turned off: what is wrong there is not"
              + " listed");
    }
    return ExitCode.DONE;
  }

  private static List<Endpoint> followers(SynclineClient client, List<Endpoint> endpoints) {
    return FollowerAnswers.ask(client, endpoints).followers().stream()
        .map(FollowerStatus::getAddress)
        .filter(address -> !address.isEmpty())
        .limit(MAX_FOLLOWERS_ASKED)
        .map(Endpoint::parse)
        .toList();
  }
}
