package io.syncline.ops.command;

import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Endpoint;
import io.syncline.model.Subscription;
import io.syncline.monitor.alert.WebhookSettings;
import io.syncline.ops.UsageException;
import io.syncline.ops.settings.InvalidSetting;
import io.syncline.ops.settings.SettingType;
import io.syncline.server.node.FollowerSettings;
import io.syncline.server.node.MonitoringSettings;
import io.syncline.server.node.RefusedToStart;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "follower",
    description = {
      "Runs a follower until it is interrupted: a verified copy of all or some namespaces, which is"
          + " served to readers and watchers, and to followers of its own.",
      "It starts and serves what it has also if nothing it follows answers. It takes no writes.",
      "Exit codes: 0 interrupted, 1 refused to start, 2 wrong usage, 4 stopped by a fault."
    },
    footer = {
      "  syncline follower --id edge-1 --data /var/lib/syncline --upstream 10.0.0.1:7400,10.0.0.2:7400",
      "  syncline follower --id edge-2 --subscribe routes,limits:eu/ --upstream 10.0.0.9:7400",
      "  syncline get routes/api --endpoints 127.0.0.1:7410 --max-staleness 5s"
    })
final class FollowerCommand implements Callable<Integer> {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "Unique among all followers of the cluster: a-z, 0-9, '.', '_' and '-'.")
  String id = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder of the copy. Default: syncline-follower.")
  Path data = Path.of("syncline-follower");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where it serves (gRPC). Default: 127.0.0.1:7410; port 0: any free one.")
  String listen = "127.0.0.1:7410";

  @Option(
      names = "--http-listen",
      paramLabel = "HOST:PORT|none",
      description =
          "Where metrics and health are served (HTTP): /metrics, /health/live, /health/ready. Default:"
              + " none; port 0: any free one.")
  String httpListen = SettingType.NONE;

  @Option(
      names = "--metrics",
      arity = "1",
      paramLabel = "true|false",
      description = "Count and time what it does. Default: true.")
  boolean metrics = true;

  @Option(
      names = "--alert-webhook",
      paramLabel = "URL|none",
      description =
          "Who is told of alerts that this follower finds, in the format of Alertmanager's"
              + " webhook. Default: none.")
  String alertWebhook = SettingType.NONE;

  @Option(
      names = "--runbooks",
      paramLabel = "URL",
      description =
          "How links to runbooks begin in what a webhook is told. Default: docs/runbooks/.")
  String runbooks = "docs/runbooks/";

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "Where others are told to find it. Default: as --listen.")
  @Nullable
  String advertise;

  @Option(
      names = "--upstream",
      required = true,
      paramLabel = "HOST:PORT[,…]",
      description = "What it follows: voters, or followers. The next one when one fails.")
  String upstream = "";

  @Option(
      names = "--subscribe",
      paramLabel = "NS[:PREFIX][,…]",
      description = "What it keeps a copy of. Default: *, all namespaces.")
  String subscribe = "*";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "${COMPLETION-CANDIDATES}: asks for changes, is sent them, or whichever works. Default: AUTO.")
  Mode mode = Mode.AUTO;

  @Option(
      names = "--propose-to",
      paramLabel = "HOST:PORT[,…]",
      description =
          "Voters to which drafts kept here are proposed. Default: as --upstream; needed if those are"
              + " followers.")
  @Nullable
  String proposeTo;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "A copy older than this is not ready. Default: 10s.")
  Duration maxLag = Duration.ofSeconds(10);

  @Option(
      names = "--history",
      paramLabel = "DURATION",
      description = "What was superseded longer ago is let go. Default: 1h.")
  Duration history = Duration.ofHours(1);

  @Option(
      names = "--verify-interval",
      paramLabel = "DURATION",
      description =
          "How often the whole copy is read and compared with what it follows; 0s: never. Default: 10m.")
  Duration verifyInterval = FollowSettings.DEFAULT.verifyInterval();

  @Option(names = "--exit-with-parent", hidden = true, paramLabel = "PID")
  @Nullable
  Long parentPid;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return new NodeProcess(SynclineCommand.terminal(spec)).run(settings(), parentPid);
  }

  private FollowerSettings settings() {
    try {
      Endpoint listening = endpoint("--listen", listen);
      return new FollowerSettings(
          id,
          data,
          listening,
          advertise == null ? listening : endpoint("--advertise", advertise),
          endpoints("--upstream", upstream),
          Subscription.parse(subscribe),
          FollowSettings.DEFAULT.withMode(mode).withVerifyInterval(verifyInterval),
          proposeTo == null
              ? endpoints("--upstream", upstream)
              : endpoints("--propose-to", proposeTo),
          history,
          maxLag,
          FollowerSettings.FEED_CHANGES,
          FollowerSettings.FEED_BYTES,
          FollowerSettings.MAX_WATCHES,
          monitoring());
    } catch (RefusedToStart e) {
      throw new InvalidSetting(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private MonitoringSettings monitoring() {
    Optional<Endpoint> http = httpListen.equals(SettingType.NONE)
        ? Optional.empty()
        : Optional.of(endpoint("--http-listen", httpListen));
    Optional<WebhookSettings> webhook = alertWebhook.equals(SettingType.NONE)
        ? Optional.empty()
        : Optional.of(WebhookSettings.of(url("--alert-webhook", alertWebhook), runbooks));
    return new MonitoringSettings(http, metrics, webhook);
  }

  private static URI url(String option, String text) {
    try {
      return WebhookSettings.requireUrl(URI.create(text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": \"" + text
          + "\" (expected: a URL such as https://alerts.example.org/hook, or none)");
    }
  }

  private static List<Endpoint> endpoints(String option, String list) {
    return Arrays.stream(list.split(",", -1))
        .map(text -> endpoint(option, text.strip()))
        .toList();
  }

  private static Endpoint endpoint(String option, String text) {
    try {
      return Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }
}
