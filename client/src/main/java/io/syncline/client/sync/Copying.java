package io.syncline.client.sync;

import io.syncline.client.sync.Replica.Staged;
import io.syncline.codec.SyncCodec;
import io.syncline.model.CorruptBatch;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.SnapshotPart;
import io.syncline.proto.sync.v1.Selector;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a snapshot, or goes on with one that was begun. */
final class Copying {
  private static final int MOST_SPOILED_PARTS = 3;

  private final Following following;
  private boolean needed;
  private boolean everything;
  private int nextIndex;
  private int spoiledParts;

  Copying(Following following) {
    this.following = following;
  }

  boolean isDue() {
    return needed || following.replica().staged().isPresent();
  }

  /** There is no history since the cursor to be had, or a longer one than the net difference. */
  void need() {
    needed = true;
  }

  /** The copy is not to be built upon. */
  void needEverything() {
    following.replica().dropStaged();
    needed = true;
    everything = true;
  }

  void begin() {
    nextIndex = 0;
    SnapshotRequest request = request();
    following
        .attempt()
        .begin(
            answer -> following.upstream().snapshot(request, answer),
            this::onPart,
            this::onEnded,
            following.settings().silence());
  }

  private SnapshotRequest request() {
    Optional<Staged> staged = following.replica().staged();
    Revision since = staged
        .map(Staged::since)
        .orElseGet(() -> everything ? Revision.ZERO : following.replica().cursor());
    var request = SnapshotRequest.newBuilder()
        .setSubscriber(following.messages().subscriber())
        .setSinceRevision(since.value())
        .setChunkBytes(following.settings().maxBytes());
    staged.ifPresent(begun -> {
      request.setAtRevision(begun.at().value());
      begun
          .after()
          .ifPresent(after -> request.setAfter(Selector.newBuilder()
              .setNamespace(after.selector().namespace().value())
              .setPrefix(after.key().bytes())));
    });
    return request.build();
  }

  private void onPart(SnapshotResponse frame) {
    Counters counters = following.standing().counters();
    SnapshotPart part;
    try {
      part = SyncCodec.open(frame);
    } catch (CorruptBatch e) {
      following.standing().noteCorrupt(e);
      noteSpoiledPart();
      following.fail(e);
      return;
    }
    spoiledParts = 0;
    if (following.intake().foreign(part.cluster()).isPresent()) {
      following.fail(new IllegalStateException("a snapshot of another cluster"));
      return;
    }
    if (part.index() != nextIndex) {
      following.fail(new IllegalStateException(
          "snapshot part " + part.index() + " (expected: part " + nextIndex + ")"));
      return;
    }
    nextIndex++;
    counters.snapshotBytes += frame.getChunk().size();
    following.replica().stage(part);
    if (part.last()) {
      onCopied(part);
    } else {
      following
          .listener()
          .onCopying(
              following.replica().staged().map(Staged::keys).orElse(0L),
              part.totalKeys(),
              counters.snapshotBytes,
              part.totalBytes());
      following.attempt().awaitWord();
      following.attempt().more();
    }
  }

  /** What does not come right at the revision that was begun may do so at a newer one. */
  private void noteSpoiledPart() {
    if (++spoiledParts >= MOST_SPOILED_PARTS) {
      spoiledParts = 0;
      following.replica().dropStaged();
    }
  }

  private void onCopied(SnapshotPart last) {
    needed = false;
    everything = false;
    var unused = following.intake().compare(last.digests());
    following.standing().counters().snapshots++;
    following.standing().noteCursor();
    following.listener().onReplaced(following.replica().cursor());
    following.lookFurther();
  }

  private void onEnded(@Nullable Throwable error) {
    if (Following.isRefused(error, Reason.COMPACTED)) {
      // what was begun cannot be continued: its revision is no longer kept
      following.replica().dropStaged();
    } else if (Following.isRefused(error, Reason.FAULT)) {
      noteSpoiledPart();
    }
    following.fail(error == null ? new IllegalStateException("the snapshot broke off") : error);
  }
}
