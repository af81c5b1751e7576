package io.syncline.ops.command;

import io.syncline.client.ConflictQuery;
import io.syncline.client.Conflicts;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Conflict;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.KeyText;
import io.syncline.ops.output.TerminalSize;
import io.syncline.ops.top.Rates;
import io.syncline.ops.top.TopFrame;
import io.syncline.ops.top.TopSnapshot;
import io.syncline.proto.api.v1.Alert;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "top",
    description = {
      "Shows the cluster live: alerts, voters, open conflicts, and the followers furthest behind.",
      "Ends when it is interrupted. Where nobody watches, such as in a pipe, it draws one frame.",
      "Exit codes: 0 ended, 3 no voter answers at the first look."
    },
    footer = {
      "  syncline top",
      "  syncline top --interval 5s",
      "  syncline top --frames 1 > now.txt"
    })
final class TopCommand extends ClientCommand {
  private static final int RATES_KEPT = 30;
  private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(2);

  // the other screen and no cursor; and back
  private static final String BEGIN = "\u001b[?1049h\u001b[?25l";
  private static final String END = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      defaultValue = "1s",
      description = "From one frame to the next. Default: 1s.")
  Duration interval;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "End after this many frames; 0: on a terminal never, else after one. Default: 0.")
  int frames;

  private final KeyText keys = KeyText.UTF_8;
  private final Rates rates = new Rates(RATES_KEPT);

  @Override
  void check() {
    if (interval.compareTo(LEAST_INTERVAL) < 0) {
      throw new UsageException("--interval: " + interval.toMillis() + " ms (expected: >= 100ms)");
    }
    if (frames < 0) {
      throw new UsageException("--frames: " + frames + " (expected: >= 0)");
    }
    if (options.json()) {
      throw new UsageException(
          "--output json: top is for people; use status, followers, conflicts list or alerts");
    }
  }

  @Override
  Duration defaultTimeout() {
    return CALL_LIMIT;
  }

  @Override
  int run(SynclineClient client) throws InterruptedException {
    List<Endpoint> endpoints = options.endpoints(terminal().environment());
    boolean live = terminal().outIsTerminal();
    int limit = frames > 0 ? frames : live ? Integer.MAX_VALUE : 1;
    TopSnapshot first = look(client, endpoints);
    if (first.voters().stream().allMatch(voter -> voter.revision().isEmpty())) {
      terminal().err().println("syncline: no voter answers (expected: one of " + endpoints + ")");
      return ExitCode.UNAVAILABLE;
    }
    // an interrupt ends the process: the terminal must be left as it was found
    var restore = new Thread(() -> write(END));
    if (live) {
      Runtime.getRuntime().addShutdownHook(restore);
      write(BEGIN);
    }
    TopSnapshot now = first;
    for (int frame = 1; ; frame++) {
      rates.add(now.at(), now.revision());
      draw(now, live);
      if (frame >= limit) {
        break;
      }
      TimeUnit.NANOSECONDS.sleep(interval.toNanos());
      now = look(client, endpoints);
    }
    if (live && Runtime.getRuntime().removeShutdownHook(restore)) {
      write(END);
    }
    return ExitCode.DONE;
  }

  private void draw(TopSnapshot now, boolean live) {
    TerminalSize size = TerminalSize.of(terminal());
    var frame = new TopFrame(size.columns(), size.rows(), terminal().coloursOut());
    List<String> lines = frame.lines(now, rates.perSecond());
    if (live) {
      write(HOME + String.join(CLEAR_LINE + "\r\n", lines) + CLEAR_LINE + CLEAR_BELOW);
    } else {
      lines.forEach(out()::println);
    }
  }

  private void write(String text) {
    out().print(text);
    out().flush();
  }

  private TopSnapshot look(SynclineClient client, List<Endpoint> endpoints) {
    ClusterAnswers voters = ClusterAnswers.ask(client, endpoints);
    List<Endpoint> answering = voters.answering();
    Optional<Conflicts.Page> conflicts = conflicts(client, voters);
    return new TopSnapshot(
        Clock.systemUTC().instant(),
        cluster(voters),
        voters
            .leader()
            .map(leader -> OptionalLong.of(leader.revision()))
            .orElse(OptionalLong.empty()),
        voters.voters().stream().map(TopCommand::voter).toList(),
        followers(client, answering),
        conflicts
            .map(page -> page.conflicts().stream().map(this::line).toList())
            .orElse(List.of()),
        conflicts.filter(page -> !page.nextPageToken().isEmpty()).isPresent(),
        AlertAnswers.ask(client, answering).alerts().stream()
            .map(TopCommand::alert)
            .toList());
  }

  private static String cluster(ClusterAnswers voters) {
    return voters.voters().stream()
        .map(VoterAnswer::status)
        .filter(status -> status != null && !status.getHeader().getClusterId().isEmpty())
        .map(status -> status.getHeader().getClusterId())
        .findFirst()
        .orElse("");
  }

  /** Without a leader nobody can tell: the frame shows what it can. */
  private static Optional<Conflicts.Page> conflicts(SynclineClient client, ClusterAnswers voters) {
    if (voters.leader().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(client.conflicts().list(ConflictQuery.OPEN, ""));
    } catch (UnavailableException | RejectedException e) {
      return Optional.empty();
    }
  }

  private String line(Conflict conflict) {
    return "%d  %s  %s in %s, by %s: %s"
        .formatted(
            conflict.id(),
            ConflictOutput.type(conflict),
            keys.show(conflict.key()),
            conflict.namespace(),
            conflict.actor().name(),
            conflict.detail());
  }

  private static TopSnapshot.Voter voter(VoterAnswer answer) {
    StatusResponse status = answer.status();
    return new TopSnapshot.Voter(
        answer.name().isEmpty() ? answer.endpoint().toString() : answer.name(),
        answer.role(),
        answer.term(),
        status == null ? OptionalLong.empty() : OptionalLong.of(answer.revision()),
        status == null ? 0 : status.getStoreBytes(),
        status == null ? 0 : status.getWatchers(),
        Duration.ofMillis(status == null ? 0 : status.getUptimeMs()),
        answer.reasons());
  }

  private static List<TopSnapshot.Follower> followers(
      SynclineClient client, List<Endpoint> voters) {
    return FollowerAnswers.ofVoters(client, voters).followers().stream()
        .sorted(Comparator.comparingLong(FollowerStatus::getLagRevisions)
            .thenComparingLong(FollowerStatus::getLagMs)
            .reversed()
            .thenComparing(FollowerStatus::getFollowerId))
        .map(TopCommand::follower)
        .toList();
  }

  private static TopSnapshot.Follower follower(FollowerStatus status) {
    return new TopSnapshot.Follower(
        status.getFollowerId(),
        FollowerFields.lower(status.getState()),
        FollowerFields.lower(status.getMode()),
        status.getLagRevisions(),
        Duration.ofMillis(status.getLagMs()),
        status.hasDigestsEqual() ? Optional.of(status.getDigestsEqual()) : Optional.empty(),
        status.getLastError());
  }

  private static TopSnapshot.Alert alert(AlertAnswers.Told told) {
    return new TopSnapshot.Alert(
        told.alert().getName(),
        FollowerFields.lower(told.alert().getSeverity()),
        told.alert().getState() == Alert.State.FIRING,
        Duration.ofMillis(told.alert().getHeldMs()),
        told.alert().getSummary());
  }
}
