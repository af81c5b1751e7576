package io.syncline.server.feed;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.deleteRange;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.rollback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.Commands;
import io.syncline.server.LocalCluster;
import io.syncline.server.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What watchers are told. */
class WatchesTest extends WatchesFixture {
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
}
