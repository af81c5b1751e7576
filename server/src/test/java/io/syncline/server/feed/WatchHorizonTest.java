package io.syncline.server.feed;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.prune;
import static io.syncline.server.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.Commands;
import io.syncline.server.LocalCluster;
import io.syncline.server.Seed;
import io.syncline.server.retain.Sweep;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What watchers are told where history is gone. */
class WatchHorizonTest extends WatchesFixture {
  @Test
  void aWatchBelowTheHorizonIsRefusedWithWhatCanBeWatched() {
    commit(put("key", "1"));
    commit(put("key", "2"));
    commit(put("key", "3"));
    commit(compact(3));

    Rejection refusal = refusal(from(2));

    assertThat(refusal.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(refusal.nearest()).isEqualTo(new Revision(3));
    var atHorizon = RecordingSink.alwaysReady();
    watches.watch(from(3), atHorizon);
    awaitDelivered(atHorizon, 3);
    assertThat(atHorizon.versions()).isEqualTo(store.changes().subList(2, 3));
  }

  @Test
  void aWatchThatTheHorizonOvertakesIsEndedAndNotToldAHistoryWithHoles() {
    var sink = new RecordingSink(1);
    Watcher watcher = watches.watch(from(1), sink);
    for (int i = 0; i < 3 * FEED_CHANGES; i++) {
      commit(put("key", "content " + i));
    }
    commit(compact(2 * FEED_CHANGES));
    new Sweep(store.store()).run();

    sink.grant(Long.MAX_VALUE);
    watches.onReady(watcher);

    await().atMost(LocalCluster.PATIENCE).until(() -> sink.ended() != null);
    Rejection ended = sink.ended();
    assertThat(ended).isNotNull();
    assertThat(ended.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(ended.nearest()).isEqualTo(new Revision(2 * FEED_CHANGES));
    List<ConfigVersion> told = sink.versions();
    assertThat(told).isEqualTo(store.changes().subList(0, told.size()));
    assertThat(watches.count()).isZero();
  }

  @Test
  void aWatchOverVersionsThatWentByTheCountLimitIsRefused() {
    commit(put("key", "1"));
    commit(put("key", "2"));
    commit(put("key", "3"));
    commit(prune("key", 3));

    Rejection refusal = refusal(from(2));

    assertThat(refusal.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(refusal.nearest()).isEqualTo(new Revision(3));
  }

  @Test
  void aResumingWatcherBehindTheHorizonOfOtherKeysGetsItsEvents() {
    commit(put("key", "1"));
    commit(put("key", "2"));
    commit(put("key", "3"));
    for (int i = 0; i < 2 * FEED_CHANGES; i++) {
      commit(put("other", "content " + i));
    }
    commit(put("key", "4"));
    Revision missed = commit(put("other", "last"));
    commit(compact(missed.value()));

    for (boolean swept : List.of(false, true)) {
      if (swept) {
        new Sweep(store.store()).run();
      }
      var sink = RecordingSink.alwaysReady();
      watches.watch(from("key", 4), sink);
      awaitReached(sink, feed.head().value());
      assertThat(sink.versions())
          .extracting(version -> version.version().value())
          .containsExactly(4L);

      Rejection refusal = refusal(from("key", 3));
      assertThat(refusal.reason()).isEqualTo(Reason.COMPACTED);
      assertThat(refusal.nearest()).isEqualTo(missed);
      assertThat(refusal(from("", 4)).reason()).isEqualTo(Reason.COMPACTED);
    }
  }

  @Test
  void aKeyThatWasDeletedBeforeIsNoGapAndOneThatWasSinceIsToldOf() {
    commit(put("key", "1"));
    commit(delete("key"));
    commit(put("late", "1"));
    commit(delete("late"));
    commit(put("other", "1"));
    commit(compact(5));

    var sink = RecordingSink.alwaysReady();
    watches.watch(from("key", 3), sink);
    var told = RecordingSink.alwaysReady();
    watches.watch(from("late", 4), told);

    awaitReached(sink, 5);
    assertThat(sink.versions()).isEmpty();
    awaitReached(told, 5);
    assertThat(told.versions()).singleElement().matches(ConfigVersion::tombstone);
    assertThat(refusal(from("late", 3)).reason()).isEqualTo(Reason.COMPACTED);
  }

  @Test
  void compactionNeverEndsALaggingWatchThatLacksNothing() {
    commit(put("key", "1"));
    var sink = new RecordingSink(1);
    Watcher watcher = watches.watch(from("key", 2), sink);
    commit(put("key", "2"));
    for (int i = 0; i < 3 * FEED_CHANGES; i++) {
      commit(put("other", "content " + i));
    }
    commit(compact(feed.head().value()));
    new Sweep(store.store()).run();

    sink.grant(Long.MAX_VALUE);
    watches.onReady(watcher);

    commit(put("key", "3"));
    awaitReached(sink, feed.head().value());
    assertThat(sink.ended()).isNull();
    assertThat(sink.versions())
        .extracting(version -> version.version().value())
        .containsExactly(2L, 3L);
  }

  @Test
  void aReplacedStoreWhoseHorizonHasPassedEndsOnlyWhomItLacksSomethingFor() {
    commit(put("key", "1"));
    var whole = RecordingSink.alwaysReady();
    var lacking = RecordingSink.alwaysReady();
    watches.watch(from("key", 2), whole);
    watches.watch(from("other", 2), lacking);
    awaitDispatched();
    store.apply(put("other", "1"), put("other", "2"), put("key", "2"), compact(4));
    new Sweep(store.store()).run();

    feed.reset(store.revision());

    await().atMost(LocalCluster.PATIENCE).until(() -> lacking.ended() != null);
    commit(put("key", "3"));
    awaitReached(whole, feed.head().value());
    assertThat(whole.versions())
        .extracting(version -> version.version().value())
        .containsExactly(2L, 3L);
    assertThat(lacking.versions()).isEmpty();
  }

  @Test
  void aWatchIsRefusedExactlyIfSomethingInItsRangeIsGone() {
    Random random = Seed.random();
    commit(createNamespace(OTHER));
    int refused = 0;
    int behind = 0;
    for (int round = 0; round < 60; round++) {
      for (int i = 0; i < 20; i++) {
        commit(Commands.anyWrite(random, store.revision().value()));
      }
      long head = store.revision().value();
      if (random.nextInt(4) == 0) {
        commit(compact(Math.max(0, head - random.nextInt(60))));
      }
      commit(prune(Commands.anyKey(random).toString(), 1 + random.nextInt(12)));
      if (random.nextBoolean()) {
        new Sweep(store.store()).run();
      }
      for (int i = 0; i < 10; i++) {
        String prefix = random.nextInt(4) == 0 ? "" : Commands.anyKey(random).toString();
        WatchQuery query = from(prefix, 1 + random.nextInt((int) head));
        boolean gone = store.changes().stream().anyMatch(change -> isGone(change, query));
        behind += query.start().isBefore(store.namespace(DEFAULT).completeFrom()) ? 1 : 0;
        if (gone) {
          refused++;
          Revision nearest = refusal(query).nearest();
          assertThat(nearest).isNotNull();
          assertTold(from(prefix, nearest.value()));
        } else {
          assertTold(query);
        }
      }
    }
    assertThat(refused).isPositive();
    assertThat(behind).as("behind the horizon").isGreaterThan(refused);
  }

  private void assertTold(WatchQuery query) {
    var sink = RecordingSink.alwaysReady();
    Watcher watcher = watches.watch(query, sink);
    awaitReached(sink, feed.head().value());
    watches.cancel(watcher);
    assertThat(sink.ended()).isNull();
    assertThat(sink.versions())
        .as("%s", query)
        .isEqualTo(
            store.changes().stream().filter(change -> isMeant(change, query)).toList());
  }

  private static boolean isMeant(ConfigVersion change, WatchQuery query) {
    return query.group().concerns(change) && !change.revision().isBefore(query.start());
  }

  private boolean isGone(ConfigVersion change, WatchQuery query) {
    var namespace = store.namespace(DEFAULT);
    return isMeant(change, query)
        && (store
                .store()
                .read(
                    reader -> reader.place(namespace.id(), change.key(), change.version()) == null)
            || store.changes().stream()
                .anyMatch(next -> next.namespace().equals(DEFAULT)
                    && next.key().equals(change.key())
                    && next.version().equals(change.version().next())
                    && !next.revision().isAfter(namespace.horizon())));
  }

  @Test
  void theVersionBeforeIsNotShownOnceItIsGone() {
    commit(put("key", "1"));
    commit(put("key", "2"));
    commit(put("key", "3"));
    commit(compact(2));
    var sink = RecordingSink.alwaysReady();

    watches.watch(
        new WatchQuery(DEFAULT, KeyRange.ALL, Revision.of(2), true, true, NO_BOOKMARKS), sink);

    awaitDelivered(sink, 3);
    assertThat(events(sink).get(0).previous()).isNull();
    assertThat(events(sink).get(1).previous()).isEqualTo(store.changes().get(1).withoutContent());
  }
}
