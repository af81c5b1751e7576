package io.syncline.server.feed;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.deleteRange;
import static io.syncline.server.Commands.prune;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.rollback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Fault;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.AppliedStore;
import io.syncline.server.Commands;
import io.syncline.server.LocalCluster;
import io.syncline.server.Seed;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.retain.Sweep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What watchers are told. */
class WatchesTest {
  private static final Duration NO_BOOKMARKS = Duration.ofDays(1);
  private static final int FEED_CHANGES = 30;
  private static final int MAX_WATCHES = 5;

  @TempDir
  Path folder;

  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private AppliedStore store;
  private Feed feed;
  private Watches watches;

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

  @Test
  void theFirstBatchSaysWhereTheWatchStands() {
    commit(put("a", "1"));
    awaitDispatched();
    var sink = RecordingSink.alwaysReady();

    watches.watch(from(0), sink);

    assertThat(sink.batches().get(0).events()).isEmpty();
    assertThat(sink.batches().get(0).to()).isEqualTo(new Revision(1));
  }

  @Test
  void fromNowOnOnlyWhatComesIsTold() {
    commit(put("a", "1"));
    awaitDispatched();
    var sink = RecordingSink.alwaysReady();
    watches.watch(from(0), sink);

    commit(put("a", "2"));
    commit(put("b", "1"));

    awaitDelivered(sink, 3);
    assertThat(sink.versions()).isEqualTo(store.changes().subList(1, 3));
  }

  @Test
  void fromAPastRevisionEverythingIsToldThatRevisionIncluded() {
    for (int i = 0; i < 100; i++) {
      commit(put("key", "content " + i));
    }
    var sink = RecordingSink.alwaysReady();

    watches.watch(from(40), sink);

    awaitDelivered(sink, 100);
    assertThat(sink.versions()).isEqualTo(store.changes().subList(39, 100));
  }

  @Test
  void aRevisionThatHasNotHappenedIsWaitedFor() {
    var sink = RecordingSink.alwaysReady();
    watches.watch(from(3), sink);

    for (int i = 1; i <= 4; i++) {
      commit(put("key", "content " + i));
      awaitDispatched();
    }

    awaitDelivered(sink, 4);
    assertThat(sink.versions()).isEqualTo(store.changes().subList(2, 4));
  }

  @Test
  void allChangesOfARevisionComeInOneBatchAndNoneOfAnotherRange() {
    var sink = RecordingSink.alwaysReady();
    var query =
        new WatchQuery(DEFAULT, KeyRange.prefix("a/"), Revision.of(1), true, false, NO_BOOKMARKS);
    commit(put("a/1", "x"));
    commit(put("a/2", "x"));
    commit(put("b/1", "x"));
    commit(deleteRange(""));

    watches.watch(query, sink);

    awaitDelivered(sink, 4);
    assertThat(sink.versions()).hasSize(4);
    assertThat(sink.batches())
        .filteredOn(batch -> batch.to().value() == 4)
        .first()
        .satisfies(batch -> assertThat(batch.events())
            .filteredOn(event -> event.version().revision().value() == 4)
            .hasSize(2));
  }

  @Test
  void anEventTellsWhetherItBeginsReplacesOrEndsALife() {
    var sink = RecordingSink.alwaysReady();
    watches.watch(from(1), sink);

    commit(put("key", "1"));
    commit(put("key", "2"));
    commit(delete("key"));
    commit(rollback("key", 1));
    commit(put("key", "3"));

    awaitDelivered(sink, 5);
    assertThat(sink.versions())
        .extracting(v -> v.tombstone() ? "delete" : v.beginsLife() ? "put" : "replace")
        .containsExactly("put", "replace", "delete", "put", "replace");
  }

  @Test
  void theVersionBeforeComesOnlyIfAskedForAndWithoutContent() {
    var with = RecordingSink.alwaysReady();
    var without = RecordingSink.alwaysReady();
    watches.watch(
        new WatchQuery(DEFAULT, KeyRange.ALL, Revision.of(1), false, true, NO_BOOKMARKS), with);
    watches.watch(from(1), without);

    commit(put("key", "1"));
    commit(put("key", "2"));

    awaitDelivered(with, 2);
    awaitDelivered(without, 2);
    List<WatchBatch.Event> events = events(with);
    assertThat(events.get(0).previous()).isNull();
    assertThat(events.get(1).previous()).isEqualTo(store.changes().get(0).withoutContent());
    assertThat(events.get(1).version().content().isEmpty()).isTrue();
    assertThat(events(without)).extracting(WatchBatch.Event::previous).containsOnlyNulls();
  }

  @Test
  void S4_19_S4_21_laggingWatchersResumeWithoutLossOrDuplicatesAndHoldUpNobody() {
    Random random = Seed.random();
    commit(createNamespace(OTHER));
    var fast = RecordingSink.alwaysReady();
    watches.watch(from(1), fast);
    var slow = new ArrayList<RecordingSink>();
    var watchers = new ArrayList<Watcher>();
    for (int i = 0; i < 3; i++) {
      var sink = new RecordingSink(random.nextInt(3));
      slow.add(sink);
      watchers.add(watches.watch(from(1), sink));
    }

    for (int i = 0; i < 600; i++) {
      commit(Commands.anyWrite(random, store.revision().value()));
      int chosen = random.nextInt(slow.size());
      slow.get(chosen).grant(random.nextInt(4));
      if (slow.get(chosen).isReady()) {
        watches.onReady(watchers.get(chosen));
      }
    }
    long last = commit(put("last", "x")).value();
    awaitDelivered(fast, last);
    for (int i = 0; i < slow.size(); i++) {
      slow.get(i).grant(Long.MAX_VALUE);
      watches.onReady(watchers.get(i));
    }

    List<ConfigVersion> expected =
        store.changes().stream().filter(c -> c.namespace().equals(DEFAULT)).toList();
    assertThat(fast.versions()).isEqualTo(expected);
    for (RecordingSink sink : slow) {
      awaitDelivered(sink, last);
      assertThat(sink.versions()).isEqualTo(expected);
      assertWhole(sink);
      assertThat(sink.sentWithoutCredit()).as("the first batch at most").isLessThanOrEqualTo(1);
    }
  }

  /** Every batch holds whole revisions, and batches go forward. */
  private static void assertWhole(RecordingSink sink) {
    long before = -1;
    for (WatchBatch batch : sink.batches()) {
      assertThat(batch.to().value()).isGreaterThanOrEqualTo(before);
      for (WatchBatch.Event event : batch.events()) {
        assertThat(event.version().revision().value())
            .isBetween(before + 1, batch.to().value());
      }
      before = batch.to().value();
    }
  }

  @Test
  void aBrokenWatchResumesAfterTheLastRevisionItWasTold() {
    var first = new RecordingSink(2);
    Watcher watcher = watches.watch(from(1), first);
    for (int i = 0; i < 50; i++) {
      commit(put("key", "content " + i));
    }
    await().atMost(LocalCluster.PATIENCE).until(() -> !first.isReady());
    watches.cancel(watcher);
    var second = RecordingSink.alwaysReady();

    watches.watch(from(first.delivered() + 1), second);

    awaitDelivered(second, 50);
    var told = new ArrayList<>(first.versions());
    told.addAll(second.versions());
    assertThat(told).isEqualTo(store.changes());
  }

  @Test
  void aSilentWatchIsToldHowFarItIs() {
    var sink = RecordingSink.alwaysReady();
    var query = new WatchQuery(
        DEFAULT, KeyRange.prefix("a/"), Revision.ZERO, true, false, Duration.ofMillis(1));
    watches.watch(query, sink);

    commit(put("b/1", "x"));
    commit(put("b/2", "x"));

    awaitDelivered(sink, 2);
    assertThat(sink.versions()).isEmpty();
  }

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

  @Test
  void aNamespaceThatComesLaterCanBeWatchedBefore() {
    var sink = RecordingSink.alwaysReady();
    var query = new WatchQuery(
        OTHER,
        KeyRange.ALL,
        Revision.of(1),
        new WatchQuery.Shown(true, WatchQuery.Previous.NONE, true, true),
        NO_BOOKMARKS,
        true);
    watches.watch(query, sink);

    commit(createNamespace(OTHER));
    commit(put(OTHER, "key", "1", Precondition.NONE, false));

    awaitDelivered(sink, 1);
    assertThat(sink.versions()).isEqualTo(store.changes());
  }

  @Test
  void aSinkIsToldOfWhatPassesIt() {
    var sink = RecordingSink.alwaysReady();
    watches.watch(from("key", 1), sink);

    commit(put("other", "1"));
    commit(put("other", "2"));

    await().atMost(LocalCluster.PATIENCE).until(() -> sink.reached() == 2);
    assertThat(sink.versions()).isEmpty();
  }

  @Test
  void anUnknownNamespaceCannotBeWatched() {
    var query = new WatchQuery(
        new NamespaceName("none"), KeyRange.ALL, Revision.ZERO, true, false, NO_BOOKMARKS);

    assertThat(refusal(query).reason()).isEqualTo(Reason.NAMESPACE_NOT_FOUND);
  }

  @Test
  void thereAreNoMoreWatchesThanTheBoundAndACancelledOneGivesItsPlace() {
    Watcher first = watches.watch(from(0), RecordingSink.alwaysReady());
    for (int i = 1; i < MAX_WATCHES; i++) {
      watches.watch(from(0), RecordingSink.alwaysReady());
    }

    Rejection refusal = refusal(from(0));
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY);
    assertThat(refusal.limit()).isEqualTo(MAX_WATCHES);

    watches.cancel(first);
    watches.cancel(first);
    watches.watch(from(0), RecordingSink.alwaysReady());
    assertThat(watches.count()).isEqualTo(MAX_WATCHES);
  }

  @Test
  void aCancelledWatchIsToldNothingMore() {
    var cancelled = RecordingSink.alwaysReady();
    var other = RecordingSink.alwaysReady();
    Watcher watcher = watches.watch(from(0), cancelled);
    watches.watch(from(0), other);
    watches.cancel(watcher);

    commit(put("key", "1"));

    awaitDelivered(other, 1);
    assertThat(cancelled.versions()).isEmpty();
  }

  @Test
  void watchersOfOneGroupShareWhatIsSentToThem() {
    var one = RecordingSink.alwaysReady();
    var other = RecordingSink.alwaysReady();
    watches.watch(from(0), one);
    watches.watch(from(0), other);

    commit(put("key", "1"));

    awaitDelivered(one, 1);
    awaitDelivered(other, 1);
    WatchBatch batch = one.batches().get(1);
    assertThat(other.batches().get(1)).isSameAs(batch);
    Object rendered = batch.rendered("form", b -> new Object());
    assertThat(batch.<Object>rendered("form", b -> new Object())).isSameAs(rendered);
    assertThat(batch.<Object>rendered("another", b -> new Object())).isNotSameAs(rendered);
  }

  @Test
  void aStoppingVoterEndsItsWatches() {
    var sink = RecordingSink.alwaysReady();
    watches.watch(from(0), sink);

    watches.close();

    Rejection ended = sink.ended();
    assertThat(ended).isNotNull();
    assertThat(ended.reason()).isEqualTo(Reason.NOT_READY);
  }

  private static WatchQuery from(long revision) {
    return new WatchQuery(DEFAULT, KeyRange.ALL, Revision.of(revision), true, false, NO_BOOKMARKS);
  }

  private static WatchQuery from(String prefix, long revision) {
    return new WatchQuery(
        DEFAULT, KeyRange.prefix(prefix), Revision.of(revision), true, false, NO_BOOKMARKS);
  }

  private static List<WatchBatch.Event> events(RecordingSink sink) {
    return sink.batches().stream().flatMap(batch -> batch.events().stream()).toList();
  }

  private Rejection refusal(WatchQuery query) {
    return catchThrowableOfType(
            RejectedException.class, () -> watches.watch(query, RecordingSink.alwaysReady()))
        .rejection();
  }

  private Revision commit(Command command) {
    Applied applied = store.apply(List.of(AppliedStore.proposed(command)));
    if (applied.to().isAfter(applied.from())) {
      feed.publish(applied.to(), applied.changes(), applied.digests());
    }
    return applied.to();
  }

  /** Until what was published has reached the watchers that are up to date. */
  private void awaitDispatched() {
    var probe = RecordingSink.alwaysReady();
    var query = new WatchQuery(DEFAULT, KeyRange.ALL, Revision.ZERO, false, false, NO_BOOKMARKS);
    await().atMost(LocalCluster.PATIENCE).until(() -> {
      watches.cancel(watches.watch(query, probe));
      return probe.delivered() >= feed.head().value();
    });
  }

  private static void awaitReached(RecordingSink sink, long revision) {
    await()
        .atMost(LocalCluster.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> sink.reached() >= revision);
  }

  private static void awaitDelivered(RecordingSink sink, long revision) {
    await().atMost(LocalCluster.PATIENCE).until(() -> sink.delivered() >= revision);
  }
}
