package io.syncline.server.sync;

import io.syncline.codec.SyncCodec;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.BatchFrame;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Batches as bytes, made once for all who ask for the same at about the same time. Used on one loop.
 */
final class Frames {
  private static final long MAX_BYTES = 32L << 20;

  private final ChangeSource source;
  private final SyncLimits limits;
  private final LinkedHashMap<Ask, Frame> recent = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private @Nullable Ask lastAsk;
  private Optional<Frame> last = Optional.empty();

  Frames(ChangeSource source, SyncLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  private record Ask(
      Subscription subscription, Revision from, Revision head, int maxChanges, long maxBytes) {}

  /**
   * A batch, ready to be sent.
   *
   * @param changes how many are in it
   * @param committedAt when the last of them was committed; the epoch if there is none
   */
  record Frame(Revision from, Revision to, int changes, Instant committedAt, BatchFrame bytes) {}

  /**
   * The batch after a revision; empty if the history since then is gone, or so long that the net
   * difference is the shorter way.
   */
  Optional<Frame> after(Revision from, Subscription subscription, int maxChanges, long maxBytes) {
    var ask = new Ask(subscription, from, source.revision(), maxChanges, maxBytes);
    // mostly the one before has asked the same; to compare costs less than to hash
    if (ask.equals(lastAsk)) {
      return last;
    }
    lastAsk = ask;
    last = find(ask);
    return last;
  }

  private Optional<Frame> find(Ask ask) {
    Frame known = recent.get(ask);
    if (known != null) {
      return Optional.of(known);
    }
    long lacking = ask.head.value() - ask.from.value();
    if (limits.isLong(lacking, () -> source.keys(ask.subscription))) {
      return Optional.empty();
    }
    Optional<Frame> fresh = source
        .after(ask.from, ask.subscription, ask.maxChanges, ask.maxBytes)
        .map(batch -> new Frame(
            batch.from(),
            batch.to(),
            batch.changes().size(),
            batch.committedAt(),
            SyncCodec.frame(batch)));
    fresh.ifPresent(frame -> keep(ask, frame));
    return fresh;
  }

  private void keep(Ask ask, Frame frame) {
    recent.put(ask, frame);
    bytes += frame.bytes.getBatch().size();
    var oldest = recent.entrySet().iterator();
    while (bytes > MAX_BYTES && recent.size() > 1) {
      bytes -= oldest.next().getValue().bytes.getBatch().size();
      oldest.remove();
    }
  }
}
