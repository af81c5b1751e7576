package io.syncline.server.etcd;

import static io.syncline.server.etcd.WatchingClient.everything;
import static io.syncline.server.etcd.WatchingClient.key;
import static io.syncline.server.etcd.WatchingClient.prefix;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.Precondition;
import io.syncline.model.Txn;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest.FilterType;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The events that watches of clients of etcd are told of. */
class WatchEventsTest extends WatchServiceFixture {
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
