package io.syncline.server.feed;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Fault;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.feed.WatchBatch.Event;
import io.syncline.server.feed.WatchQuery.Previous;
import io.syncline.server.store.KeptHistory;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreClosed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells watchers of changes.
 *
 * <p>A watcher that has everything is <em>synced</em>: one thread takes what is published, filters it
 * once for each group of watchers that want the same, and hands it to all of them. One that cannot
 * take a batch <em>lags</em>: it costs nothing until it is ready again, and is then served from the
 * feed, by another thread, until it is synced. So a slow watcher holds up nobody, and costs no memory
 * but what its own connection buffers.
 */
public final class Watches implements AutoCloseable {
  private static final int CATCH_UP_CHANGES = 500;
  private static final long BOOKMARK_CHECK_MS = 50;

  private final Feed feed;
  private final Store store;
  private final int maxWatchers;
  private final Consumer<Fault> onFault;
  private final Map<WatchQuery.Group, Set<Watcher>> groups = new HashMap<>();
  private final Thread dispatcher = new Thread(this::dispatchForever, "syncline-watches");
  private final ExecutorService catchUps =
      Executors.newSingleThreadExecutor(r -> new Thread(r, "syncline-watch-catch-up"));

  private final LongAdder handedOn = new LongAdder();
  private int watchers;
  private Revision dispatched;
  private volatile boolean closed;

  /**
   * @param maxWatchers the most watches at once
   */
  public Watches(Feed feed, Store store, int maxWatchers, Consumer<Fault> onFault) {
    this.feed = feed;
    this.store = store;
    this.maxWatchers = maxWatchers;
    this.onFault = onFault;
    this.dispatched = feed.head();
  }

  public void start() {
    dispatcher.setDaemon(true);
    dispatcher.start();
  }

  /**
   * Begins a watch. The sink first gets a bookmark, which says where the watch stands. May take long if
   * the watch begins behind the horizon.
   *
   * @throws RejectedException if the namespace is not, some history of the range is gone, or there are
   *     too many
   */
  public Watcher watch(WatchQuery query, WatchSink sink) {
    boolean fromNow = query.start().equals(Revision.ZERO);
    if (!query.maybeAbsent() && store.namespace(query.namespace()).isEmpty()) {
      throw new RejectedException(Rejection.namespaceNotFound(query.namespace().value()));
    }
    Optional<Rejection> gone = fromNow ? Optional.empty() : historyGone(query, query.start());
    if (gone.isPresent()) {
      throw new RejectedException(gone.get());
    }
    return begin(query, sink, fromNow);
  }

  private synchronized Watcher begin(WatchQuery query, WatchSink sink, boolean fromNow) {
    if (watchers >= maxWatchers) {
      throw new RejectedException(Rejection.tooMany("watches", watchers + 1L, maxWatchers));
    }
    if (groups.isEmpty()) {
      dispatched = feed.head();
      notifyAll();
    }
    Revision delivered = fromNow ? dispatched : query.start().previous();
    long now = System.nanoTime();
    var watcher = new Watcher(query, sink, handedOn, delivered, now);
    groups.computeIfAbsent(query.group(), g -> new LinkedHashSet<>()).add(watcher);
    watchers++;
    watcher.deliver(new WatchBatch(delivered, List.of()), now);
    if (!watcher.becomeSynced(dispatched)) {
      serve(watcher);
    }
    return watcher;
  }

  /** Ends a watch from its own side. */
  public synchronized void cancel(Watcher watcher) {
    watcher.cancel();
    remove(watcher);
  }

  private void remove(Watcher watcher) {
    WatchQuery.Group group = watcher.query().group();
    Set<Watcher> members = groups.get(group);
    if (members != null && members.remove(watcher)) {
      watchers--;
      if (members.isEmpty()) {
        groups.remove(group);
      }
    }
  }

  public synchronized int count() {
    return watchers;
  }

  /** Watchers that have everything, and others. */
  public record Standing(int synced, int lagging) {}

  public synchronized Standing standing() {
    long synced =
        groups.values().stream().flatMap(Set::stream).filter(Watcher::synced).count();
    return new Standing((int) synced, watchers - (int) synced);
  }

  /** Changes handed to watchers so far, one for each of them. */
  public long handedOn() {
    return handedOn.sum();
  }

  /** The sink takes batches again. */
  public void onReady(Watcher watcher) {
    serve(watcher);
  }

  /**
   * Runs what a sink may not do itself while it is called: this takes locks that its caller may hold.
   * Dropped once the watches are closed.
   */
  public void execute(Runnable task) {
    try {
      catchUps.execute(task);
    } catch (RejectedExecutionException e) {
      // the node is stopping, and every watch was ended
    }
  }

  private void serve(Watcher watcher) {
    if (watcher.beginCatchUp()) {
      try {
        catchUps.execute(() -> catchUp(watcher));
      } catch (RejectedExecutionException e) {
        watcher.endCatchUp();
      }
    }
  }

  private void dispatchForever() {
    try {
      while (!closed) {
        awaitWatchers();
        feed.await(dispatched(), BOOKMARK_CHECK_MS);
        dispatch();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreClosed e) {
      // the node is stopping
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** While nobody watches, writes are not to pay for waking anybody. */
  private synchronized void awaitWatchers() throws InterruptedException {
    while (groups.isEmpty()) {
      wait();
    }
  }

  private void fail(Throwable e) {
    onFault.accept(e instanceof Fault fault ? fault : new Fault("feed: " + Fault.reasonOf(e), e));
  }

  private synchronized Revision dispatched() {
    return dispatched;
  }

  private synchronized void dispatch() {
    long now = System.nanoTime();
    for (Feed.Slice slice = feed.read(dispatched, CATCH_UP_CHANGES);
        slice.to().isAfter(dispatched);
        slice = feed.read(dispatched, CATCH_UP_CHANGES)) {
      for (var group : List.copyOf(groups.entrySet())) {
        offer(group.getKey(), group.getValue(), slice, now);
      }
      dispatched = slice.to();
    }
    groups.values().forEach(members -> members.forEach(w -> w.bookmarkIfSilent(now)));
  }

  private void offer(
      WatchQuery.Group group, Set<Watcher> members, Feed.Slice slice, long nowNanos) {
    WatchBatch batch = batchOf(group, slice);
    for (Watcher watcher : List.copyOf(members)) {
      if (mayLackHistory(watcher, slice)) {
        // to find out may take long, and the others are not to wait
        watcher.lag();
        serve(watcher);
      } else if (!watcher.offer(slice.from(), batch, nowNanos)) {
        serve(watcher);
      }
    }
  }

  private void catchUp(Watcher watcher) {
    try {
      while (!closed && watcher.isReady()) {
        Feed.Slice slice =
            feed.read(watcher.delivered(), CATCH_UP_CHANGES, watcher.query().group()::concerns);
        if (endIfHistoryGone(watcher, slice)) {
          cancel(watcher);
          return;
        }
        WatchBatch batch = batchOf(watcher.query().group(), slice);
        if (batch.events().isEmpty()) {
          watcher.skipTo(batch.to());
        } else {
          watcher.deliverIfReady(batch, System.nanoTime());
        }
        if (synced(watcher)) {
          return;
        }
      }
    } catch (StoreClosed e) {
      // the node is stopping
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      watcher.endCatchUp();
    }
    // it may have become ready between the last look and the end of the catch-up
    if (watcher.isReady()) {
      serve(watcher);
    }
  }

  private synchronized boolean synced(Watcher watcher) {
    return watcher.becomeSynced(dispatched);
  }

  /**
   * Ends a watch whose next changes the store no longer has. Asked after the slice was read: what was
   * read before the horizon passed over it is whole.
   */
  private boolean endIfHistoryGone(Watcher watcher, Feed.Slice slice) {
    Optional<Rejection> gone = slice.fromMemory()
        ? Optional.empty()
        : historyGone(watcher.query(), watcher.delivered().next());
    gone.ifPresent(watcher::end);
    return gone.isPresent();
  }

  private boolean mayLackHistory(Watcher watcher, Feed.Slice slice) {
    return !slice.fromMemory()
        && behindHorizon(watcher.query(), watcher.delivered().next()).isPresent();
  }

  /** The namespace, if some of its changes from a revision on are gone. */
  private Optional<NamespaceRecord> behindHorizon(WatchQuery query, Revision from) {
    return store
        .namespace(query.namespace())
        .filter(namespace -> from.isBefore(namespace.completeFrom()));
  }

  /**
   * Why a watch cannot go on from a revision, if changes in its own range are gone. Such a look reads all
   * heads of the range, and is taken only if some change of the namespace is gone.
   */
  private Optional<Rejection> historyGone(WatchQuery query, Revision from) {
    return behindHorizon(query, from)
        .flatMap(behind -> store.readSnapshot(reader -> {
          NamespaceRecord namespace = reader.namespaceRecord(behind.id());
          return namespace == null
                  || new KeptHistory(reader, namespace).isWholeFrom(query.range(), from)
              ? Optional.empty()
              : Optional.of(compacted(query, namespace.completeFrom()));
        }));
  }

  private static Rejection compacted(WatchQuery query, Revision horizon) {
    return Rejection.compacted(
        "watch of " + query.range() + " in namespace \"" + query.namespace() + "\"", horizon);
  }

  private WatchBatch batchOf(WatchQuery.Group group, Feed.Slice slice) {
    var events = new ArrayList<Event>();
    for (ConfigVersion change : slice.changes()) {
      if (group.concerns(change)) {
        ConfigVersion shown = group.shown().content() ? change : change.withoutContent();
        events.add(new Event(shown, previousOf(group.shown().previous(), change)));
      }
    }
    return new WatchBatch(slice.to(), events);
  }

  /** What was there before the revision; a transaction may have changed a key more than once. */
  private @Nullable ConfigVersion previousOf(Previous shown, ConfigVersion change) {
    if (shown == Previous.NONE) {
      return null;
    }
    ConfigVersion previous = store
        .namespace(change.namespace())
        // what was superseded at the horizon is gone, whether it was swept yet or not
        .filter(namespace -> change.revision().isAfter(namespace.horizon()))
        .map(namespace -> store.read(reader -> {
          ConfigVersion before = change;
          while (before != null && before.revision().equals(change.revision())) {
            Version older = before.version().previous();
            before = older.exists() ? reader.version(namespace.id(), change.key(), older) : null;
          }
          return before;
        }))
        .orElse(null);
    return previous == null || shown == Previous.WHOLE ? previous : previous.withoutContent();
  }

  @Override
  public void close() {
    closed = true;
    dispatcher.interrupt();
    catchUps.shutdown();
    synchronized (this) {
      Rejection why =
          Rejection.of(Rejection.Reason.NOT_READY, "this voter is stopping; watch another one");
      List.copyOf(groups.values())
          .forEach(members -> List.copyOf(members).forEach(w -> w.end(why)));
      groups.clear();
      watchers = 0;
    }
  }
}
