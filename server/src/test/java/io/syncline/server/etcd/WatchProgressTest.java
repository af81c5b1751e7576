package io.syncline.server.etcd;

import static io.syncline.server.etcd.WatchingClient.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Precondition;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.Commands;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.retain.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From where to where a watch of a client of etcd is told, and how far it says it is. */
class WatchProgressTest extends WatchServiceFixture {
  private static final String EACH_100_MS = "100";

  @Test
  void fromNowOnOnlyWhatComesIsTold() {
    for (int i = 0; i < 50; i++) {
      long before = keyspace.put("a", "before " + i);

      WatchResponse created = client.created(key("a"));
      assertThat(created.getHeader().getRevision()).isEqualTo(before);
      assertThat(created.getWatchId()).isEqualTo(i);
      long revision = keyspace.put("a", "after");

      Event first = client.until(r -> r.getWatchId() == created.getWatchId()).stream()
          .reduce((one, other) -> other)
          .orElseThrow()
          .getEvents(0);
      assertThat(first.getKv().getModRevision()).isEqualTo(revision);
      client.cancel(created.getWatchId());
      client.until(WatchResponse::getCanceled);
    }
  }

  @Test
  void whatWasWrittenBeforeIsNotToldThoughItIsDispatchedOnlyAfter() {
    client.created(key("a"));
    Applied before =
        keyspace.apply(Commands.put(LocalKeyspace.NAME, "a", "1", Precondition.NONE, true));
    WatchResponse created = client.created(key("a"));
    assertThat(created.getHeader().getRevision()).isEqualTo(before.to().value());
    keyspace.publish(before);
    keyspace.put("a", "2");
    client.askForProgress();

    assertThat(client.until(response -> response.getWatchId() == -1))
        .filteredOn(response -> response.getWatchId() == created.getWatchId())
        .flatExtracting(WatchResponse::getEventsList)
        .extracting(event -> event.getKv().getValue().toStringUtf8())
        .containsExactly("2");
  }

  @Test
  void noHeaderRunsAheadOfWhatWasToldWhileCatchingUp() {
    var written = new ArrayList<Long>();
    for (int i = 0; i < 2300; i++) {
      long revision = keyspace.put(i % 3 == 0 ? "a" : "other", "value " + i);
      if (i % 3 == 0) {
        written.add(revision);
      }
    }
    WatchResponse created = client.created(key("a").setStartRevision(3));
    assertThat(created.getHeader().getRevision()).isEqualTo(2);

    var told = new ArrayList<Long>();
    long header = 2;
    List<Long> expected = written.stream().filter(revision -> revision >= 3).toList();
    while (told.size() < expected.size()) {
      WatchResponse response = client.next();
      assertThat(response.getHeader().getRevision()).isGreaterThanOrEqualTo(header);
      header = response.getHeader().getRevision();
      response.getEventsList().forEach(event -> told.add(event.getKv().getModRevision()));
      long now = header;
      assertThat(told.size())
          .isGreaterThanOrEqualTo((int) expected.stream().filter(r -> r <= now).count());
    }
    assertThat(told).isEqualTo(expected);
  }

  @Test
  void aFutureRevisionIsWaitedForAndNothingOlderTold() {
    long now = keyspace.put("a", "now");
    WatchResponse created = client.created(key("a").setStartRevision(now + 3));
    assertThat(created.getHeader().getRevision()).isEqualTo(now);
    client.askForProgress();
    assertThat(client.next().getHeader().getRevision()).isEqualTo(now);

    for (int i = 1; i <= 4; i++) {
      keyspace.put("a", "value " + i);
    }

    assertThat(client.events(2))
        .extracting(event -> event.getKv().getModRevision())
        .containsExactly(now + 3, now + 4);
  }

  @Test
  void theCompactedRevisionCanBeWatchedAndOneBeforeItsHistoryEndsWithWhereToGoOn() {
    for (int i = 1; i <= 5; i++) {
      keyspace.put("a", "value " + i);
    }
    keyspace.compact(4);

    WatchResponse created = client.created(key("a").setStartRevision(3));
    assertThat(created.getCanceled()).isFalse();
    WatchResponse ended = client.next();
    assertThat(ended.getWatchId()).isEqualTo(created.getWatchId());
    assertThat(ended.getCanceled()).isTrue();
    assertThat(ended.getCreated()).isFalse();
    assertThat(ended.getCompactRevision()).isEqualTo(4);

    WatchResponse again = client.created(key("a").setStartRevision(ended.getCompactRevision()));
    assertThat(again.getCanceled()).isFalse();
    assertThat(client.events(3))
        .extracting(event -> event.getKv().getModRevision())
        .containsExactly(4L, 5L, 6L);
  }

  @Test
  void compactionOfOtherKeysEndsNoWatch() {
    keyspace.put("a", "one");
    keyspace.put("a", "two");
    long left = keyspace.put("a", "three");
    for (int i = 0; i < 100; i++) {
      keyspace.put("b", "value " + i);
    }
    long missed = keyspace.put("a", "four");
    long last = keyspace.put("b", "last");
    keyspace.compact(last);
    new Sweep(keyspace.store().store()).run();

    client.created(key("a").setStartRevision(left + 1));
    assertThat(client.events(1)).singleElement().satisfies(event -> {
      assertThat(event.getKv().getModRevision()).isEqualTo(missed);
      assertThat(event.getKv().getValue()).isEqualTo(utf8("four"));
    });

    client.created(key("a").setStartRevision(left - 1));
    assertThat(client.next().getCompactRevision()).isEqualTo(last);
  }

  @Test
  void aSilentWatchIsToldHowFarItIsAndNeverBackwards() {
    WatchingClient informed = WatchingClient.of(keyspace.channel(), EACH_100_MS);
    informed.created(key("a").setProgressNotify(true));
    client.created(key("a"));
    for (int i = 0; i < 3; i++) {
      long revision = keyspace.put("b", "value " + i);
      WatchResponse progress = informed.next();
      assertThat(progress.getWatchId()).isZero();
      assertThat(progress.getEventsList()).isEmpty();
      assertThat(progress.getCreated() || progress.getCanceled()).isFalse();
      assertThat(progress.getHeader().getRevision())
          .as("said once, though the store stands still")
          .isEqualTo(revision);
      keyspace.awaitBookmarks(4, Duration.ofMillis(100));
    }
    keyspace.put("a", "1");
    assertThat(client.next().getEventsList()).as("nobody asked for progress").hasSize(1);
  }

  @Test
  void aWatchOfTheFutureIsToldOfNoRevisionThatHasNotHappened() {
    WatchingClient informed = WatchingClient.of(keyspace.channel(), EACH_100_MS);
    informed.created(key("a").setProgressNotify(true).setStartRevision(1000));

    keyspace.put("b", "2");

    assertThat(informed.next().getHeader().getRevision()).isEqualTo(2);
  }

  @Test
  void progressThatIsAskedForComesAfterAllThatItCovers() {
    for (int i = 0; i < 3000; i++) {
      keyspace.put("a", "value " + i);
    }
    long newest = keyspace.put("b", "newest");
    client.create(key("a").setWatchId(5).setStartRevision(2));
    client.create(key("b").setWatchId(6));
    client.askForProgress();

    List<WatchResponse> told = client.until(response -> response.getWatchId() == -1);

    assertThat(told.get(told.size() - 1).getHeader().getRevision()).isEqualTo(newest);
    assertThat(told.stream().mapToInt(WatchResponse::getEventsCount).sum()).isEqualTo(3000);
  }

  @Test
  void progressCanBeAskedForWithoutWatches() {
    long newest = keyspace.put("a", "1");
    client.askForProgress();

    WatchResponse progress = client.next();
    assertThat(progress.getWatchId()).isEqualTo(-1);
    assertThat(progress.getHeader().getRevision()).isEqualTo(newest);
  }
}
