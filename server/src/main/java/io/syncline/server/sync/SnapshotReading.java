package io.syncline.server.sync;

import io.syncline.codec.SyncCodec;
import io.syncline.model.RejectedException;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as it is read, part by part. Used by one thread at a time.
 *
 * <p>Nobody acknowledges a part: it counts as arrived when the next is asked for, which the connection
 * allows when it has room again, and the last one at once.
 */
public final class SnapshotReading {
  private final SyncServer server;
  private final SnapshotRequest request;
  private final Subscription subscription;
  private final Revision since;
  private final long maxBytes;
  private Revision at;
  private @Nullable Selector after;
  private int index;
  private long keys;
  private boolean done;
  private final AtomicBoolean ended = new AtomicBoolean();

  SnapshotReading(SyncServer server, SnapshotRequest request, Subscription subscription) {
    this.server = server;
    this.request = request;
    this.subscription = subscription;
    this.since = Requests.revision(request.getSinceRevision());
    this.maxBytes = SyncLimits.bytes(request.getChunkBytes());
    this.at = Requests.revision(request.getAtRevision());
    this.after = request.hasAfter() ? Requests.selector(request.getAfter()) : null;
    if (request.hasAfter()) {
      server.meters().retried(Mode.SNAPSHOT);
    }
    server.snapshots().incrementAndGet();
  }

  /** It is not read any further. Any thread; more than once does no harm. */
  public void end() {
    if (ended.compareAndSet(false, true)) {
      server.snapshots().decrementAndGet();
    }
  }

  public boolean isDone() {
    return done;
  }

  /** Reads the next part. */
  public SnapshotResponse next() {
    server.requireSound();
    if (index > 0) {
      server.meters().acknowledged(Mode.SNAPSHOT);
    }
    ChangeSource.Part read =
        server.source().snapshot(subscription, since, at, after, index++, maxBytes);
    SnapshotPart part = read.part();
    at = part.at();
    after = read.after() == null ? after : read.after();
    keys += part.heads().size();
    done = part.last();
    SnapshotResponse frame = SyncCodec.frame(part);
    server.meters().handedOut(Mode.SNAPSHOT, frame.getChunk().size());
    if (done) {
      server.meters().acknowledged(Mode.SNAPSHOT);
    }
    long soFar = keys;
    server.loop().execute(() -> noteCopying(part, soFar, frame.getChunk().size()));
    return frame;
  }

  private void noteCopying(SnapshotPart part, long soFar, long bytes) {
    try {
      server
          .admit(request.getSubscriber())
          .copying(soFar, part.totalKeys(), bytes, server.loop().nowMs());
    } catch (RejectedException e) {
      // it was admitted when it began; what has changed since ends its next request
    }
  }
}
