package io.syncline.server.etcd;

import static io.syncline.server.etcd.WatchingClient.key;
import static io.syncline.server.etcd.WatchingClient.prefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.syncline.model.AuthState;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.LocalCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How watches of clients of etcd come to be, are refused, and end. */
class WatchServiceTest extends WatchServiceFixture {
  /** What only these tests refuse. */
  private static final String SECRET = "secret";

  @Override
  Access access() {
    return new Access(() -> AuthState.INITIAL) {
      @Override
      void requireRead(Caller caller, KeyRange keys) {
        if (keys.equals(KeyRange.single(Key.of(SECRET)))) {
          throw EtcdError.PERMISSION_DENIED.exception();
        }
      }
    };
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

  @Test
  void anIntervalThatIsNoneIsRefused() {
    WatchingClient refused = WatchingClient.of(keyspace.channel(), "often");

    Status end = refused.end();
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).contains("often");
  }

  private static WatchRequest createOf(WatchCreateRequest.Builder request) {
    return WatchRequest.newBuilder().setCreateRequest(request).build();
  }
}
