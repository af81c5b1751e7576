package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.EtcdCodec;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyRange;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest.FilterType;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.feed.WatchBatch;
import io.syncline.server.feed.WatchQuery;
import io.syncline.server.feed.WatchQuery.Previous;
import io.syncline.server.feed.WatchQuery.Shown;
import io.syncline.server.feed.Watcher;
import io.syncline.server.feed.Watches;
import io.syncline.server.rpc.Serving;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of watches.
 *
 * <p>Its requests are carried out one after the other, and no further one is read while the client does
 * not take what it was sent. The voter's watches send from their own threads, under their locks; all that
 * is sent goes through this object's lock, and under that one nothing else is called that locks. A call
 * that comes from within this process may answer a message before it is sent: what it asks for is then
 * done by another thread.
 */
final class WatchStream implements StreamObserver<WatchRequest> {
  /** Together on one stream. */
  static final int MAX_WATCHES = 5_000;

  /** Requests for progress that wait; one more is answered together with the last. */
  private static final int MAX_PROGRESS_REQUESTS = 64;

  /** Of a watch that was not created, and of what is said of all watches of the stream. */
  private static final long NO_WATCH = -1;

  private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[1]);
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final WatchService service;
  private final ServerCallStreamObserver<WatchResponse> call;
  private final Caller caller;
  private final WatchCall settings;

  private final Map<Long, StreamedWatch> watches = new HashMap<>();
  private final ArrayDeque<Revision> progressAsked = new ArrayDeque<>();
  private volatile boolean progressWaits;
  private long nextId;
  private boolean wantsRequest;
  private boolean ended;

  WatchStream(
      WatchService service,
      ServerCallStreamObserver<WatchResponse> call,
      Caller caller,
      WatchCall settings) {
    this.service = service;
    this.call = call;
    this.caller = caller;
    this.settings = settings;
  }

  void begin() {
    call.disableAutoRequest();
    call.setOnReadyHandler(() -> unlocked(this::onReady));
    call.setOnCancelHandler(() -> unlocked(this::cancelAll));
    call.request(1);
  }

  private void unlocked(Runnable task) {
    if (Thread.holdsLock(this)) {
      serving().watches().execute(task);
    } else {
      task.run();
    }
  }

  @Override
  public void onNext(WatchRequest request) {
    unlocked(() -> answer(request));
  }

  private void answer(WatchRequest request) {
    CompletableFuture<Void> done;
    try {
      done = carryOut(request);
    } catch (RuntimeException | Error e) {
      fail(e);
      return;
    }
    var unused = done.whenComplete((carriedOut, error) -> {
      if (error != null) {
        fail(error);
      } else {
        requestNext(true);
      }
    });
  }

  private CompletableFuture<Void> carryOut(WatchRequest request) {
    switch (request.getRequestUnionCase()) {
      case CREATE_REQUEST -> {
        return create(request.getCreateRequest());
      }
      case CANCEL_REQUEST -> cancel(request.getCancelRequest().getWatchId());
      case PROGRESS_REQUEST -> askForProgress();
      case REQUESTUNION_NOT_SET -> {}
    }
    return CompletableFuture.completedFuture(null);
  }

  /** A client that asks for nothing more still is told. */
  @Override
  public void onCompleted() {}

  @Override
  public void onError(Throwable error) {
    unlocked(this::cancelAll);
  }

  private void onReady() {
    requestNext(false);
    for (StreamedWatch watch : snapshot()) {
      resume(watch);
    }
  }

  private void requestNext(boolean done) {
    synchronized (this) {
      wantsRequest |= done;
      if (!wantsRequest || ended || !call.isReady()) {
        return;
      }
      wantsRequest = false;
    }
    call.request(1);
  }

  private CompletableFuture<Void> create(WatchCreateRequest request) {
    ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
    KeyRange range = EtcdCodec.range(key, request.getRangeEnd());
    try {
      service.access().requireRead(caller, range);
    } catch (RejectedException e) {
      refuse(inWordsOfEtcd(e.rejection()));
      return CompletableFuture.completedFuture(null);
    }
    if (range.isEmpty()) {
      refuse("mvcc: watcher range is empty");
      return CompletableFuture.completedFuture(null);
    }
    return service
        .founded(key, request.getRangeEnd(), settings)
        .thenCompose(founded -> begin(request, range))
        .exceptionallyCompose(this::refuseUnlessItPasses);
  }

  private CompletableFuture<Void> begin(WatchCreateRequest request, KeyRange range) {
    Revision newest = serving().reads().revision();
    boolean fromNow = request.getStartRevision() <= 0;
    Revision start = fromNow ? newest.next() : Revision.of(request.getStartRevision());
    WatchQuery query = query(request, range, start);
    StreamedWatch watch = claim(request, start.previous());
    if (watch == null) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> now = CompletableFuture.completedFuture(null);
    // whether its history is kept may take long to find out
    CompletableFuture<Boolean> begun = start.isAfter(newest)
        ? now.thenApply(ready -> begin(watch, query))
        : service.answers().onWorkersAfter(now, () -> begin(watch, query));
    return begun.whenComplete((done, error) -> forgetUnlessBegun(watch)).thenApply(done -> null);
  }

  private WatchQuery query(WatchCreateRequest request, KeyRange range, Revision start) {
    return new WatchQuery(
        service.keyspace().name(),
        range,
        start,
        new Shown(
            true,
            request.getPrevKv() ? Previous.WHOLE : Previous.NONE,
            !request.getFiltersList().contains(FilterType.NOPUT),
            !request.getFiltersList().contains(FilterType.NODELETE)),
        request.getProgressNotify() ? settings.progressInterval() : NEVER,
        true);
  }

  /** Null if it was refused. */
  private @Nullable StreamedWatch claim(WatchCreateRequest request, Revision reached) {
    synchronized (this) {
      boolean taken = request.getWatchId() != 0 && watches.containsKey(request.getWatchId());
      if (!taken && watches.size() < MAX_WATCHES) {
        long id = request.getWatchId() == 0 ? freeId() : request.getWatchId();
        var watch =
            new StreamedWatch(this, id, request.getFragment(), settings.repeatsProgress(), reached);
        watches.put(id, watch);
        return watch;
      }
      if (taken) {
        refuse("mvcc: duplicate watch ID provided on the WatchStream");
        return null;
      }
    }
    refuse(
        inWordsOfEtcd(Rejection.tooMany("watches of one stream", MAX_WATCHES + 1L, MAX_WATCHES)));
    return null;
  }

  private long freeId() {
    while (watches.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  private boolean begin(StreamedWatch watch, WatchQuery query) {
    Watches all = serving().watches();
    try {
      Watcher watcher = all.watch(query, watch);
      watch.begun(watcher);
      if (isOver()) {
        all.cancel(watcher);
      }
      all.onReady(watcher);
      return true;
    } catch (RejectedException e) {
      if (e.rejection().reason() != Reason.COMPACTED) {
        throw e;
      }
      // as with etcd: it comes to be, and ends
      sendCreated(watch, happened(query.start().previous()));
      sendCompacted(watch, e.rejection());
      return false;
    }
  }

  private synchronized boolean isOver() {
    return ended || call.isCancelled();
  }

  private void forgetUnlessBegun(StreamedWatch watch) {
    if (watch.watcher() == null && !watch.isCompacted()) {
      forget(watch);
    }
  }

  private synchronized void forget(StreamedWatch watch) {
    watches.remove(watch.id(), watch);
  }

  private void resume(StreamedWatch watch) {
    Watcher watcher = watch.watcher();
    if (watcher != null) {
      serving().watches().onReady(watcher);
    }
  }

  private void cancel(long id) {
    StreamedWatch watch;
    synchronized (this) {
      watch = watches.remove(id);
    }
    if (watch != null) {
      cancel(watch);
      send(WatchResponse.newBuilder()
          .setHeader(service.keyspace().header(happened(watch.reached())))
          .setWatchId(id)
          .setCanceled(true));
      onProgress();
    }
  }

  private void cancel(StreamedWatch watch) {
    Watcher watcher = watch.watcher();
    if (watcher != null) {
      serving().watches().cancel(watcher);
    }
  }

  private void cancelAll() {
    List<StreamedWatch> all;
    synchronized (this) {
      ended = true;
      all = List.copyOf(watches.values());
      watches.clear();
    }
    all.forEach(this::cancel);
  }

  private synchronized List<StreamedWatch> snapshot() {
    return List.copyOf(watches.values());
  }

  private void askForProgress() {
    Revision newest = serving().reads().revision();
    synchronized (this) {
      if (progressAsked.size() >= MAX_PROGRESS_REQUESTS) {
        progressAsked.removeLast();
      }
      progressAsked.add(newest);
      progressWaits = true;
    }
    onProgress();
  }

  /** Answers who asked for progress, as soon as every watch of the stream has come as far. */
  void onProgress() {
    if (progressWaits) {
      answerProgress();
    }
  }

  private synchronized void answerProgress() {
    Revision least = watches.values().stream()
        .filter(watch -> !watch.isCompacted())
        .map(StreamedWatch::reached)
        .min(Revision::compareTo)
        .orElse(new Revision(Long.MAX_VALUE));
    while (!progressAsked.isEmpty() && !progressAsked.element().isAfter(least)) {
      send(WatchResponse.newBuilder()
          .setHeader(service.keyspace().header(progressAsked.remove()))
          .setWatchId(NO_WATCH));
    }
    progressWaits = !progressAsked.isEmpty();
  }

  boolean isReady() {
    return call.isReady() && !call.isCancelled();
  }

  /**
   * @param reached the revision before the first that the watch is told of. The client may resume after
   *     it: so the header names no later one, where etcd names its newest
   */
  void sendCreated(StreamedWatch watch, Revision reached) {
    send(WatchResponse.newBuilder()
        .setHeader(service.keyspace().header(reached))
        .setWatchId(watch.id())
        .setCreated(true));
  }

  void sendProgress(StreamedWatch watch, Revision reached) {
    send(WatchResponse.newBuilder()
        .setHeader(service.keyspace().header(reached))
        .setWatchId(watch.id()));
  }

  void send(StreamedWatch watch, WatchBatch batch, boolean fragments) {
    List<WatchResponse> responses = batch.rendered(
        fragments ? Form.FRAGMENTS : Form.WHOLE,
        b -> WatchResponses.of(b, service.keyspace()::header, fragments));
    for (WatchResponse response : responses) {
      send(response.toBuilder().setWatchId(watch.id()));
    }
  }

  private enum Form {
    WHOLE,
    FRAGMENTS
  }

  /** As with etcd, the header of this one has no revision: there is none to go on from. */
  void sendCompacted(StreamedWatch watch, Rejection why) {
    Revision nearest = why.nearest();
    watch.compacted();
    send(WatchResponse.newBuilder()
        .setHeader(service.keyspace().header(Revision.ZERO))
        .setWatchId(watch.id())
        .setCanceled(true)
        .setCompactRevision(nearest == null ? 0 : nearest.value()));
    onProgress();
  }

  /**
   * What passes, such as that nobody leads, ends the stream: clients open another one, but never ask again
   * for a watch that was refused, and some give up when they hear of no leader.
   */
  private CompletableFuture<Void> refuseUnlessItPasses(Throwable error) {
    StatusRuntimeException refusal = service.answers().toStatus(error);
    if (EtcdStatus.passes(refusal)) {
      return CompletableFuture.failedFuture(EtcdStatus.of(EtcdError.TIMEOUT));
    }
    refuse(inWordsOfEtcd(refusal.getStatus()));
    return CompletableFuture.completedFuture(null);
  }

  private void refuse(String reason) {
    send(WatchResponse.newBuilder()
        .setHeader(service.keyspace().header())
        .setWatchId(NO_WATCH)
        .setCreated(true)
        .setCanceled(true)
        .setCancelReason(reason));
  }

  private static String inWordsOfEtcd(Rejection rejection) {
    return inWordsOfEtcd(EtcdStatus.of(rejection).getStatus());
  }

  /** As Go prints a status: clients take it apart again. */
  private static String inWordsOfEtcd(Status status) {
    var code = new StringBuilder();
    for (String word : status.getCode().name().split("_", -1)) {
      code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return "rpc error: code = " + code + " desc = " + status.getDescription();
  }

  private synchronized void send(WatchResponse.Builder response) {
    if (!ended && !call.isCancelled()) {
      call.onNext(response.build());
    }
  }

  /** Ends the stream, where the voter's watches all end. */
  void end(Rejection why) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    service.answers().fail(call, new RejectedException(why));
  }

  private void fail(Throwable error) {
    boolean first = !isOver();
    cancelAll();
    if (first) {
      service.answers().fail(call, error);
    }
  }

  private Serving serving() {
    return service.keyspace().serving();
  }

  /** A watch that waits for the future has not reached what has not happened. */
  Revision happened(Revision reached) {
    return Revision.min(reached, serving().reads().revision());
  }
}
