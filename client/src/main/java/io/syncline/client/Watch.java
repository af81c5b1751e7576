package io.syncline.client;

import io.syncline.client.Failure.Kind;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.Namespace;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.WatchRequest;
import io.syncline.proto.api.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a {@link WatchListener} of changes until it is closed, without gap or repetition.
 *
 * <p>A stream that breaks, or on which not even a bookmark arrives for three bookmark intervals, is
 * resumed at the next voter where it left off, however long that takes; the time between attempts
 * grows to half a second. Only what no voter could serve ends a watch: history that was compacted
 * away, a namespace that does not exist, and what the listener throws.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final WatchQuery query;
  private final WatchListener listener;
  private final Route route;
  private final Connections connections;
  private final Supplier<CompletableFuture<Namespace>> namespace;
  private final Consumer<Watch> onEnd;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /** The first revision not yet told of; zero while the watch is to begin now and has not. */
  private volatile Revision next;

  private int failures;
  private @Nullable WatchStream stream;

  /**
   * @param namespace asks, linearizably, for the watched namespace
   */
  Watch(
      WatchQuery query,
      WatchListener listener,
      Route route,
      Connections connections,
      Supplier<CompletableFuture<Namespace>> namespace,
      Consumer<Watch> onEnd) {
    this.query = query;
    this.listener = listener;
    this.route = route;
    this.connections = connections;
    this.namespace = namespace;
    this.onEnd = onEnd;
    this.next = query.startRevision();
  }

  /** Everything in the range up to and including this revision, from the start on, has been told. */
  public Revision delivered() {
    return next.previous();
  }

  /**
   * Completes normally when the watch was closed, exceptionally when it ended otherwise: with a {@link
   * RejectedException}, for example {@code COMPACTED}, an {@link UnavailableException}, or what the
   * listener threw.
   */
  public CompletableFuture<Void> done() {
    return done.copy();
  }

  /** Ends the watch. A call of the listener that is under way still finishes; no other begins. */
  @Override
  public void close() {
    end(null);
    cancelStream();
  }

  private void end(@Nullable Throwable error) {
    boolean first = error == null ? done.complete(null) : done.completeExceptionally(error);
    if (first) {
      onEnd.accept(this);
    }
  }

  private synchronized void cancelStream() {
    if (stream != null) {
      stream.cancel();
    }
  }

  synchronized void open() {
    if (done.isDone()) {
      return;
    }
    Endpoint voter = route.current();
    try {
      stream = new WatchStream(this, voter, connections, query.bookmarkInterval());
      stream.start(request());
    } catch (IllegalArgumentException e) {
      broken(voter, Failure.unreachable(e));
    }
  }

  private WatchRequest request() {
    return WatchRequest.newBuilder()
        .setNamespace(query.namespace().value())
        .setRange(ApiCodec.toProto(query.range()))
        .setStartRevision(next.value())
        .setWithContent(query.withContent())
        .setWithPrevious(query.withPrevious())
        .setBookmarkIntervalMs(Math.toIntExact(query.bookmarkInterval().toMillis()))
        .build();
  }

  /** The first answer of a stream. Called by one stream at a time, as are those below. */
  void established(WatchResponse response) {
    Revision reached = Revision.of(response.getHeader().getRevision());
    if (!done.isDone()) {
      listener.onEstablished(reached);
    }
    changes(response);
    if (next.equals(Revision.ZERO)) {
      // Only a watch that begins now learns from it where it stands.
      reached(reached);
    }
  }

  /** Every further answer. */
  void continued(WatchResponse response) {
    // Not at the first answer: a voter that breaks each stream after it would be asked without
    // pause.
    failures = 0;
    changes(response);
    reached(Revision.of(response.getHeader().getRevision()));
    if (response.getEventsCount() == 0 && !done.isDone()) {
      listener.onBookmark(delivered());
    }
  }

  private void changes(WatchResponse response) {
    List<WatchEvent> ofOneRevision = new ArrayList<>();
    for (var proto : response.getEventsList()) {
      WatchEvent event = WatchEvents.toDomain(proto);
      if (!ofOneRevision.isEmpty()
          && !ofOneRevision.get(0).version().revision().equals(event.version().revision())) {
        changes(ofOneRevision);
        ofOneRevision = new ArrayList<>();
      }
      ofOneRevision.add(event);
    }
    if (!ofOneRevision.isEmpty()) {
      changes(ofOneRevision);
    }
  }

  private void changes(List<WatchEvent> ofOneRevision) {
    Revision revision = ofOneRevision.get(0).version().revision();
    if (!revision.isBefore(next) && !done.isDone()) {
      listener.onChanges(revision, List.copyOf(ofOneRevision));
      reached(revision);
    }
  }

  /** Never goes back: a watch may resume at a voter that is behind, or begin in the future. */
  private void reached(Revision revision) {
    next = Revision.max(next, revision.next());
  }

  /** The stream ended, and no other has begun. */
  void broken(Endpoint voter, Failure failure) {
    Rejection rejection = failure.rejection();
    if (rejection != null && rejection.reason() == Reason.NAMESPACE_NOT_FOUND) {
      resumeIfNamespaceExists(voter, failure);
    } else if (rejection != null
        && (failure.kind() == Kind.DECIDED || failure.kind() == Kind.REFUSED)) {
      end(new RejectedException(rejection));
    } else if (failure.kind() == Kind.LASTING) {
      end(new UnavailableException("watch: " + voter + ": " + failure.describe(), failure.error()));
    } else {
      resumeLater(voter, failure);
    }
  }

  /** A voter that is behind does not know a namespace that was created just before the watch. */
  private void resumeIfNamespaceExists(Endpoint voter, Failure failure) {
    if (connections.closed()) {
      end(null);
      return;
    }
    var unused = namespace.get().whenComplete((found, error) -> {
      if (error instanceof RejectedException rejected
          && rejected.rejection().reason() == Reason.NAMESPACE_NOT_FOUND) {
        end(rejected);
      } else {
        resumeLater(voter, failure);
      }
    });
  }

  private void resumeLater(Endpoint voter, Failure failure) {
    failures++;
    if (failures == 1 && !done.isDone()) {
      LOG.atInfo()
          .addKeyValue("namespace", query.namespace())
          .addKeyValue("voter", voter)
          .addKeyValue("next_revision", next)
          .addKeyValue("cause", failure.describe())
          .log("watch interrupted, resuming at another voter");
    }
    route.failed(voter);
    if (!connections.schedule(this::open, connections.backoff().delay(failures))) {
      end(null);
    }
  }

  /** The listener failed, or an answer was not understood. */
  void failed(Throwable error) {
    end(error);
  }
}
