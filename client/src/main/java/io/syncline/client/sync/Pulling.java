package io.syncline.client.sync;

import io.syncline.client.sync.Intake.Received;
import io.syncline.proto.sync.v1.PullResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks for the next batch, and waits for it to come. */
final class Pulling {
  /** Beyond the wait that was asked for. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Following following;

  Pulling(Following following) {
    this.following = following;
  }

  void begin() {
    var request = following.messages().pull();
    following
        .attempt()
        .begin(
            answer -> following.upstream().pull(request, answer),
            this::onPulled,
            this::onEnded,
            following.settings().pullWait().plus(PATIENCE));
  }

  private void onPulled(PullResponse response) {
    if (!following.hear(response.getHead())) {
      return;
    }
    if (response.getSnapshotNeeded()) {
      following.takeSnapshot();
    } else if (response.hasBatch()) {
      Received received = following.intake().receive(response.getBatch());
      if (received == Received.APPLIED || received == Received.DUPLICATE) {
        following.lookFurther();
      } else {
        following.fail(new IllegalStateException(following.standing().lastError()));
      }
    } else {
      following.verifyIfDue();
      following.lookFurther();
    }
  }

  /** A unary call ends after its message; by then another attempt is under way. */
  private void onEnded(@Nullable Throwable error) {
    following.fail(error == null ? new IllegalStateException("no answer") : error);
  }
}
