package io.syncline.server.feed;

import static io.syncline.server.Commands.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.syncline.model.Command;
import io.syncline.model.Fault;
import io.syncline.model.KeyRange;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.server.AppliedStore;
import io.syncline.server.LocalCluster;
import io.syncline.server.apply.Applier.Applied;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Watches of a store that changes are applied to. */
abstract class WatchesFixture {
  static final Duration NO_BOOKMARKS = Duration.ofDays(1);
  static final int FEED_CHANGES = 30;
  static final int MAX_WATCHES = 5;

  @TempDir
  Path folder;

  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  AppliedStore store;
  Feed feed;
  Watches watches;

  @BeforeEach
  void open() {
    store = new AppliedStore(folder);
    feed = new Feed(store.store(), FEED_CHANGES, 1 << 20);
    watches = new Watches(feed, store.store(), MAX_WATCHES, faults::add);
    watches.start();
  }

  @AfterEach
  void close() {
    watches.close();
    store.close();
    assertThat(faults).isEmpty();
  }

  static WatchQuery from(long revision) {
    return new WatchQuery(DEFAULT, KeyRange.ALL, Revision.of(revision), true, false, NO_BOOKMARKS);
  }

  static WatchQuery from(String prefix, long revision) {
    return new WatchQuery(
        DEFAULT, KeyRange.prefix(prefix), Revision.of(revision), true, false, NO_BOOKMARKS);
  }

  static List<WatchBatch.Event> events(RecordingSink sink) {
    return sink.batches().stream().flatMap(batch -> batch.events().stream()).toList();
  }

  Rejection refusal(WatchQuery query) {
    return catchThrowableOfType(
            RejectedException.class, () -> watches.watch(query, RecordingSink.alwaysReady()))
        .rejection();
  }

  Revision commit(Command command) {
    Applied applied = store.apply(List.of(AppliedStore.proposed(command)));
    if (applied.to().isAfter(applied.from())) {
      feed.publish(applied.to(), applied.changes(), applied.digests());
    }
    return applied.to();
  }

  /** Until what was published has reached the watchers that are up to date. */
  void awaitDispatched() {
    var probe = RecordingSink.alwaysReady();
    var query = new WatchQuery(DEFAULT, KeyRange.ALL, Revision.ZERO, false, false, NO_BOOKMARKS);
    await().atMost(LocalCluster.PATIENCE).until(() -> {
      watches.cancel(watches.watch(query, probe));
      return probe.delivered() >= feed.head().value();
    });
  }

  static void awaitReached(RecordingSink sink, long revision) {
    await()
        .atMost(LocalCluster.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> sink.reached() >= revision);
  }

  static void awaitDelivered(RecordingSink sink, long revision) {
    await().atMost(LocalCluster.PATIENCE).until(() -> sink.delivered() >= revision);
  }
}
