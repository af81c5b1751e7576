package io.syncline.server.sync;

import io.syncline.client.sync.Loop;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.Head;
import io.syncline.proto.sync.v1.StreamResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is pushed to followers, made once for all who are sent the same at the same time: with
 * thousands of them, whatever is done for each is what a change costs. Used on one loop.
 */
final class Pushes {
  private final Loop loop;
  private final ChangeSource source;
  private final Heads heads;
  private final Map<Subscription, StreamResponse> heartbeats = new HashMap<>();
  private @Nullable Head head;
  private long headMs;
  private Frames.@Nullable Frame lastFrame;
  private StreamResponse last = StreamResponse.getDefaultInstance();

  Pushes(Loop loop, ChangeSource source, Heads heads) {
    this.loop = loop;
    this.source = source;
    this.heads = heads;
  }

  /** A batch, with where the source stands; right to the millisecond. */
  StreamResponse batch(Frames.Frame frame) {
    Head now = head();
    if (!frame.equals(lastFrame)) {
      last = StreamResponse.newBuilder().setHead(now).setBatch(frame.bytes()).build();
      lastFrame = frame;
    }
    return last;
  }

  private Head head() {
    long nowMs = loop.nowMs();
    Head known = head;
    if (known != null
        && headMs == nowMs
        && known.getRevision() == source.revision().value()) {
      return known;
    }
    Head fresh = heads.plain();
    head = fresh;
    headMs = nowMs;
    lastFrame = null;
    return fresh;
  }

  StreamResponse snapshotNeeded() {
    return StreamResponse.newBuilder().setHead(head()).setSnapshotNeeded(true).build();
  }

  /** Where the source stands, with digests, as it was when this beat began or was first asked. */
  StreamResponse heartbeat(Subscription subscription) {
    return heartbeats.computeIfAbsent(
        subscription,
        of -> StreamResponse.newBuilder().setHead(heads.withDigests(of)).build());
  }

  /** Heartbeats are made anew from here on. */
  void beginBeat() {
    heartbeats.clear();
  }
}
