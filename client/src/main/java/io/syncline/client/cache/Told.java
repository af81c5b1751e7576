package io.syncline.client.cache;

import com.google.protobuf.ByteString;
import io.syncline.client.cache.ConfigListener.Change;
import io.syncline.client.sync.Loop;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener, and what it has been told. What it is told next follows from two images, so that it
 * never sees half a batch, however many batches lie between. Used on one loop.
 */
final class Told {
  private static final Logger LOG = LoggerFactory.getLogger(Told.class);

  private final Selector selector;
  private final ConfigListener listener;
  private final Duration spread;
  private final Duration minInterval;
  private final Loop loop;
  private final double share;
  private final TreeSet<Key> touched = new TreeSet<>(
      Comparator.comparing(Key::bytes, ByteString.unsignedLexicographicalComparator()));
  private Image seen = Image.EMPTY;
  private boolean everything = true;
  private Loop.@Nullable Timer timer;
  private long toldAtMs = Long.MIN_VALUE;
  private boolean ended;

  /**
   * @param spread a listener is told up to this much later, each by its own share, so that a fleet does
   *     not act at one moment
   * @param minInterval least time between two calls
   * @param share of the spread, 0 to 1
   */
  Told(
      Selector selector,
      ConfigListener listener,
      Duration spread,
      Duration minInterval,
      Loop loop,
      double share) {
    this.selector = selector;
    this.listener = listener;
    this.spread = spread;
    this.minInterval = minInterval;
    this.loop = loop;
    this.share = share;
  }

  void onChanged(ConfigVersion change) {
    if (selector.covers(change)) {
      touched.add(change.key());
    }
  }

  /** Anything may be different. */
  void onReplaced() {
    everything = true;
  }

  /** Tells what is different in the image, now or as soon as it may. */
  void catchUp(ImageReplica replica) {
    if (ended || timer != null || (touched.isEmpty() && !everything)) {
      return;
    }
    long spreadMs = toldAtMs == Long.MIN_VALUE ? 0 : (long) (spread.toMillis() * share);
    long pauseMs = toldAtMs == Long.MIN_VALUE
        ? 0
        : Math.max(0, toldAtMs + minInterval.toMillis() - loop.nowMs());
    long wait = Math.max(spreadMs, pauseMs);
    if (wait == 0) {
      tell(replica.image());
    } else {
      timer = loop.after(Duration.ofMillis(wait), () -> {
        timer = null;
        tell(replica.image());
      });
    }
  }

  private void tell(Image now) {
    List<Change> changes = differences(now);
    seen = now;
    touched.clear();
    everything = false;
    toldAtMs = loop.nowMs();
    if (changes.isEmpty() || ended) {
      return;
    }
    try {
      listener.onChanges(now.revision(), changes);
    } catch (RuntimeException e) {
      LOG.error("a listener failed: selector={}", selector, e);
    }
  }

  private List<Change> differences(Image now) {
    NamespaceName namespace = selector.namespace();
    if (everything) {
      Stream.of(seen, now)
          .flatMap(image -> image.list(selector))
          .forEach(live -> touched.add(live.key()));
    }
    var changes = new ArrayList<Change>();
    for (Key key : touched) {
      ConfigVersion before = seen.find(namespace, key);
      ConfigVersion after = now.find(namespace, key);
      if (!same(before, after)) {
        changes.add(
            new Change(namespace, key, Optional.ofNullable(before), Optional.ofNullable(after)));
      }
    }
    return changes;
  }

  private static boolean same(@Nullable ConfigVersion one, @Nullable ConfigVersion other) {
    if (one == null || other == null) {
      return (one == null) == (other == null);
    }
    return one.version().equals(other.version()) && one.checksum().equals(other.checksum());
  }

  void end() {
    ended = true;
    Loop.Timer running = timer;
    timer = null;
    if (running != null) {
      running.cancel();
    }
  }
}
