package io.syncline.server.etcd;

import static io.syncline.server.etcd.WatchingClient.everything;
import static io.syncline.server.etcd.WatchingClient.key;
import static io.syncline.server.etcd.WatchingClient.prefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.syncline.model.AuthState;
import io.syncline.model.Command;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.Precondition;
import io.syncline.model.Txn;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest.FilterType;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.Commands;
import io.syncline.server.LocalCluster;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.retain.Sweep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of etcd are told that watch. */
class WatchServiceTest {
  private static final String EACH_100_MS = "100";
  private static final ByteString ZERO_BYTE = ByteString.copyFrom(new byte[1]);

  /** What only these tests refuse. */
  private static final String SECRET = "secret";

  @TempDir
  Path folder;

  private LocalKeyspace keyspace;
  private WatchingClient client;

  @BeforeEach
  void open() {
    keyspace = new LocalKeyspace(folder, new Access(() -> AuthState.INITIAL) {
      @Override
      void requireRead(Caller caller, KeyRange keys) {
        if (keys.equals(KeyRange.single(Key.of(SECRET)))) {
          throw EtcdError.PERMISSION_DENIED.exception();
        }
      }
    });
    keyspace.found();
    client = WatchingClient.of(keyspace.channel());
  }

  @AfterEach
  void close() {
    keyspace.close();
    assertThat(keyspace.faults()).isEmpty();
  }

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
  void everyResponseSaysWhoseItIs() {
    WatchResponse created = client.created(prefix("a"));
    keyspace.put("a", "1");
    client.askForProgress();

    List<WatchResponse> all = new ArrayList<>(List.of(created));
    all.addAll(client.until(r -> r.getWatchId() == -1));
    assertThat(all).allSatisfy(response -> {
      assertThat(response.getHeader().getClusterId()).isNotZero();
      assertThat(response.getHeader().getMemberId()).isNotZero();
      assertThat(response.getHeader().getRaftTerm()).isEqualTo(3);
    });
  }

  @Test
  void aPutIsToldWholeAndADeleteWithNothingButKeyAndRevision() {
    client.created(key("a"));
    long born = keyspace.put("a", "one");
    long changed = keyspace.put("a", "two");
    long deleted = keyspace.delete("a");

    List<Event> events = client.events(3);

    assertThat(events.get(0))
        .isEqualTo(Event.newBuilder().setKv(kv("a", "one", born, born, 1)).build());
    assertThat(events.get(1))
        .isEqualTo(Event.newBuilder().setKv(kv("a", "two", born, changed, 2)).build());
    assertThat(events.get(2))
        .isEqualTo(Event.newBuilder()
            .setType(Event.EventType.DELETE)
            .setKv(KeyValue.newBuilder().setKey(utf8("a")).setModRevision(deleted))
            .build());
  }

  @Test
  void theValueBeforeIsThatBeforeTheTransaction() {
    keyspace.put("a", "before");
    client.created(everything().setPrevKv(true));
    var put = new Txn.Operation.Put(Key.of("a"), Commands.content("within"), 0, false, false);
    var born = new Txn.Operation.Put(Key.of("b"), Commands.content("within"), 0, false, false);
    var deleteA = new Txn.Operation.Delete(KeyRange.single(Key.of("a")), false);
    var deleteB = new Txn.Operation.Delete(KeyRange.single(Key.of("b")), false);
    keyspace.commit(new Command.Keyspace(
        new KeyspaceCommand.Transact(
            LocalKeyspace.NAME,
            new Txn(List.of(), List.of(put, deleteA, born, deleteB), List.of())),
        0));

    assertThat(client.events(4))
        .extracting(event -> event.getPrevKv().getValue().toStringUtf8())
        .containsExactly("before", "before", "", "");
  }

  @Test
  void theValueBeforeComesIfItIsAskedForAndThereWasOne() {
    client.created(key("a").setPrevKv(true));
    long born = keyspace.put("a", "one");
    keyspace.put("a", "two");
    keyspace.delete("a");
    keyspace.put("a", "three");

    List<Event> events = client.events(4);

    assertThat(events.get(0).hasPrevKv()).isFalse();
    assertThat(events.get(1).getPrevKv()).isEqualTo(kv("a", "one", born, born, 1));
    assertThat(events.get(2).getPrevKv()).isEqualTo(kv("a", "two", born, born + 1, 2));
    assertThat(events.get(3).hasPrevKv()).isFalse();
    WatchResponse other = client.created(key("a").setStartRevision(born));
    assertThat(other.getCanceled()).isFalse();
    assertThat(client.events(4)).noneMatch(Event::hasPrevKv);
  }

  @Test
  void aValueThatWasSupersededAtTheHorizonIsNotShownAnyMore() {
    keyspace.put("a", "one");
    long revision = keyspace.put("a", "two");
    keyspace.put("a", "three");
    keyspace.compact(revision);

    client.created(key("a").setPrevKv(true).setStartRevision(revision));

    List<Event> events = client.events(2);
    assertThat(events.get(0).hasPrevKv()).isFalse();
    assertThat(events.get(1).getPrevKv().getValue()).isEqualTo(utf8("two"));
  }

  @Test
  void whatIsFilteredOutIsNotTold() {
    client.created(key("a").setWatchId(1).addFilters(FilterType.NOPUT));
    client.created(key("a").setWatchId(2).addFilters(FilterType.NODELETE));
    client.created(
        key("a").setWatchId(3).addFilters(FilterType.NODELETE).addFilters(FilterType.NOPUT));
    client.created(key("a").setWatchId(4).addFiltersValue(77));
    keyspace.put("a", "one");
    keyspace.delete("a");
    keyspace.put("a", "two");
    client.askForProgress();

    var told = new TreeMap<Long, List<Event.EventType>>();
    client
        .until(r -> r.getWatchId() == -1)
        .forEach(response -> response
            .getEventsList()
            .forEach(event -> told.computeIfAbsent(response.getWatchId(), id -> new ArrayList<>())
                .add(event.getType())));

    assertThat(told)
        .isEqualTo(Map.of(
            1L, List.of(Event.EventType.DELETE),
            2L, List.of(Event.EventType.PUT, Event.EventType.PUT),
            4L, List.of(Event.EventType.PUT, Event.EventType.DELETE, Event.EventType.PUT)));
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

  @Test
  void aCancelledWatchIsToldNothingMoreAndTheOthersGoOn() {
    client.created(key("a").setWatchId(1));
    client.created(key("a").setWatchId(2));
    client.cancel(77);
    client.cancel(1);

    WatchResponse cancelled = client.next();
    assertThat(cancelled.getWatchId()).isEqualTo(1);
    assertThat(cancelled.getCanceled()).isTrue();
    assertThat(cancelled.getCancelReason()).isEmpty();

    keyspace.put("a", "1");
    client.askForProgress();
    assertThat(client.until(response -> response.getWatchId() == -1))
        .extracting(WatchResponse::getWatchId)
        .containsExactly(2L, -1L);
    assertThat(keyspace.watches().count()).isEqualTo(1);
  }

  @Test
  void aWatchThatCompactionEndedKeepsItsIdUntilItIsCancelled() {
    keyspace.put("a", "1");
    keyspace.compact(keyspace.put("a", "2"));
    client.created(key("a").setWatchId(7).setStartRevision(1));
    assertThat(client.next().getCompactRevision()).isPositive();

    assertThat(client.created(key("b").setWatchId(7)).getCancelReason()).contains("duplicate");
    client.askForProgress();
    assertThat(client.next().getWatchId()).as("it holds up nobody").isEqualTo(-1);

    client.cancel(7);
    WatchResponse cancelled = client.next();
    assertThat(cancelled.getWatchId()).isEqualTo(7);
    assertThat(cancelled.getCanceled()).isTrue();
    assertThat(cancelled.getCompactRevision()).isZero();
    assertThat(client.created(key("b").setWatchId(7)).getCanceled()).isFalse();
  }

  @Test
  void idsAreCountedOrChosenAndNeverGivenTwice() {
    assertThat(client.created(key("a")).getWatchId()).isZero();
    assertThat(client.created(key("a").setWatchId(1)).getWatchId()).isEqualTo(1);
    assertThat(client.created(key("a")).getWatchId()).isEqualTo(2);

    WatchResponse twice = client.created(key("b").setWatchId(1));
    assertThat(twice.getCanceled()).isTrue();
    assertThat(twice.getWatchId()).isEqualTo(-1);
    assertThat(twice.getCancelReason())
        .isEqualTo("mvcc: duplicate watch ID provided on the WatchStream");

    client.cancel(1);
    assertThat(client.next().getCanceled()).isTrue();
    assertThat(client.created(key("b").setWatchId(1)).getCanceled()).isFalse();
  }

  @Test
  void theEmptyKeyIsTheFirstThereCanBe() {
    keyspace.commit(new Command.Put(
        LocalKeyspace.NAME,
        new Key(ZERO_BYTE),
        Commands.content("first"),
        Precondition.NONE,
        true,
        null));
    keyspace.put("a", "1");
    client.created(WatchCreateRequest.newBuilder().setWatchId(1).setStartRevision(1));
    assertThat(client.next().getEventsList())
        .extracting(event -> event.getKv().getKey())
        .containsExactly(ZERO_BYTE);

    client.created(everything().setWatchId(2).setStartRevision(1));
    assertThat(client.next().getEventsList())
        .extracting(event -> event.getKv().getKey())
        .containsExactly(ZERO_BYTE, utf8("a"));
  }

  @Test
  void aZeroByteAsTheEndMeansAllKeysFromOneOn() {
    client.created(key("b").setRangeEnd(ZERO_BYTE));
    keyspace.put("a", "1");
    keyspace.put("b", "1");
    keyspace.put("z", "1");

    assertThat(client.events(2))
        .extracting(event -> event.getKv().getKey().toStringUtf8())
        .containsExactly("b", "z");
  }

  @Test
  void aRangeWithoutKeysIsCancelledAtOnce() {
    for (String end : List.of("a", "b")) {
      WatchResponse refused = client.created(key("b").setRangeEnd(utf8(end)).setWatchId(9));
      assertThat(refused.getCanceled()).isTrue();
      assertThat(refused.getWatchId()).isEqualTo(-1);
      assertThat(refused.getCancelReason()).isEqualTo("mvcc: watcher range is empty");
      assertThat(refused.getHeader().getRevision()).isEqualTo(1);
    }
    assertThat(client.created(key("b").setWatchId(9)).getCanceled()).isFalse();
  }

  @Test
  void whoMayNotReadIsCancelledInTheWordsOfEtcd() {
    WatchResponse refused = client.created(key(SECRET));

    assertThat(refused.getCanceled()).isTrue();
    assertThat(refused.getWatchId()).isEqualTo(-1);
    assertThat(refused.getCancelReason())
        .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
    assertThat(client.created(key("a")).getCanceled()).isFalse();
  }

  @Test
  void theEventsOfOneRevisionStandTogetherUnlessTheClientTakesFragments() {
    var values = new TreeMap<String, String>();
    for (int i = 0; i < 20; i++) {
      values.put("a/" + (char) ('a' + i), "x".repeat(200_000));
    }
    keyspace.put("a/", "before");
    long revision = keyspace.putTogether(values);
    keyspace.put("a/z", "after");

    client.created(prefix("a/").setWatchId(1).setStartRevision(2));
    List<WatchResponse> whole =
        client.until(response -> response.getEventsList().stream().anyMatch(isOf(revision + 1)));
    assertThat(whole).noneMatch(WatchResponse::getFragment);
    assertThat(whole)
        .filteredOn(response -> response.getEventsList().stream().anyMatch(isOf(revision)))
        .singleElement()
        .satisfies(response ->
            assertThat(response.getEventsList()).filteredOn(isOf(revision)).hasSize(20));

    client.created(prefix("a/").setWatchId(2).setStartRevision(2).setFragment(true));
    List<WatchResponse> pieces =
        client.until(response -> response.getEventsList().stream().anyMatch(isOf(revision + 1)));
    assertThat(pieces)
        .allSatisfy(response ->
            assertThat(response.getSerializedSize()).isLessThan(WatchResponses.MAX_BYTES + 1000));
    assertThat(pieces).filteredOn(WatchResponse::getFragment).hasSizeGreaterThanOrEqualTo(2);
    assertThat(pieces)
        .filteredOn(WatchResponse::getFragment)
        .allSatisfy(piece -> assertThat(piece.getHeader().getRevision()).isEqualTo(revision - 1));
    assertThat(pieces.get(pieces.size() - 1).getFragment()).isFalse();
    assertThat(pieces.stream().mapToInt(WatchResponse::getEventsCount).sum()).isEqualTo(22);
  }

  private static Predicate<Event> isOf(long revision) {
    return event -> event.getKv().getModRevision() == revision;
  }

  @Test
  void manyEventsComeInResponsesOfBoundedSize() {
    for (int batch = 0; batch < 5; batch++) {
      var values = new TreeMap<String, String>();
      for (int i = 0; i < 450; i++) {
        values.put("a/" + i, "value " + batch);
      }
      keyspace.putTogether(values);
    }
    client.created(prefix("a/").setStartRevision(2));

    int events = 0;
    while (events < 5 * 450) {
      WatchResponse response = client.next();
      assertThat(response.getEventsCount()).isBetween(1, WatchResponses.MAX_EVENTS);
      assertThat(response.getEventsCount() % 450).isZero();
      events += response.getEventsCount();
    }
  }

  @Test
  void thereAreNoMoreWatchesThanTheVoterTakes() {
    for (int i = 0; i < LocalKeyspace.MAX_WATCHES; i++) {
      assertThat(client.created(key("a")).getCanceled()).isFalse();
    }

    WatchResponse refused = client.created(key("a"));
    assertThat(refused.getCanceled()).isTrue();
    assertThat(refused.getWatchId()).isEqualTo(-1);
    assertThat(refused.getCancelReason()).startsWith("rpc error: code = ResourceExhausted desc = ");

    client.cancel(0);
    assertThat(client.next().getCanceled()).isTrue();
    assertThat(client.created(key("a")).getCanceled()).isFalse();
  }

  @Test
  void aClientThatReadsSlowlyLosesNothingOnAnyOfItsWatches() {
    for (int id = 1; id <= 3; id++) {
      client.created(prefix("a/").setWatchId(id));
    }
    for (int i = 0; i < 400; i++) {
      keyspace.put("a/" + i % 7, "x".repeat(5000));
    }
    WatchingClient fast = WatchingClient.of(keyspace.channel());
    fast.created(prefix("a/").setStartRevision(2));
    assertThat(fast.events(400)).hasSize(400);
    assertThat(keyspace.watches().standing().lagging()).as("lagging").isPositive();

    var told = new TreeMap<Long, List<Long>>();
    while (told.values().stream().mapToInt(List::size).sum() < 3 * 400) {
      WatchResponse response = client.next();
      response
          .getEventsList()
          .forEach(event -> told.computeIfAbsent(response.getWatchId(), id -> new ArrayList<>())
              .add(event.getKv().getModRevision()));
    }
    List<Long> expected = new ArrayList<>();
    for (long revision = 2; revision <= 401; revision++) {
      expected.add(revision);
    }
    assertThat(told).isEqualTo(Map.of(1L, expected, 2L, expected, 3L, expected));
  }

  @Test
  void aClientThatAsksForNothingMoreIsStillTold() {
    client.created(key("a"));
    client.halfClose();

    keyspace.put("a", "1");

    assertThat(client.events(1)).hasSize(1);
  }

  @Test
  void aClientThatLeavesLeavesNoWatchBehind() {
    client.created(key("a"));
    client.created(key("b"));

    client.leave();

    await().atMost(LocalCluster.PATIENCE).until(() -> keyspace.watches().count() == 0);
  }

  @Test
  void aVoterThatInstallsASnapshotGoesOnSendingEvents() {
    keyspace.put("a", "1");
    client.created(key("a"));

    keyspace
        .store()
        .apply(
            Commands.put(LocalKeyspace.NAME, "a", "2", Precondition.NONE, true),
            Commands.put(LocalKeyspace.NAME, "a", "3", Precondition.NONE, true));
    keyspace.feed().reset(keyspace.store().revision());
    keyspace.put("a", "4");

    assertThat(client.events(3))
        .extracting(event -> event.getKv().getValue().toStringUtf8())
        .containsExactly("2", "3", "4");
  }

  @Test
  void aStoppingVoterEndsTheStream() {
    client.created(key("a"));
    client.created(key("b"));

    keyspace.watches().close();

    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  /** Such a client's next steps run within the server's sending. */
  @Test
  void manyWatchesOfAClientInThisProcessDoNotLockEachOther() {
    int watches = 20;
    int puts = 500;
    var told = new AtomicInteger();
    var stream = new CompletableFuture<StreamObserver<WatchRequest>>();
    stream.complete(WatchGrpc.newStub(keyspace.channelWithin())
        .watch(new StreamObserver<WatchResponse>() {
          @Override
          public void onNext(WatchResponse response) {
            told.addAndGet(response.getEventsCount());
            if (response.getCreated() && response.getWatchId() < watches - 1) {
              stream.join().onNext(createOf(key("a").setStartRevision(2)));
            }
          }

          @Override
          public void onError(Throwable error) {}

          @Override
          public void onCompleted() {}
        }));
    keyspace.put("a", "first");
    stream.join().onNext(createOf(key("a").setStartRevision(2)));
    for (int i = 1; i < puts; i++) {
      keyspace.put("a", "value " + i);
    }

    await().atMost(LocalCluster.PATIENCE).until(() -> told.get() == watches * puts);
  }

  private static WatchRequest createOf(WatchCreateRequest.Builder request) {
    return WatchRequest.newBuilder().setCreateRequest(request).build();
  }

  @Test
  void anIntervalThatIsNoneIsRefused() {
    WatchingClient refused = WatchingClient.of(keyspace.channel(), "often");

    Status end = refused.end();
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).contains("often");
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static KeyValue kv(String key, String value, long create, long mod, long version) {
    return KeyValue.newBuilder()
        .setKey(utf8(key))
        .setValue(utf8(value))
        .setCreateRevision(create)
        .setModRevision(mod)
        .setVersion(version)
        .build();
  }
}
