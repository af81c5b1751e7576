package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.model.Revision;
import io.syncline.ops.ExitCode;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.Json;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Waits after a write until followers have applied it, and tells how many have. */
final class FollowerWait {
  private static final Pattern FORM = Pattern.compile("(all)|(\\d{1,9})|(\\d{1,3})%");
  private static final long POLL_MILLIS = 100;
  private static final int PERCENT = 100;

  @Option(
      names = "--wait-followers",
      paramLabel = "all|N|P%",
      description = "Return when as many followers have applied the write; caches do not count.")
  @Nullable
  String wanted;

  @Option(
      names = "--wait-timeout",
      paramLabel = "DURATION",
      description = "How long to wait for followers; then the exit code is 3. Default: 30s.")
  Duration timeout = Duration.ofSeconds(30);

  void check() {
    String text = wanted;
    if (text != null) {
      Matcher form = FORM.matcher(text);
      boolean tooMany =
          form.matches() && form.group(3) != null && Integer.parseInt(form.group(3)) > PERCENT;
      if (!form.matches() || tooMany) {
        throw new UsageException(
            "--wait-followers: \"" + text + "\" (expected: all, a number, or 0% to 100%)");
      }
    }
  }

  /** How far the followers are with a revision. */
  private record Progress(int applied, int pending, int refused) {
    static Progress of(FollowerAnswers answers, Revision revision) {
      int applied = 0;
      int pending = 0;
      int refused = 0;
      for (FollowerStatus follower : answers.followers()) {
        if (!follower.getDurable()) {
          continue;
        }
        if (follower.getCursor() >= revision.value()) {
          applied++;
        } else if (follower.getState() == FollowerStatus.State.FAILED
            && follower.getRefusals() > 0) {
          refused++;
        } else {
          pending++;
        }
      }
      return new Progress(applied, pending, refused);
    }

    int all() {
      return applied + pending + refused;
    }
  }

  /**
   * Does nothing unless asked to.
   *
   * @return the exit code
   */
  int await(
      SynclineClient client,
      List<Endpoint> endpoints,
      Revision revision,
      boolean json,
      PrintStream out)
      throws InterruptedException {
    String text = wanted;
    if (text == null) {
      return ExitCode.DONE;
    }
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    Progress progress = Progress.of(FollowerAnswers.ask(client, endpoints), revision);
    while (progress.applied() < needed(text, progress.all()) && System.nanoTime() < deadlineNanos) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      progress = Progress.of(FollowerAnswers.ask(client, endpoints), revision);
    }
    print(out, json, revision, progress);
    boolean reached = progress.applied() >= needed(text, progress.all());
    return reached ? ExitCode.DONE : ExitCode.UNAVAILABLE;
  }

  private static int needed(String text, int all) {
    if (text.equals("all")) {
      return all;
    }
    return text.endsWith("%")
        ? (int) Math.ceil(all * Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0)
        : Integer.parseInt(text);
  }

  private static void print(PrintStream out, boolean json, Revision revision, Progress progress) {
    if (json) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("revision", revision.value());
      fields.put("followers_applied", progress.applied());
      fields.put("followers_pending", progress.pending());
      fields.put("followers_refused", progress.refused());
      out.println(Json.line(fields));
    } else {
      out.printf(
          "followers: %d applied, %d pending, %d refused%n",
          progress.applied(), progress.pending(), progress.refused());
    }
  }
}
