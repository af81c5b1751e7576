package io.syncline.client;

import static io.syncline.client.Answers.TEAM;
import static io.syncline.client.Answers.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.codec.StatusCodec;
import io.syncline.model.KeyRange;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.GetNamespaceRequest;
import io.syncline.proto.api.v1.NamespaceResponse;
import io.syncline.proto.api.v1.NamespaceServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WatchTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final WatchQuery FROM_FIRST =
      WatchQuery.of(TEAM).withStartRevision(new Revision(1));

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Recorder told = new Recorder();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private FakeVoter voter(BindableService... services) {
    FakeVoter voter = FakeVoter.start(services);
    opened.add(voter);
    return voter;
  }

  private SynclineClient client(FakeVoter... voters) {
    SynclineClient client = SynclineClient.builder()
        .endpoints(Arrays.stream(voters).map(FakeVoter::endpoint).toList())
        .build();
    opened.add(0, client);
    return client;
  }

  /** Keeps what it is told. */
  private static final class Recorder implements WatchListener {
    private final List<Long> changed = new CopyOnWriteArrayList<>();
    private final List<List<WatchEvent>> events = new CopyOnWriteArrayList<>();
    private final List<Long> bookmarks = new CopyOnWriteArrayList<>();
    private final List<Long> established = new CopyOnWriteArrayList<>();

    @Override
    public void onChanges(Revision revision, List<WatchEvent> events) {
      changed.add(revision.value());
      this.events.add(events);
    }

    @Override
    public void onBookmark(Revision revision) {
      bookmarks.add(revision.value());
    }

    @Override
    public void onEstablished(Revision revision) {
      established.add(revision.value());
    }
  }

  @Test
  void asksForWhatTheQuerySays() {
    var watches = new FakeWatches(stream -> stream.bookmark(3));
    SynclineClient client = client(voter(watches));

    client.watch(
        new WatchQuery(
            TEAM, KeyRange.prefix("routes/"), new Revision(5), true, true, Duration.ofMillis(1500)),
        told);

    await().untilAsserted(() -> assertThat(told.established).containsExactly(3L));
    var request = watches.streams().get(0).request();
    assertThat(request.getNamespace()).isEqualTo("team");
    assertThat(ApiCodec.toDomain(request.getRange())).isEqualTo(KeyRange.prefix("routes/"));
    assertThat(request.getStartRevision()).isEqualTo(5);
    assertThat(request.getWithContent()).isTrue();
    assertThat(request.getWithPrevious()).isTrue();
    assertThat(request.getBookmarkIntervalMs()).isEqualTo(1500);
  }

  @Test
  void tellsChangesOfOneRevisionAtOnceAndBookmarksInOrder() {
    SynclineClient client = client(voter(new FakeWatches(stream -> stream
        .bookmark(0)
        .changes(version("a", 1, 1), version("b", 1, 1), version("a", 2, 2))
        .bookmark(9))));

    Watch watch = client.watch(FROM_FIRST, told);

    await().untilAsserted(() -> assertThat(told.bookmarks).containsExactly(9L));
    assertThat(told.changed).containsExactly(1L, 2L);
    assertThat(told.events.get(0))
        .containsExactly(
            new WatchEvent(WatchEvent.Type.PUT, version("a", 1, 1), null),
            new WatchEvent(WatchEvent.Type.PUT, version("b", 1, 1), null));
    await().untilAsserted(() -> assertThat(watch.delivered()).isEqualTo(new Revision(9)));
  }

  @Test
  void resumesAfterTheLastRevisionDeliveredWhenAVoterDies() {
    var dying = new FakeWatches(stream -> stream.bookmark(0).changes(version("a", 1, 1)));
    var surviving = new FakeWatches(stream -> {
      if (stream.request().getStartRevision() == 2) {
        stream.bookmark(1).changes(version("a", 2, 2));
      } else {
        stream.ends();
      }
    });
    FakeVoter dies = voter(dying);
    SynclineClient client = client(dies, voter(surviving));
    client.watch(FROM_FIRST, told);
    await().untilAsserted(() -> assertThat(told.changed).containsExactly(1L));

    dies.close();

    await().atMost(SOON).untilAsserted(() -> assertThat(told.changed).containsExactly(1L, 2L));
  }

  @Test
  void losesAndRepeatsNothingHoweverOftenTheStreamBreaks() {
    long seed = new Random().nextLong();
    System.out.println("WatchTest seed: " + seed);
    var random = new Random(seed);
    long last = 300;
    var watches = new FakeWatches(stream -> {
      long from = stream.request().getStartRevision();
      stream.bookmark(from - 1);
      int answers;
      synchronized (random) {
        answers = random.nextInt(40);
      }
      for (long r = from; r <= last && r < from + answers; r++) {
        if (r % 10 == 0) {
          // Nothing in the range at this revision.
          stream.bookmark(r);
        } else {
          stream.changes(version("a", r, r));
        }
      }
      if (from + answers <= last) {
        stream.breaks();
      }
    });
    SynclineClient client = client(voter(watches), voter(watches), voter(watches));

    client.watch(FROM_FIRST, told);

    await().atMost(SOON).until(() -> told.bookmarks.contains(last));
    assertThat(told.changed)
        .as("seed %d", seed)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, last).filter(r -> r % 10 != 0).boxed().toList());
  }

  @Test
  void aWatchThatBeganNowResumesAfterWhatItWasTold() {
    var watches = new FakeWatches(stream -> {
      if (stream.number() == 0) {
        stream.bookmark(40).breaks();
      } else {
        stream.bookmark(41).changes(version("a", 7, 41));
      }
    });
    SynclineClient client = client(voter(watches));

    client.watch(WatchQuery.of(TEAM), told);

    await().untilAsserted(() -> assertThat(told.changed).containsExactly(41L));
    assertThat(watches.streams().get(0).request().getStartRevision()).isZero();
    assertThat(watches.streams().get(1).request().getStartRevision()).isEqualTo(41);
  }

  @Test
  void neverGoesBackAtAVoterThatIsBehind() {
    var watches = new FakeWatches(stream -> {
      switch (stream.number()) {
        case 0 ->
          stream.bookmark(0).changes(version("a", 1, 1), version("a", 2, 2)).breaks();
        case 1 -> stream.bookmark(1).changes(version("a", 2, 2)).bookmark(1).breaks();
        default -> stream.bookmark(2).changes(version("a", 3, 3));
      }
    });
    SynclineClient client = client(voter(watches));

    client.watch(FROM_FIRST, told);

    await().untilAsserted(() -> assertThat(told.changed).containsExactly(1L, 2L, 3L));
    assertThat(told.bookmarks).containsExactly(2L);
    assertThat(watches.streams())
        .extracting(stream -> stream.request().getStartRevision())
        .containsExactly(1L, 3L, 3L);
  }

  @Test
  void aStreamThatAVoterEndsInGoodOrderIsResumed() {
    var watches = new FakeWatches(stream -> {
      stream.bookmark(0);
      if (stream.number() == 0) {
        stream.ends();
      }
    });
    SynclineClient client = client(voter(watches));

    client.watch(FROM_FIRST, told);

    await().untilAsserted(() -> assertThat(told.established).containsExactly(0L, 0L));
  }

  @Test
  void aStreamWithoutEvenABookmarkIsGivenUpForAnother() {
    var watches = new FakeWatches(stream -> stream.bookmark(0));
    SynclineClient client = client(voter(watches));

    client.watch(FROM_FIRST.withBookmarkInterval(WatchQuery.MIN_BOOKMARK_INTERVAL), told);

    await().until(() -> watches.streams().size() >= 2);
    assertThat(watches.streams().get(0).cancelled()).succeedsWithin(SOON);
  }

  @Test
  void bookmarksKeepAStreamThatHasNothingElseToTell() {
    var voterOfBookmarks = Executors.newSingleThreadScheduledExecutor();
    opened.add(voterOfBookmarks::shutdownNow);
    var talking = new FakeWatches(stream -> {
      var unused = voterOfBookmarks.scheduleWithFixedDelay(
          () -> stream.bookmark(0), 0, 20, TimeUnit.MILLISECONDS);
    });
    var silent = new FakeWatches(stream -> stream.bookmark(0));
    var query = FROM_FIRST.withBookmarkInterval(Duration.ofMillis(300));
    client(voter(talking)).watch(query, told);
    await().until(() -> talking.streams().size() == 1);

    // Its voter is given up twice: that many intervals pass for the other as well.
    client(voter(silent)).watch(query, new Recorder());
    await().until(() -> silent.streams().size() == 3);

    assertThat(talking.streams()).hasSize(1);
  }

  @Test
  void aSlowListenerIsNotTakenForASilentVoter() {
    var watches = new FakeWatches(stream -> stream.bookmark(0).changes(version("a", 1, 1)));
    var silent = new FakeWatches(stream -> stream.bookmark(0));
    var query = FROM_FIRST.withBookmarkInterval(WatchQuery.MIN_BOOKMARK_INTERVAL);
    var release = new CompletableFuture<Void>();
    client(voter(watches)).watch(query, (revision, events) -> release.join());
    await().until(() -> watches.streams().size() == 1);

    // Its voter is given up again and again: that much time passes while the listener is at work.
    client(voter(silent)).watch(query, told);
    await().until(() -> silent.streams().size() == 4);

    assertThat(watches.streams()).hasSize(1);
    release.complete(null);
  }

  @Test
  void endsWhenTheHistoryItNeedsIsCompacted() {
    SynclineClient client = client(voter(
        new FakeWatches(stream -> stream.refuses(Rejection.compacted("watch", new Revision(8))))));

    Watch watch = client.watch(FROM_FIRST, told);

    assertThat(watch.done())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(RejectedException.class, e -> {
          assertThat(e.rejection().reason()).isEqualTo(Reason.COMPACTED);
          assertThat(e.rejection().nearest()).isEqualTo(new Revision(8));
        });
  }

  @Test
  void endsWhenVotersDoNotServeWatches() {
    Watch watch = client(voter(new FakeConfig())).watch(FROM_FIRST, told);

    assertThat(watch.done())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnavailableException.class)
        .withMessageContaining("UNIMPLEMENTED");
  }

  @Test
  void endsWhenThereIsNoSuchNamespace() {
    Watch watch = watchOfUnknownNamespace(new FakeNamespaces(false));

    assertThat(watch.done())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(RejectedException.class);
  }

  @Test
  void goesOnWhenOnlyTheAskedVoterDoesNotKnowTheNamespaceYet() {
    watchOfUnknownNamespace(new FakeNamespaces(true));

    await().untilAsserted(() -> assertThat(told.established).containsExactly(4L));
  }

  private Watch watchOfUnknownNamespace(FakeNamespaces namespaces) {
    var watches = new FakeWatches(stream -> {
      if (stream.number() == 0) {
        stream.refuses(Rejection.namespaceNotFound("team"));
      } else {
        stream.bookmark(4);
      }
    });
    return client(voter(watches, namespaces)).watch(FROM_FIRST, told);
  }

  private static final class FakeNamespaces extends NamespaceServiceGrpc.NamespaceServiceImplBase {
    private final boolean exists;

    FakeNamespaces(boolean exists) {
      this.exists = exists;
    }

    @Override
    public void getNamespace(
        GetNamespaceRequest request, StreamObserver<NamespaceResponse> observer) {
      if (exists) {
        observer.onNext(
            NamespaceResponse.newBuilder().setNamespace(Answers.namespace()).build());
        observer.onCompleted();
      } else {
        observer.onError(StatusCodec.toStatus(Rejection.namespaceNotFound(request.getName())));
      }
    }
  }

  @Test
  void endsWithWhatTheListenerThrew() {
    var watches = new FakeWatches(stream -> stream.bookmark(0).changes(version("a", 1, 1)));
    var thrown = new IllegalStateException("the listener's own");

    Watch watch = client(voter(watches)).watch(FROM_FIRST, (revision, events) -> {
      throw thrown;
    });

    assertThat(watch.done()).failsWithin(SOON).withThrowableThat().havingCause().isSameAs(thrown);
    assertThat(watches.streams().get(0).cancelled()).succeedsWithin(SOON);
    assertThat(watch.delivered()).isEqualTo(Revision.ZERO);
  }

  @Test
  void closingEndsItNormallyAndTellsTheVoter() {
    var watches = new FakeWatches(stream -> stream.bookmark(0));
    Watch watch = client(voter(watches)).watch(FROM_FIRST, told);
    await().until(() -> told.established.size() == 1);

    watch.close();

    assertThat(watch.done()).isCompleted();
    assertThat(watches.streams().get(0).cancelled()).succeedsWithin(SOON);
  }

  @Test
  void closingTheClientEndsItsWatches() {
    var watches = new FakeWatches(stream -> stream.bookmark(0));
    SynclineClient client = client(voter(watches));
    Watch watch = client.watch(FROM_FIRST, told);

    client.close();

    assertThat(watch.done()).isCompleted();
  }
}
