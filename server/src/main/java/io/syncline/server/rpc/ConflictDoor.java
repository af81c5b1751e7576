package io.syncline.server.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ConflictCodec;
import io.syncline.conflict.Strategy;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.model.Consistency;
import io.syncline.model.NamespaceName;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.ConflictServiceGrpc.ConflictServiceImplBase;
import io.syncline.proto.api.v1.GetConflictRequest;
import io.syncline.proto.api.v1.GetConflictResponse;
import io.syncline.proto.api.v1.ListConflictsRequest;
import io.syncline.proto.api.v1.ListConflictsResponse;
import io.syncline.proto.api.v1.ReportCopyRequest;
import io.syncline.proto.api.v1.ReportCopyResponse;
import io.syncline.proto.api.v1.ResolveConflictRequest;
import io.syncline.proto.api.v1.ResolveConflictResponse;
import io.syncline.proto.api.v1.WatchConflictsRequest;
import io.syncline.proto.api.v1.WatchConflictsResponse;
import io.syncline.server.admission.Admission;
import io.syncline.server.conflict.ConflictReads;
import io.syncline.server.conflict.ConflictReads.Filter;
import io.syncline.server.conflict.ConflictWatches;
import io.syncline.server.conflict.Conflicts;
import io.syncline.server.conflict.Settler.Resolving;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code syncline.api.v1.ConflictService}. */
final class ConflictDoor extends ConflictServiceImplBase {
  private static final int DEFAULT_PAGE_SIZE = 100;
  private static final int MAX_PAGE_SIZE = 1000;
  private static final int MAX_WATCHES = 1000;

  private final Supplier<Serving> serving;
  private final Admission admission;
  private final Answers answers;
  private final Clock clock;

  ConflictDoor(Supplier<Serving> serving, Admission admission, Answers answers, Clock clock) {
    this.serving = serving;
    this.admission = admission;
    this.answers = answers;
    this.clock = clock;
  }

  @Override
  public void listConflicts(
      ListConflictsRequest request, StreamObserver<ListConflictsResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Filter filter = filter(request);
      long from = pageToken(request.getPageToken());
      int size = pageSize(request.getPageSize());
      Serving now = serving.get();
      Conflicts conflicts = now.conflicts();
      return answers.slowlyAfter(now.freshness().await(Consistency.LINEARIZABLE), () -> {
        ConflictReads.Page page = conflicts.reads().list(filter, from, size, clock.instant());
        var response = ListConflictsResponse.newBuilder()
            .setHeader(now.header(now.reads().revision()))
            .setNextPageToken(page.next() == 0 ? "" : Long.toString(page.next()));
        page.conflicts()
            .forEach(conflict -> response.addConflicts(ConflictCodec.toProto(conflict)));
        return response.build();
      });
    });
  }

  private static Filter filter(ListConflictsRequest request) {
    return new Filter(
        request.getNamespace().isEmpty()
            ? Optional.empty()
            : Optional.of(Admission.namespace(request.getNamespace())),
        request.getKey().isEmpty()
            ? Optional.empty()
            : Optional.of(Admission.key(request.getKey())),
        request.getTypeValue() == 0
            ? Optional.empty()
            : Optional.of(checked(() -> ConflictType.ofNumber(request.getTypeValue()))),
        request.getStateValue() == 0
            ? Optional.empty()
            : Optional.of(checked(() -> Conflict.State.ofNumber(request.getStateValue()))),
        request.getNode().isEmpty() ? Optional.empty() : Optional.of(request.getNode()),
        age("min_age_ms", request.getMinAgeMs()),
        age("max_age_ms", request.getMaxAgeMs()));
  }

  private static Duration age(String field, long millis) {
    if (millis < 0) {
      throw refused(field + ": " + Long.toUnsignedString(millis) + " (expected: less than 2^63)");
    }
    return Duration.ofMillis(millis);
  }

  private static long pageToken(String token) {
    if (token.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return checked(() -> {
      long id = Long.parseLong(token);
      if (id <= 0) {
        throw new IllegalArgumentException("page_token: \"" + token + "\" (expected: as given)");
      }
      return id;
    });
  }

  private static int pageSize(int given) {
    if (given < 0 || given > MAX_PAGE_SIZE) {
      throw refused("page_size: " + Integer.toUnsignedString(given) + " (expected: at most "
          + MAX_PAGE_SIZE + ")");
    }
    return given == 0 ? DEFAULT_PAGE_SIZE : given;
  }

  @Override
  public void getConflict(GetConflictRequest request, StreamObserver<GetConflictResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Serving now = serving.get();
      Conflicts conflicts = now.conflicts();
      return answers.slowlyAfter(now.freshness().await(Consistency.LINEARIZABLE), () -> {
        ConflictReads.Found found = conflicts.reads().get(request.getId());
        return GetConflictResponse.newBuilder()
            .setHeader(now.header(now.reads().revision()))
            .setConflict(ConflictCodec.toProto(found.conflict()))
            .setContents(ConflictCodec.toProto(found.contents()))
            .build();
      });
    });
  }

  @Override
  public void resolveConflict(
      ResolveConflictRequest request, StreamObserver<ResolveConflictResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answerSlowly(caller, () -> {
      Serving now = serving.get();
      Conflicts conflicts = now.conflicts();
      ProposedCommand context =
          admission.context(request.getContext(), actor, new Command.Barrier());
      return conflicts.settler().resolve(context, resolving(request)).thenApply(committed -> {
        ConflictReads.Found found = conflicts.reads().get(request.getId());
        return ResolveConflictResponse.newBuilder()
            .setHeader(now.header(committed.revision()))
            .setConflict(ConflictCodec.toProto(found.conflict()))
            .build();
      });
    });
  }

  private Resolving resolving(ResolveConflictRequest request) {
    Optional<Version> at = request.getAtVersion() == 0
        ? Optional.empty()
        : Optional.of(Admission.version("at_version", request.getAtVersion()));
    return switch (request.getResolutionCase()) {
      case STRATEGY -> {
        Strategy strategy = checked(() -> Strategy.parse(request.getStrategy()));
        if (strategy.equals(Strategy.MANUAL)) {
          throw refused("strategy: manual leaves it open, as it is (expected: a content, or"
              + " accept-source, accept-target, merge, reject or custom:NAME)");
        }
        yield new Resolving(request.getId(), Optional.of(strategy), ByteString.EMPTY, "", at);
      }
      case CONTENT -> {
        Command.Content content = admission.content(request.getContent(), request.getContentType());
        yield new Resolving(
            request.getId(), Optional.empty(), content.bytes(), content.contentType(), at);
      }
      case RESOLUTION_NOT_SET ->
        throw refused("resolution: none (expected: a strategy or a content)");
    };
  }

  @Override
  public void watchConflicts(
      WatchConflictsRequest request, StreamObserver<WatchConflictsResponse> caller) {
    try {
      Optional<NamespaceName> only = request.getNamespace().isEmpty()
          ? Optional.empty()
          : Optional.of(Admission.namespace(request.getNamespace()));
      Conflicts conflicts = serving.get().conflicts();
      if (conflicts.watches().count() >= MAX_WATCHES) {
        throw new RejectedException(Rejection.tooMany(
            "watches of conflicts", conflicts.watches().count() + 1L, MAX_WATCHES));
      }
      var observer = (ServerCallStreamObserver<WatchConflictsResponse>) caller;
      var watcher = new Watcher(conflicts, only, observer);
      observer.setOnCancelHandler(watcher::leave);
      watcher.begin();
    } catch (RuntimeException e) {
      answers.fail(caller, e);
    }
  }

  /** Hands on what it is told of; one who takes nothing for long is let go. */
  private final class Watcher implements ConflictWatches.Watcher {
    /** gRPC queues what the connection does not take. */
    private static final int MOST_WAITING = 1000;

    private final Conflicts conflicts;
    private final Optional<NamespaceName> only;
    private final ServerCallStreamObserver<WatchConflictsResponse> caller;
    private int waiting;

    Watcher(
        Conflicts conflicts,
        Optional<NamespaceName> only,
        ServerCallStreamObserver<WatchConflictsResponse> caller) {
      this.conflicts = conflicts;
      this.only = only;
      this.caller = caller;
    }

    /** Nothing comes before the first message, and nothing is missed after it. */
    synchronized void begin() {
      conflicts.watches().add(this);
      caller.onNext(WatchConflictsResponse.getDefaultInstance());
    }

    @Override
    public synchronized void onGap() {
      answers.fail(
          caller,
          new RejectedException(
              Rejection.of(
                  Rejection.Reason.NOT_READY,
                  "this voter took over a newer state as a whole; list what there is, and watch again")));
    }

    @Override
    public synchronized void onConflict(Conflict conflict) {
      if (!only.map(conflict.namespace()::equals).orElse(true)) {
        return;
      }
      waiting = caller.isReady() ? 0 : waiting + 1;
      if (waiting > MOST_WAITING) {
        leave();
        answers.fail(
            caller,
            new RejectedException(
                Rejection.tooMany("conflicts not taken yet", waiting, MOST_WAITING)));
        return;
      }
      try {
        caller.onNext(WatchConflictsResponse.newBuilder()
            .setConflict(ConflictCodec.toProto(conflict))
            .build());
      } catch (RuntimeException e) {
        leave();
      }
    }

    void leave() {
      conflicts.watches().remove(this);
    }
  }

  @Override
  public void reportCopy(ReportCopyRequest request, StreamObserver<ReportCopyResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answerSlowly(caller, () -> {
      if (request.getNode().isEmpty()) {
        throw refused("node: empty (expected: the follower's id)");
      }
      Command.Content content = admission.content(request.getContent(), request.getContentType());
      Checksum stated = request.hasContent()
          ? checked(() -> new Checksum(request.getChecksum()))
          : content.checksum();
      var copy = new ConfigVersion(
          Admission.namespace(request.getNamespace()),
          Admission.key(request.getKey()),
          Admission.version("version", request.getVersion()),
          checked(() -> new Revision(request.getRevision())),
          content.bytes(),
          content.contentType(),
          content.checksum(),
          content.bytes().size(),
          Instant.EPOCH,
          actor,
          "",
          null,
          !request.hasContent(),
          Admission.version("version", request.getVersion()),
          checked(() -> new Revision(request.getRevision())),
          null);
      return serving
          .get()
          .conflicts()
          .settler()
          .report(request.getNode(), copy, !stated.equals(content.checksum()))
          .thenApply(id -> ReportCopyResponse.newBuilder().setConflictId(id).build());
    });
  }

  private static <T> T checked(Supplier<T> decoding) {
    try {
      return decoding.get();
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static RejectedException refused(String message) {
    return new RejectedException(Rejection.badArgument(message));
  }
}
