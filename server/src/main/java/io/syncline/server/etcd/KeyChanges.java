package io.syncline.server.etcd;

import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.server.feed.WatchBatch;
import io.syncline.server.feed.WatchQuery;
import io.syncline.server.feed.WatchSink;
import io.syncline.server.feed.Watcher;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells who is interested in a key that it has changed: one watcher of the whole keyspace for all of them,
 * and none while there is nobody.
 *
 * <p>Whoever listens first, and reads the key then, misses no change after what he read. He may be told
 * once too often. Used by one thread; listeners are called by others.
 */
final class KeyChanges {
  private static final Duration SELDOM = Duration.ofHours(1);

  private final Keyspace keyspace;
  private final ConcurrentMap<Key, Set<Runnable>> listeners = new ConcurrentHashMap<>();
  private @Nullable Watching watching;

  KeyChanges(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /**
   * Listens to a key, once.
   *
   * @param listener must not block
   */
  void listen(Key key, Runnable listener) {
    listeners.compute(key, (k, known) -> {
      Set<Runnable> all = known == null ? ConcurrentHashMap.newKeySet() : known;
      all.add(listener);
      return all;
    });
  }

  /** What {@link #listen} began. */
  void leave(Key key, Runnable listener) {
    listeners.computeIfPresent(key, (k, known) -> {
      known.remove(listener);
      return known.isEmpty() ? null : known;
    });
    if (listeners.isEmpty()) {
      stop();
    }
  }

  /**
   * Sees to it that those who listen are told of what changes from now on.
   *
   * @throws io.syncline.model.RejectedException if there are too many watches
   */
  void resume() {
    Watching now = watching;
    if (now == null || now.ended) {
      var begun = new Watching();
      begun.watcher = keyspace.serving().watches().watch(query(), begun);
      watching = begun;
    }
  }

  private WatchQuery query() {
    return new WatchQuery(keyspace.name(), KeyRange.ALL, Revision.ZERO, false, false, SELDOM);
  }

  private void stop() {
    Watching now = watching;
    watching = null;
    Watcher watcher = now == null ? null : now.watcher;
    if (watcher != null) {
      keyspace.serving().watches().cancel(watcher);
    }
  }

  private void tell(Key key) {
    listeners.getOrDefault(key, Set.of()).forEach(Runnable::run);
  }

  private final class Watching implements WatchSink {
    private @Nullable Watcher watcher;
    private volatile boolean ended;

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(WatchBatch batch) {
      batch.events().forEach(event -> tell(event.version().key()));
    }

    /** Who listens looks again, and {@link #resume}s. */
    @Override
    public void end(Rejection why) {
      ended = true;
      listeners.keySet().forEach(KeyChanges.this::tell);
    }
  }
}
