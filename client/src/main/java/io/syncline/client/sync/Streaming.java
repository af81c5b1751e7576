package io.syncline.client.sync;

import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.client.sync.Intake.Received;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamRequest.Refuse;
import io.syncline.proto.sync.v1.StreamResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Is sent batches as they are committed, and acknowledges them: one by one where credits are short, a
 * few together where they are not, for an acknowledgement costs the sender as much as a batch.
 */
final class Streaming {
  /** Push that broke as often, with nothing gained, is given a rest. */
  private static final int MOST_FAILURES = 2;

  /** Half of what each of very many followers may be sent ahead of its acknowledgement. */
  private static final long MOST_UNACKNOWLEDGED_BYTES = 8 << 10;

  private static final Duration LONGEST_UNACKNOWLEDGED = Duration.ofMillis(100);

  private final Following following;
  private int unacknowledged;
  private long unacknowledgedBytes;
  private boolean acknowledging;
  private Upstream.@Nullable Stream open;
  private int failures;
  private long againAtMs = Long.MIN_VALUE;

  Streaming(Following following) {
    this.following = following;
  }

  /** Whether batches are to come by push now. */
  boolean isDue() {
    Mode mode = following.settings().mode();
    return mode == Mode.PUSH || (mode == Mode.AUTO && following.nowMs() >= againAtMs);
  }

  void begin() {
    unacknowledged = 0;
    unacknowledgedBytes = 0;
    following
        .attempt()
        .begin(
            answer -> open = following.upstream().stream(answer),
            this::onStreamed,
            this::onEnded,
            following.settings().silence());
    send(following.messages().open());
  }

  private void onStreamed(StreamResponse response) {
    if (!following.hear(response.getHead())) {
      return;
    }
    failures = 0;
    following.attempt().awaitWord();
    if (response.getSnapshotNeeded()) {
      following.takeSnapshot();
      return;
    }
    if (response.hasBatch()) {
      Received received = following.intake().receive(response.getBatch());
      if (received == Received.APPLIED || received == Received.DUPLICATE) {
        acknowledgeSoon(response.getBatch().getBatch().size());
      } else {
        send(answerTo(received));
      }
    } else {
      // so that the other side knows that this one is there, and how it stands
      send(following.messages().acknowledgement(false, true));
    }
    following.verifyIfDue();
    following.compareIfAny();
  }

  private void acknowledgeSoon(int bytes) {
    unacknowledged++;
    unacknowledgedBytes += bytes;
    if (unacknowledged >= Math.max(1, following.settings().credits() / 2)
        || unacknowledgedBytes >= MOST_UNACKNOWLEDGED_BYTES) {
      send(following.messages().acknowledgement(false, false));
    } else if (!acknowledging) {
      acknowledging = true;
      following.after(LONGEST_UNACKNOWLEDGED, () -> {
        acknowledging = false;
        if (unacknowledged > 0) {
          send(following.messages().acknowledgement(false, false));
        }
      });
    }
  }

  private StreamRequest answerTo(Received received) {
    Messages messages = following.messages();
    String why = following.standing().lastError();
    return switch (received) {
      case APPLIED, DUPLICATE -> throw new IllegalStateException("acknowledged: " + received);
      case GAP -> messages.acknowledgement(true, false);
      case CORRUPT -> messages.refusal(Refuse.Reason.CORRUPT, why);
      case FOREIGN -> messages.refusal(Refuse.Reason.FOREIGN, why);
      case STALE_TERM -> messages.refusal(Refuse.Reason.STALE_TERM, why);
      case MISMATCH -> messages.refusal(Refuse.Reason.DIGEST_MISMATCH, why);
    };
  }

  private void send(StreamRequest message) {
    Upstream.Stream stream = open;
    if (stream != null) {
      // whatever is said tells the cursor
      unacknowledged = 0;
      unacknowledgedBytes = 0;
      stream.send(message);
    }
  }

  private void onEnded(@Nullable Throwable error) {
    open = null;
    failures++;
    if (following.settings().mode() == Mode.AUTO && failures >= MOST_FAILURES) {
      againAtMs = following.nowMs() + following.settings().pushRetry().toMillis();
      failures = 0;
    }
    following.fail(error == null ? new IllegalStateException("the stream ended") : error);
  }
}
