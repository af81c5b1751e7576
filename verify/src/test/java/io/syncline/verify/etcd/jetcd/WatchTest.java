package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.syncline.verify.etcd.cluster.Cluster;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Watches by jetcd. */
@ExtendWith(SharedCluster.class)
class WatchTest {
  private Client client;
  private KV kv;
  private final Seen seen = new Seen();

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    kv = client.getKVClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aWatcherIsToldOfEveryChangeBelowItsPrefixInOrder() {
    watch("watch/prefix/", created().isPrefix(true));
    Calls.await("the watch to be there", () -> !seen.responses().isEmpty());
    assertThat(seen.responses().get(0).isCreatedNotify()).isTrue();

    put("watch/prefix/a", "1");
    put("watch/prefix/b", "2");
    put("watch/prefixed", "no");
    delete("watch/prefix/a");
    put("watch/prefix/end", "");
    assertThat(seen.awaitText("PUT watch/prefix/end="))
        .containsExactly(
            "PUT watch/prefix/a=1",
            "PUT watch/prefix/b=2",
            "DELETE watch/prefix/a",
            "PUT watch/prefix/end=");
  }

  @Test
  void aDeleteTellsTheKeyAndWhenItWasAndWhatWasThereIfAsked() {
    long from = put("watch/deleted", "1");
    put("watch/deleted", "2");
    long revision = delete("watch/deleted");
    watch("watch/deleted", WatchOption.builder().withRevision(from).withPrevKV(true));
    seen.awaitText("DELETE watch/deleted");

    WatchEvent created = seen.events().get(0);
    assertThat(created.getPrevKV().getKey().isEmpty()).isTrue();
    assertThat(pair(seen.events().get(1).getPrevKV())).isEqualTo("watch/deleted=1");
    WatchEvent deleted = seen.events().get(2);
    assertThat(deleted.getKeyValue().getModRevision()).isEqualTo(revision);
    assertThat(deleted.getKeyValue().getCreateRevision()).isZero();
    assertThat(deleted.getKeyValue().getVersion()).isZero();
    assertThat(deleted.getKeyValue().getValue().isEmpty()).isTrue();
    assertThat(pair(deleted.getPrevKV())).isEqualTo("watch/deleted=2");
  }

  @Test
  void aWatcherResumesWhereItWants() {
    put("watch/resumed", "1");
    long from = put("watch/resumed", "2");
    put("watch/resumed", "3");
    watch("watch/resumed", WatchOption.builder().withRevision(from));
    seen.awaitText("PUT watch/resumed=3");
    put("watch/resumed", "4");
    assertThat(seen.awaitText("PUT watch/resumed=4"))
        .containsExactly("PUT watch/resumed=2", "PUT watch/resumed=3", "PUT watch/resumed=4");
  }

  @Test
  void aWatcherOfTheFutureIsToldOfNothingBeforeIt() {
    long now = put("watch/future", "now");
    watch("watch/future", created().withRevision(now + 3));
    Calls.await("the watch to be there", () -> !seen.responses().isEmpty());
    put("watch/future", "1");
    put("watch/future", "2");
    put("watch/future", "3");
    assertThat(seen.awaitText("PUT watch/future=3")).containsExactly("PUT watch/future=3");
  }

  @Test
  void aWatcherCanLeaveOutPutsOrDeletes() {
    long from = put("watch/filtered", "1");
    delete("watch/filtered");
    put("watch/filtered", "2");
    delete("watch/filtered");
    put("watch/filtered", "end");

    var deletes = new Seen();
    watch("watch/filtered", WatchOption.builder().withRevision(from).withNoDelete(true));
    client
        .getWatchClient()
        .watch(
            bytes("watch/filtered"),
            WatchOption.builder().withRevision(from).withNoPut(true).build(),
            deletes);
    assertThat(seen.awaitText("PUT watch/filtered=end"))
        .containsExactly("PUT watch/filtered=1", "PUT watch/filtered=2", "PUT watch/filtered=end");
    Calls.await("two deletes", () -> deletes.events().size() == 2);
    assertThat(deletes.texts()).containsOnly("DELETE watch/filtered");
  }

  @Test
  void aTransactionIsToldInOnePiece() {
    watch("watch/txn/", created().isPrefix(true));
    Calls.await("the watch to be there", () -> !seen.responses().isEmpty());
    Op[] puts = IntStream.range(0, 100)
        .mapToObj(i -> Op.put(bytes("watch/txn/" + i), bytes("1"), PutOption.DEFAULT))
        .toArray(Op[]::new);
    answer(kv.txn().Then(puts).commit());
    answer(kv.delete(bytes("watch/txn/"), DeleteOption.builder().isPrefix(true).build()));

    Calls.await("all events", () -> seen.events().size() == 2 * puts.length);
    assertThat(seen.responses())
        .filteredOn(response -> !response.getEvents().isEmpty())
        .allSatisfy(
            response -> assertThat(response.getEvents().size() % puts.length).isZero());
  }

  @Test
  void progressNeverOvertakesEvents() {
    long from = put("watch/progress", "1");
    var watcher = client
        .getWatchClient()
        .watch(
            bytes("watch/progress"),
            created().withRevision(from).withProgressNotify(true).build(),
            seen);
    seen.awaitText("PUT watch/progress=1");
    long head = put("watch/else", "1");
    Calls.await("progress", () -> {
      watcher.requestProgress();
      return progress().stream().anyMatch(revision -> revision >= head);
    });
    long last = put("watch/progress", "2");
    Calls.await("more progress", () -> {
      watcher.requestProgress();
      return progress().stream().anyMatch(revision -> revision >= last);
    });

    assertThat(progress()).isSorted();
    long told = 0;
    for (WatchResponse response : seen.responses()) {
      for (WatchEvent event : response.getEvents()) {
        assertThat(event.getKeyValue().getModRevision()).isGreaterThan(told);
      }
      if (response.isProgressNotify()) {
        told = response.getHeader().getRevision();
      }
    }
  }

  private List<Long> progress() {
    return seen.responses().stream()
        .filter(WatchResponse::isProgressNotify)
        .map(response -> response.getHeader().getRevision())
        .toList();
  }

  @Test
  void aWatcherThatIsBehindWhatWasCompactedIsToldFromWhereItCanGoOn(Cluster cluster) {
    long first = put("watch/compacted", "1");
    put("watch/compacted", "2");
    long third = put("watch/compacted", "3");
    // jetcd goes round the members; another one may not have compacted yet
    try (var one = Cluster.clientOf(cluster.awaitLeader())) {
      answer(one.getKVClient().compact(third));
      WatchOption behind = WatchOption.builder().withRevision(first).build();
      one.getWatchClient().watch(bytes("watch/compacted"), behind, seen);
      assertThat(seen.awaitFailure())
          .isInstanceOfSatisfying(
              CompactedException.class,
              failure -> assertThat(failure.getCompactedRevision()).isEqualTo(third));
    }
    assertThat(seen.events()).isEmpty();

    var resumed = new Seen();
    client
        .getWatchClient()
        .watch(
            bytes("watch/compacted"), WatchOption.builder().withRevision(third).build(), resumed);
    assertThat(resumed.awaitText("PUT watch/compacted=3")).containsExactly("PUT watch/compacted=3");
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsNotWatched() {
    watch("watch/z", WatchOption.builder().withRange(bytes("watch/a")));
    assertThat(seen.awaitFailure()).isInstanceOf(EtcdException.class);
  }

  @Test
  void aWatcherThatIsClosedIsToldNoMoreAndTheOthersAre() {
    var other = new Seen();
    var closed = client.getWatchClient().watch(bytes("watch/closed"), created().build(), seen);
    client.getWatchClient().watch(bytes("watch/closed"), created().build(), other);
    Calls.await(
        "both watches", () -> !seen.responses().isEmpty() && !other.responses().isEmpty());
    put("watch/closed", "1");
    seen.awaitText("PUT watch/closed=1");
    closed.close();
    assertThat(closed.isClosed()).isTrue();
    put("watch/closed", "2");
    assertThat(other.awaitText("PUT watch/closed=2"))
        .containsExactly("PUT watch/closed=1", "PUT watch/closed=2");
    assertThat(seen.texts()).containsExactly("PUT watch/closed=1");
  }

  private void watch(String key, WatchOption.Builder options) {
    client.getWatchClient().watch(bytes(key), options.build(), seen);
  }

  private static WatchOption.Builder created() {
    return WatchOption.builder().withCreateNotify(true);
  }

  private long put(String key, String value) {
    return answer(kv.put(bytes(key), bytes(value))).getHeader().getRevision();
  }

  private long delete(String key) {
    return answer(kv.delete(bytes(key))).getHeader().getRevision();
  }
}
