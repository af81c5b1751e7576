package io.syncline.server.sync;

import io.syncline.client.sync.Loop;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One follower that waits for something to come after its cursor. Used on one loop. */
final class WaitingPull {
  private final SyncServer server;
  private final PullRequest request;
  private final FollowerRecord record;
  private final Reply<PullResponse> reply;
  private final Revision cursor;
  private Loop.@Nullable Timer timer;

  WaitingPull(
      SyncServer server, PullRequest request, FollowerRecord record, Reply<PullResponse> reply) {
    this.server = server;
    this.request = request;
    this.record = record;
    this.reply = reply;
    this.cursor = Requests.revision(request.getReport().getCursor());
  }

  void begin() {
    var wait =
        Duration.ofMillis(Math.min(Math.max(0, request.getWaitMs()), SyncLimits.MAX_WAIT_MS));
    // first heeded, then looked: what is committed in between is not missed
    server.add(this);
    if (answerSafely(wait.isZero())) {
      server.remove(this);
      return;
    }
    timer = server.loop().after(wait, () -> {
      timer = null;
      server.remove(this);
      answerSafely(true);
    });
  }

  void look() {
    if (answerSafely(false)) {
      server.remove(this);
      Loop.Timer running = timer;
      timer = null;
      if (running != null) {
        running.cancel();
      }
    }
  }

  void refuse(Rejection why) {
    reply.refuse(new RejectedException(why));
  }

  private boolean answerSafely(boolean atLast) {
    try {
      return answerIfAny(atLast);
    } catch (RuntimeException e) {
      reply.refuse(e);
      return true;
    }
  }

  /**
   * @param atLast answer even if there is nothing
   * @return whether it was answered
   */
  private boolean answerIfAny(boolean atLast) {
    if (!server.sound() && !atLast) {
      return false;
    }
    server.requireSound();
    var response = PullResponse.newBuilder();
    if (cursor.isBefore(server.source().revision())) {
      Optional<Frames.Frame> next = server
          .frames()
          .after(
              cursor,
              record.subscription(),
              SyncLimits.changes(request.getMaxChanges()),
              Math.min(SyncLimits.bytes(request.getMaxBytes()), server.shareBytes()));
      if (next.isEmpty()) {
        response.setSnapshotNeeded(true);
      } else if (next.get().changes() > 0 || atLast) {
        response.setBatch(next.get().bytes());
        int bytes = next.get().bytes().getBatch().size();
        record.sent(bytes);
        record.pulled(next.get().to());
        server.meters().handedOut(Mode.PULL, bytes);
      } else {
        return false;
      }
    } else if (!atLast) {
      return false;
    }
    reply.answer(
        response.setHead(server.heads().withDigests(record.subscription())).build());
    return true;
  }
}
