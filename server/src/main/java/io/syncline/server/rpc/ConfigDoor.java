package io.syncline.server.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.OnConflict;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.ConfigServiceGrpc.ConfigServiceImplBase;
import io.syncline.proto.api.v1.DeleteRangeRequest;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.DiffRequest;
import io.syncline.proto.api.v1.DiffResponse;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.HistoryRequest;
import io.syncline.proto.api.v1.HistoryResponse;
import io.syncline.proto.api.v1.ListRequest;
import io.syncline.proto.api.v1.ListResponse;
import io.syncline.proto.api.v1.Precondition;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.WriteManyRequest;
import io.syncline.proto.api.v1.WriteManyResponse;
import io.syncline.proto.api.v1.WriteResponse;
import io.syncline.server.admission.Admission;
import io.syncline.server.read.ReadMeters.Kind;
import io.syncline.server.read.Reads;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** {@code syncline.api.v1.ConfigService}: decodes, calls one thing, encodes. */
final class ConfigDoor extends ConfigServiceImplBase implements AutoCloseable {
  /** Contents above this are hashed on a worker, not on the network's thread. */
  private static final int LARGE_CONTENT_BYTES = 64 << 10;

  private static final int DEFAULT_PAGE_SIZE = 1000;
  private static final int MAX_PAGE_SIZE = 10_000;
  private static final int DEFAULT_CONTEXT_LINES = 3;
  private static final int MAX_CONTEXT_LINES = 1000;

  private final Supplier<Serving> serving;
  private final Admission admission;
  private final Answers answers;
  private final Set<WriteStream> writeStreams = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ConfigDoor(Supplier<Serving> serving, Admission admission, Answers answers) {
    this.serving = serving;
    this.admission = admission;
    this.answers = answers;
  }

  @Override
  public void put(PutRequest request, StreamObserver<WriteResponse> caller) {
    var actor = ActorInterceptor.current();
    Supplier<CompletableFuture<WriteResponse>> put = () -> write(
        admission.put(request, actor),
        request.getPrecondition(),
        Admission.onConflict(
            request.hasOnConflict(), request.getOnConflict(), request.getPrecondition()));
    if (request.getContent().size() > LARGE_CONTENT_BYTES) {
      answers.answerSlowly(caller, put);
    } else {
      answers.answer(caller, put);
    }
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<WriteResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(
        caller,
        () -> write(
            admission.delete(request, actor),
            request.getPrecondition(),
            Admission.onConflict(
                request.hasOnConflict(), request.getOnConflict(), request.getPrecondition())));
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<WriteResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(caller, () -> write(admission.deleteRange(request, actor)));
  }

  @Override
  public void undelete(UndeleteRequest request, StreamObserver<WriteResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(caller, () -> write(admission.undelete(request, actor)));
  }

  @Override
  public void rollback(RollbackRequest request, StreamObserver<WriteResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(caller, () -> write(admission.rollback(request, actor)));
  }

  @Override
  public void transact(TransactRequest request, StreamObserver<WriteResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answerSlowly(caller, () -> write(admission.transact(request, actor)));
  }

  @Override
  public StreamObserver<WriteManyRequest> writeMany(StreamObserver<WriteManyResponse> caller) {
    var stream = new WriteStream(
        this,
        answers,
        (ServerCallStreamObserver<WriteManyResponse>) caller,
        this::afterOutcomes,
        WriteStream.MAX_UNANSWERED,
        writeStreams::remove);
    writeStreams.add(stream);
    stream.open();
    if (closed) {
      stream.end(Answers.stopping());
    }
    return stream;
  }

  private void afterOutcomes(Runnable task) {
    Serving now;
    try {
      now = serving.get();
    } catch (RejectedException e) {
      // nothing was proposed: what there is to tell are refusals
      task.run();
      return;
    }
    now.afterOutcomes(task);
  }

  /** Ends the streams of writes, which stay open as long as their callers like. */
  @Override
  public void close() {
    closed = true;
    writeStreams.forEach(stream -> stream.end(Answers.stopping()));
  }

  private CompletableFuture<WriteResponse> write(
      ProposedCommand command, Precondition precondition, Optional<OnConflict> onConflict) {
    if (precondition.getConditionCase() == Precondition.ConditionCase.CONDITION_NOT_SET) {
      return write(command);
    }
    Serving now = serving.get();
    return now.conflicts()
        .settler()
        .write(command, onConflict)
        .thenApply(committed -> response(now, committed));
  }

  private CompletableFuture<WriteResponse> write(ProposedCommand command) {
    Serving now = serving.get();
    return now.write(command).thenApply(committed -> response(now, committed));
  }

  private static WriteResponse response(Serving now, Outcome.Committed committed) {
    var response = WriteResponse.newBuilder()
        .setHeader(now.header(committed.revision()))
        .setChanged(committed.changed())
        .setComparesHeld(committed.comparesHeld())
        .setConflictId(committed.conflictId());
    committed.versions().forEach(version -> response.addVersions(ApiCodec.toProto(version)));
    return response.build();
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> caller) {
    long arrivedNanos = System.nanoTime();
    answers.answer(caller, () -> {
      NamespaceName namespace = Admission.namespace(request.getNamespace());
      Key key = Admission.key(request.getKey());
      ReadAt at = at(request);
      Consistency consistency = consistency(request.getConsistency());
      Serving now = serving.get();
      return now.freshness().await(consistency).thenApply(ready -> {
        try {
          Reads.Found found = now.reads().get(namespace, key, at);
          return GetResponse.newBuilder()
              .setHeader(now.header(found.revision()))
              .setVersion(ApiCodec.toProto(found.version()))
              .build();
        } finally {
          // that there is no such key is an answer, too
          now.readMeters().answeredGet(consistency, arrivedNanos);
        }
      });
    });
  }

  private static ReadAt at(GetRequest request) {
    return switch (request.getAtCase()) {
      case VERSION -> new ReadAt.AtVersion(Admission.version("version", request.getVersion()));
      case REVISION -> new ReadAt.AtRevision(revision(request.getRevision()));
      case TIME_MS -> new ReadAt.AtTime(Instant.ofEpochMilli(request.getTimeMs()));
      case AT_NOT_SET -> ReadAt.NOW;
    };
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> caller) {
    answers.answerSlowly(caller, () -> {
      PageToken token = PageToken.parse(request.getPageToken());
      KeyRange keys = ApiCodec.toDomain(request.getRange());
      var range = new Reads.Range(
          Admission.namespace(request.getNamespace()),
          keys,
          token == null ? at(request) : new ReadAt.AtRevision(token.revision()),
          pageSize(request.getPageSize()),
          request.getWithContent(),
          request.getWithDeleted());
      Serving now = serving.get();
      // a later page waits only for the revision of the first
      Consistency consistency = token == null
          ? consistency(request.getConsistency())
          : new Consistency.AtLeast(token.revision());
      return answers.slowlyAfter(
          now.freshness().await(consistency),
          counted(
              now,
              Kind.LIST,
              consistency,
              () -> list(now, range, token == null ? keys.from() : token.from())));
    });
  }

  private static ListResponse list(Serving now, Reads.Range range, ByteString from) {
    Reads.Page page = now.reads().list(range, from);
    var response = ListResponse.newBuilder().setHeader(now.header(page.revision()));
    page.versions().forEach(version -> response.addVersions(ApiCodec.toProto(version)));
    ByteString next = page.next();
    if (next != null) {
      response.setNextPageToken(new PageToken(page.revision(), next).encode());
    }
    return response.build();
  }

  private static ReadAt at(ListRequest request) {
    return switch (request.getAtCase()) {
      case REVISION -> new ReadAt.AtRevision(revision(request.getRevision()));
      case TIME_MS -> new ReadAt.AtTime(Instant.ofEpochMilli(request.getTimeMs()));
      case AT_NOT_SET -> ReadAt.NOW;
    };
  }

  @Override
  public void history(HistoryRequest request, StreamObserver<HistoryResponse> caller) {
    answers.answerSlowly(caller, () -> {
      NamespaceName namespace = Admission.namespace(request.getNamespace());
      Key key = Admission.key(request.getKey());
      PageToken token = PageToken.parse(request.getPageToken());
      Version from = token == null ? null : token.version();
      Consistency consistency = consistency(request.getConsistency());
      Serving now = serving.get();
      return answers.slowlyAfter(
          now.freshness().await(consistency),
          counted(
              now,
              Kind.HISTORY,
              consistency,
              () -> response(
                  now,
                  now.reads()
                      .history(
                          namespace,
                          key,
                          from,
                          request.getNewestFirst(),
                          pageSize(request.getPageSize()),
                          request.getWithContent()))));
    });
  }

  private static HistoryResponse response(Serving now, Reads.History history) {
    var response = HistoryResponse.newBuilder()
        .setHeader(now.header(history.revision()))
        .setTruncated(history.truncated());
    history.versions().forEach(version -> response.addVersions(ApiCodec.toProto(version)));
    Version next = history.next();
    if (next != null) {
      response.setNextPageToken(PageToken.of(history.revision(), next).encode());
    }
    return response.build();
  }

  @Override
  public void diff(DiffRequest request, StreamObserver<DiffResponse> caller) {
    answers.answerSlowly(caller, () -> {
      NamespaceName namespace = Admission.namespace(request.getNamespace());
      Key key = Admission.key(request.getKey());
      Version from = Admission.version("from_version", request.getFromVersion());
      Version to = request.getToVersion() == 0
          ? Version.NONE
          : Admission.version("to_version", request.getToVersion());
      int context = contextLines(request.getContextLines());
      Consistency consistency = consistency(request.getConsistency());
      Serving now = serving.get();
      return answers.slowlyAfter(
          now.freshness().await(consistency),
          counted(
              now,
              Kind.DIFF,
              consistency,
              () -> response(now, now.reads().diff(namespace, key, from, to, context))));
    });
  }

  private static DiffResponse response(Serving now, Reads.Difference difference) {
    return DiffResponse.newBuilder()
        .setHeader(now.header(difference.revision()))
        .setFrom(ApiCodec.toProto(difference.from().withoutContent()))
        .setTo(ApiCodec.toProto(difference.to().withoutContent()))
        .setContentDiffers(difference.diff().differs())
        .setUnifiedDiff(difference.diff().unified())
        .setBinary(difference.diff().binary())
        .build();
  }

  private static <T> Supplier<T> counted(
      Serving now, Kind kind, Consistency consistency, Supplier<T> reading) {
    return () -> {
      try {
        return reading.get();
      } finally {
        now.readMeters().answered(kind, consistency);
      }
    };
  }

  static Consistency consistency(io.syncline.proto.api.v1.Consistency proto) {
    try {
      return ApiCodec.toDomain(proto);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  static Revision revision(long number) {
    if (number < 0) {
      throw refused("revision: " + Long.toUnsignedString(number) + " (expected: less than 2^63)");
    }
    return Revision.of(number);
  }

  private static int pageSize(int given) {
    if (given < 0 || given > MAX_PAGE_SIZE) {
      throw refused("page_size: "
          + Integer.toUnsignedString(given)
          + " (expected: at most "
          + MAX_PAGE_SIZE
          + ")");
    }
    return given == 0 ? DEFAULT_PAGE_SIZE : given;
  }

  private static int contextLines(int given) {
    if (given < 0 || given > MAX_CONTEXT_LINES) {
      throw refused("context_lines: "
          + Integer.toUnsignedString(given)
          + " (expected: at most "
          + MAX_CONTEXT_LINES
          + ")");
    }
    return given == 0 ? DEFAULT_CONTEXT_LINES : given;
  }

  private static RejectedException refused(String message) {
    return new RejectedException(Rejection.badArgument(message));
  }
}
