package io.syncline.client.sync;

import io.syncline.client.sync.Replica.Staged;
import io.syncline.codec.SyncCodec;
import io.syncline.model.CorruptBatch;
import io.syncline.model.Revision;
import io.syncline.model.SnapshotPart;
import io.syncline.proto.sync.v1.Selector;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes one snapshot, or goes on with one that was begun. */
final class Copying {
  private final Following following;
  private int nextIndex;

  Copying(Following following) {
    this.following = following;
  }

  void begin() {
    Optional<Staged> staged = following.replica().staged();
    Revision since = staged.map(Staged::since).orElseGet(following::snapshotSince);
    var request = SnapshotRequest.newBuilder()
        .setSubscriber(following.subscriber())
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
    Upstream.Answer<SnapshotResponse> answer = following.answer(this::onPart, this::onEnded);
    following.awaitWord(following.settings().silence());
    following.under(following.upstream().snapshot(request.build(), answer));
  }

  private void onPart(SnapshotResponse frame) {
    SnapshotPart part;
    try {
      part = SyncCodec.open(frame);
    } catch (CorruptBatch e) {
      following.counters().corrupt++;
      following.noteSpoiledPart();
      following.fail(e);
      return;
    }
    following.noteSoundPart();
    if (following.isForeign(part.cluster())) {
      following.fail(new IllegalStateException("a snapshot of another cluster"));
      return;
    }
    if (part.index() != nextIndex) {
      following.fail(new IllegalStateException(
          "snapshot part " + part.index() + " (expected: part " + nextIndex + ")"));
      return;
    }
    nextIndex++;
    following.counters().snapshotBytes += frame.getChunk().size();
    following.replica().stage(part);
    if (part.last()) {
      following.wholeCopyDone();
      following.compare(part.digests());
      following.copied();
    } else {
      following
          .listener()
          .onCopying(
              following.replica().staged().map(Staged::keys).orElse(0L),
              part.totalKeys(),
              following.counters().snapshotBytes,
              part.totalBytes());
      following.awaitWord(following.settings().silence());
      following.more();
    }
  }

  private void onEnded(@Nullable Throwable error) {
    if (Following.isCompacted(error)) {
      // what was begun cannot be continued: its revision is no longer kept
      following.replica().dropStaged();
    }
    following.fail(error == null ? new IllegalStateException("the snapshot broke off") : error);
  }
}
