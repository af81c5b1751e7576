package io.syncline.server.sync;

import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One follower that is sent batches as they are committed.
 *
 * <p>Sends ahead of acknowledgements up to the credits granted. What is not acknowledged in time is
 * sent again, from the last acknowledgement on, after longer and longer waits. A slow follower costs
 * its share of what may be under way to all, and nothing else. Used on one loop.
 */
final class PushSession {
  private static final Logger LOG = LoggerFactory.getLogger(PushSession.class);

  /** An empty batch is worth sending once it saves as much looking. */
  private static final long WORTH_SKIPPING = 1000;

  private final SyncServer server;
  private final Downstream downstream;
  private final FollowerRecord record;
  private final Subscription subscription;
  private final int maxChanges;
  private final long maxBytes;
  private final int credits;
  private final Deque<Underway> underway = new ArrayDeque<>();
  private long underwayBytes;

  /** A batch that is sent and not acknowledged. */
  private record Underway(Revision to, int bytes, Instant committedAt) {}

  private Revision acknowledged;
  private Revision sent;
  private int attempts;
  private boolean snapshotTold;
  private boolean pausing;
  private boolean ended;
  private long resendAtMs;
  private long heardFromMs;

  PushSession(
      SyncServer server, StreamRequest.Open open, FollowerRecord record, Downstream downstream) {
    this.server = server;
    this.downstream = downstream;
    this.record = record;
    this.subscription = record.subscription();
    this.maxChanges = SyncLimits.changes(open.getMaxChanges());
    this.maxBytes = SyncLimits.bytes(open.getMaxBytes());
    this.credits = Math.max(1, Math.min(open.getCredits(), SyncLimits.MAX_CREDITS));
    this.acknowledged = Requests.revision(open.getReport().getCursor());
    this.sent = acknowledged;
    this.heardFromMs = server.loop().nowMs();
    note(open.getReport());
  }

  void onMessage(StreamRequest message) {
    if (ended) {
      return;
    }
    heardFromMs = server.loop().nowMs();
    if (message.hasAcknowledge()) {
      StreamRequest.Acknowledge acknowledge = message.getAcknowledge();
      acknowledge(acknowledge.getReport());
      if (acknowledge.getResend()) {
        resent("a batch was lost on the way");
        rewind();
      }
      pump();
    } else if (message.hasRefuse()) {
      refuse(message.getRefuse());
    }
  }

  private void acknowledge(Report report) {
    note(report);
    Revision cursor = new Revision(report.getCursor());
    if (cursor.isAfter(acknowledged)) {
      attempts = 0;
      record.acknowledged();
    }
    acknowledged = cursor;
    while (!underway.isEmpty() && !underway.getFirst().to.isAfter(cursor)) {
      Underway arrived = underway.removeFirst();
      underwayBytes -= arrived.bytes;
      server.meters().acknowledged(Mode.PUSH);
      if (!arrived.committedAt.equals(Instant.EPOCH)) {
        server
            .meters()
            .propagated(
                Duration.between(arrived.committedAt, server.clock().instant()).toMillis());
      }
    }
    sent = Revision.max(sent, acknowledged);
    rearm();
  }

  private void note(Report report) {
    var unused = server.note(record, report, Mode.PUSH);
  }

  private void resent(String why) {
    server.meters().retried(Mode.PUSH);
    record.resent(why);
  }

  private void refuse(StreamRequest.Refuse refuse) {
    server.meters().refused(refuse.getReason());
    record.refused(refuse.getReason() + ": " + refuse.getDetail());
    switch (refuse.getReason()) {
      case DIGEST_MISMATCH -> {
        // it was applied; what differs is repaired by the follower
        acknowledge(refuse.getReport());
        pump();
      }
      case CORRUPT -> {
        note(refuse.getReport());
        server.meters().retried(Mode.PUSH);
        rewind();
        pauseThenPump();
      }
      default ->
        end(Rejection.of(Reason.WRONG_STATE, "the follower refuses: " + refuse.getDetail()));
    }
  }

  private void rewind() {
    sent = acknowledged;
    underway.clear();
    underwayBytes = 0;
    rearm();
  }

  private void pauseThenPump() {
    if (!pausing) {
      pausing = true;
      var unused = server.loop().after(waitOf(attempts++).dividedBy(4), () -> {
        pausing = false;
        pump();
      });
    }
  }

  /** Sends what there is, as far as credits and the connection allow. */
  void pump() {
    while (!ended
        && !pausing
        && server.sound()
        && underway.size() < credits
        && underwayBytes < server.shareBytes()
        && sent.isBefore(server.source().revision())
        && downstream.isReady()) {
      Optional<Frames.Frame> next = nextFrame();
      if (next.isEmpty()) {
        tellSnapshotNeeded();
        return;
      }
      Frames.Frame frame = next.get();
      if (frame.changes() == 0 && frame.to().value() - sent.value() < WORTH_SKIPPING) {
        // nothing for this follower: the next heartbeat takes it along
        return;
      }
      send(frame);
    }
  }

  private void send(Frames.Frame frame) {
    int bytes = frame.bytes().getBatch().size();
    if (underway.isEmpty()) {
      rearm();
    }
    sent = frame.to();
    underway.addLast(new Underway(sent, bytes, frame.committedAt()));
    underwayBytes += bytes;
    record.sent(bytes);
    server.meters().handedOut(Mode.PUSH, bytes);
    send(server.pushes().batch(frame));
  }

  private void send(StreamResponse response) {
    try {
      downstream.send(response);
    } catch (RuntimeException | OutOfMemoryError e) {
      // of this connection, or of all of them: in no case is it to be felt by a write
      LOG.warn("a follower could not be sent to: reason={}", e.toString());
      end(Rejection.of(Reason.NOT_READY, "nothing can be sent just now; come back"));
    }
  }

  private Optional<Frames.Frame> nextFrame() {
    long bytes = Math.min(maxBytes, server.shareBytes());
    return server.frames().after(sent, subscription, maxChanges, bytes);
  }

  private void tellSnapshotNeeded() {
    if (!snapshotTold) {
      snapshotTold = true;
      send(server.pushes().snapshotNeeded());
    }
  }

  /** Tells where the head is, and takes the follower's cursor along over what is none of its. */
  void heartbeat() {
    if (ended) {
      return;
    }
    if (isStalled()) {
      server.meters().stalled();
      end(SyncServer.BEGIN_ANEW);
      return;
    }
    resendIfDue();
    if (!downstream.isReady() || !server.sound()) {
      return;
    }
    if (server.loop().nowMs() - heardFromMs > server.limits().gone().toMillis() * 3) {
      end(Rejection.of(Reason.NOT_READY, "nothing was heard of the follower for long"));
      return;
    }
    pump();
    if (underway.isEmpty() && !pausing && sent.isBefore(server.source().revision())) {
      Optional<Frames.Frame> next = nextFrame();
      if (next.isPresent()) {
        send(next.get());
        return;
      }
    }
    send(server.pushes().heartbeat(subscription));
  }

  private boolean isStalled() {
    long nowMs = server.loop().nowMs();
    Revision head = server.source().revision();
    if (!acknowledged.isBefore(head)) {
      record.progress().moved(acknowledged, nowMs);
      return false;
    }
    boolean somethingToApply = !underway.isEmpty() || snapshotTold || !downstream.isReady();
    if (!somethingToApply || !server.sound()) {
      record.progress().rest(nowMs);
      return false;
    }
    return record
        .progress()
        .isToBeginAnew(
            acknowledged, head, server.limits().stalled(), nowMs, server.clock().instant());
  }

  private void rearm() {
    resendAtMs = server.loop().nowMs() + waitOf(attempts).toMillis();
  }

  private void resendIfDue() {
    if (!underway.isEmpty() && server.loop().nowMs() >= resendAtMs) {
      resent("not acknowledged after " + waitOf(attempts++).toMillis() + " ms");
      rewind();
      pump();
    }
  }

  private Duration waitOf(int attempt) {
    SyncLimits limits = server.limits();
    long full = Math.min(
        limits.mostResend().toMillis(), limits.resendAfter().toMillis() << Math.min(attempt, 16));
    return Duration.ofMillis(full + (long) (server.random().nextDouble() * full / 4));
  }

  /** The follower is gone. */
  void left(String why) {
    if (!ended) {
      ended = true;
      record.left(why);
      server.remove(this);
    }
  }

  void end(Rejection why) {
    if (!ended) {
      left(why.message());
      downstream.end(why);
    }
  }
}
