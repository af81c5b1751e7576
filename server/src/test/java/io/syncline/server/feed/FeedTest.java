package io.syncline.server.feed;

import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.putting;
import static io.syncline.server.Commands.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import io.syncline.server.AppliedStore;
import io.syncline.server.AppliedStoreFixture;
import io.syncline.server.Commands;
import io.syncline.server.Seed;
import io.syncline.server.apply.Applier.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedTest extends AppliedStoreFixture {
  @Test
  void S4_31_walkedInAnyStepsFromAnywhereItGivesEveryChangeOnceInOrder() {
    Random random = Seed.random();
    var feed = new Feed(store.store(), 40, 1 << 20);
    for (int i = 0; i < 300; i++) {
      commit(feed, Commands.anyWrite(random, store.revision().value()));
    }

    for (long start = 0; start <= store.revision().value(); start++) {
      Revision from = Revision.of(start);
      var walked = new ArrayList<ConfigVersion>();
      for (Revision at = from; at.isBefore(feed.head()); ) {
        int limit = 1 + random.nextInt(20);
        Feed.Slice slice = feed.read(at, limit);
        assertThat(slice.from()).isEqualTo(at);
        assertThat(slice.to()).isGreaterThan(at);
        assertThat(slice.changes()).allMatch(change -> !change.revision().isAfter(slice.to()));
        walked.addAll(slice.changes());
        at = slice.to();
      }
      assertThat(walked)
          .as("from %s", from)
          .isEqualTo(
              store.changes().stream().filter(c -> c.revision().isAfter(from)).toList());
    }
  }

  @Test
  void aRevisionOfManyChangesIsNeverCutInTwo() {
    var feed = new Feed(store.store(), 1000, 1 << 20);
    var ofStore = new Feed(store.store(), 0, 0);
    commit(feed, put("a", "1"));
    commit(
        feed,
        transaction(
            List.of(),
            List.of(putting("b", "1"), putting("c", "1"), putting("d", "1")),
            List.of()));
    commit(feed, put("e", "1"));
    ofStore.publish(feed.head(), store.changes(), Map.of());

    for (Feed either : List.of(feed, ofStore)) {
      Feed.Slice slice = either.read(Revision.ZERO, 2);
      assertThat(slice.to()).isEqualTo(new Revision(2));
      assertThat(slice.changes()).hasSize(4);
      assertThat(either.read(slice.to(), 2).changes()).hasSize(1);
    }
    assertThat(feed.read(Revision.ZERO, 2).fromMemory()).isTrue();
    assertThat(ofStore.read(Revision.ZERO, 2).fromMemory()).isFalse();
  }

  @Test
  void itKeepsNoMoreChangesThanItsBoundAndDropsWholeRevisions() {
    var feed = new Feed(store.store(), 3, 1 << 20);
    commit(feed, put("a", "1"));
    commit(feed, transaction(List.of(), List.of(putting("b", "1"), putting("c", "1")), List.of()));
    assertThat(feed.read(Revision.ZERO, 9).fromMemory()).isTrue();

    commit(feed, put("d", "1"));
    assertThat(feed.read(Revision.ZERO, 9).fromMemory()).isFalse();
    assertThat(feed.read(new Revision(1), 9).fromMemory()).isTrue();

    commit(feed, put("e", "1"));
    assertThat(feed.read(new Revision(1), 9).fromMemory()).isFalse();
    assertThat(feed.read(new Revision(2), 9).fromMemory()).isTrue();
    assertThat(feed.read(Revision.ZERO, 9).changes()).isEqualTo(store.changes());
  }

  @Test
  void itKeepsNoMoreBytesThanItsBound() {
    var feed = new Feed(store.store(), 1000, 1000);
    commit(feed, put("a", "x".repeat(400)));
    commit(feed, put("b", "x".repeat(400)));
    assertThat(feed.read(Revision.ZERO, 9).fromMemory()).isTrue();

    commit(feed, put("c", "x".repeat(400)));
    assertThat(feed.read(Revision.ZERO, 9).fromMemory()).isFalse();
    assertThat(feed.read(new Revision(1), 9).fromMemory()).isTrue();

    commit(feed, put("d", "x".repeat(2000)));
    assertThat(feed.read(new Revision(3), 9).fromMemory()).isFalse();
    assertThat(feed.read(Revision.ZERO, 9).changes()).isEqualTo(store.changes());
    assertThat(feed.read(new Revision(4), 9).changes()).isEmpty();
  }

  @Test
  void whatWasCommittedBeforeItsStartComesFromTheStore() {
    store.apply(put("a", "1"), put("b", "1"));
    var feed = new Feed(store.store(), 1000, 1 << 20);

    assertThat(feed.head()).isEqualTo(new Revision(2));
    assertThat(feed.read(Revision.ZERO, 9).changes()).isEqualTo(store.changes());
  }

  @Test
  void whatTheStoreHasButWasNotPublishedIsNotGiven() {
    var feed = new Feed(store.store(), 0, 0);
    commit(feed, put("a", "1"));
    store.apply(put("b", "1"));

    Feed.Slice slice = feed.read(Revision.ZERO, 9);

    assertThat(slice.to()).isEqualTo(new Revision(1));
    assertThat(slice.changes()).hasSize(1);
  }

  @Test
  void aReplacedStoreIsReadAndNotTheMemoryOfTheOldOne() {
    var feed = new Feed(store.store(), 1000, 1 << 20);
    commit(feed, put("a", "1"));
    store.apply(put("b", "1"), put("c", "1"));

    feed.reset(new Revision(3));

    Feed.Slice slice = feed.read(new Revision(1), 9);
    assertThat(slice.fromMemory()).isFalse();
    assertThat(slice.changes()).hasSize(2);
    assertThat(feed.read(new Revision(3), 9).fromMemory()).isTrue();
  }

  @Test
  void aSliceHoldsNoMoreThanItsBytesAndOneRevisionWhole() {
    var feed = new Feed(store.store(), 1000, 1 << 30);
    var ofStore = new Feed(store.store(), 0, 0);
    for (int i = 0; i < 8; i++) {
      commit(feed, put("key/" + i, "x".repeat(1 << 20)));
    }
    ofStore.publish(feed.head(), store.changes(), Map.of());

    for (Feed either : List.of(feed, ofStore)) {
      assertThat(either.read(Revision.ZERO, 1000).to()).isEqualTo(new Revision(4));
      assertThat(either.read(new Revision(4), 1000).to()).isEqualTo(new Revision(8));
    }
  }

  @Test
  void whoWantsOnlySomeChangesIsGivenThoseAndComesFurther() {
    var feed = new Feed(store.store(), 0, 0);
    for (int i = 0; i < 50; i++) {
      commit(feed, put("key/" + i % 10, "content " + i));
    }

    Feed.Slice slice =
        feed.read(Revision.ZERO, 3, change -> change.key().toString().equals("key/1"));

    assertThat(slice.changes())
        .extracting(change -> change.revision().value())
        .containsExactly(2L, 12L, 22L);
    assertThat(slice.to()).isEqualTo(new Revision(22));
  }

  private void commit(Feed feed, Command command) {
    Applied applied = store.apply(List.of(AppliedStore.proposed(command)));
    if (applied.to().isAfter(applied.from())) {
      feed.publish(applied.to(), applied.changes(), applied.digests());
    }
  }
}
