package io.syncline.client;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.syncline.codec.ApiCodec;
import io.syncline.codec.ConflictCodec;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.ConflictServiceGrpc;
import io.syncline.proto.api.v1.GetConflictRequest;
import io.syncline.proto.api.v1.ListConflictsRequest;
import io.syncline.proto.api.v1.ListConflictsResponse;
import io.syncline.proto.api.v1.ReportCopyRequest;
import io.syncline.proto.api.v1.ReportCopyResponse;
import io.syncline.proto.api.v1.ResolveConflictRequest;
import io.syncline.proto.api.v1.WatchConflictsRequest;
import io.syncline.proto.api.v1.WatchConflictsResponse;
import io.syncline.proto.api.v1.WriteContext;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The conflicts that the cluster has recorded: blocking calls, which end as those of {@link
 * SynclineClient} do. Any thread.
 */
public final class Conflicts {
  /** Matches no content. */
  private static final ByteString NO_CHECKSUM = ByteString.copyFrom(new byte[Checksum.SIZE_BYTES]);

  private final Dispatch dispatch;
  private final CommandIds commandIds = new CommandIds();

  Conflicts(Dispatch dispatch) {
    this.dispatch = dispatch;
  }

  /**
   * A page of conflicts. It may be short, or empty, and have a next one.
   *
   * @param nextPageToken to ask for the next page with; empty at the last
   */
  public record Page(List<Conflict> conflicts, String nextPageToken) {
    public Page {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** A conflict with its contents. */
  public record Found(Conflict conflict, ConflictContents contents) {}

  /**
   * One page, newest first.
   *
   * @param pageToken of the page before; empty: the first page
   */
  public Page list(ConflictQuery query, String pageToken) {
    var request = ListConflictsRequest.newBuilder()
        .setPageSize(query.pageSize())
        .setPageToken(pageToken)
        .setMinAgeMs(query.minAge().toMillis())
        .setMaxAgeMs(query.maxAge().toMillis());
    query.namespace().ifPresent(namespace -> request.setNamespace(namespace.value()));
    query.key().ifPresent(key -> request.setKey(key.bytes()));
    query.type().ifPresent(type -> request.setTypeValue(type.number()));
    query.state().ifPresent(state -> request.setStateValue(state.number()));
    query.node().ifPresent(request::setNode);
    return Joined.read(dispatch.send(Request.read(
        ConflictServiceGrpc.getListConflictsMethod(),
        request.build(),
        Consistency.LINEARIZABLE,
        Conflicts::page)));
  }

  private static Page page(ListConflictsResponse response) {
    return new Page(
        response.getConflictsList().stream().map(ConflictCodec::toDomain).toList(),
        response.getNextPageToken());
  }

  /** All of them, newest first. Pages are fetched, by blocking calls, as the stream is consumed. */
  public Stream<Conflict> listAll(ConflictQuery query) {
    return Paging.stream(ByteString.EMPTY, token -> {
      Page page = list(query, token.toStringUtf8());
      return new Paging.Fetched<>(page.conflicts(), ByteString.copyFromUtf8(page.nextPageToken()));
    });
  }

  /**
   * @throws RejectedException {@link Reason#KEY_NOT_FOUND} if there is none, among others
   */
  public Found get(long id) {
    return Joined.read(dispatch.send(Request.read(
        ConflictServiceGrpc.getGetConflictMethod(),
        GetConflictRequest.newBuilder().setId(id).build(),
        Consistency.LINEARIZABLE,
        answer -> new Found(
            ConflictCodec.toDomain(answer.getConflict()),
            ConflictCodec.toDomain(answer.getContents())))));
  }

  /**
   * Resolves an open conflict by strategy, applied to the key as it is now.
   *
   * @param strategy accept-source, accept-target, merge, reject or custom:NAME
   * @param reason why, at most 1,024 characters, or empty
   * @throws RejectedException {@link Reason#WRONG_STATE} if it is closed, or stays open all the same,
   *     among others
   */
  public Conflict resolve(long id, String strategy, String reason) {
    return resolve(ResolveConflictRequest.newBuilder().setId(id).setStrategy(strategy), reason);
  }

  /**
   * Resolves an open conflict: its key gets this content.
   *
   * @param contentType empty: as the incoming change said
   */
  public Conflict resolve(long id, ByteString content, String contentType, String reason) {
    return resolve(
        ResolveConflictRequest.newBuilder()
            .setId(id)
            .setContent(content)
            .setContentType(contentType),
        reason);
  }

  private Conflict resolve(ResolveConflictRequest.Builder request, String reason) {
    request.setContext(WriteContext.newBuilder()
        .setCommandId(ApiCodec.toProto(commandIds.next()))
        .setReason(reason));
    return Joined.write(dispatch.send(Request.write(
        ConflictServiceGrpc.getResolveConflictMethod(),
        request.build(),
        answer -> ConflictCodec.toDomain(answer.getConflict()),
        rejection -> true)));
  }

  /**
   * Says that a follower's copy of a key is none of the leader's versions: for followers.
   *
   * @param copy with its content and the checksum of that
   * @param damaged whether the copy did not match its own checksum
   * @return the conflict's id; 0: it is no conflict
   */
  public long report(String node, ConfigVersion copy, boolean damaged) {
    var request = ReportCopyRequest.newBuilder()
        .setNode(node)
        .setNamespace(copy.namespace().value())
        .setKey(copy.key().bytes())
        .setVersion(copy.version().value())
        .setRevision(copy.revision().value())
        .setContentType(copy.contentType());
    if (copy.live()) {
      request
          .setContent(copy.content())
          .setChecksum(damaged ? NO_CHECKSUM : copy.checksum().bytes());
    }
    return Joined.write(dispatch.send(Request.write(
        ConflictServiceGrpc.getReportCopyMethod(),
        request.build(),
        ReportCopyResponse::getConflictId,
        rejection -> true)));
  }

  /**
   * Conflicts as one voter records or closes them, from when this returns on. The stream's consumer
   * waits for the next one; it ends with an exception when the voter cannot be reached any more, or the
   * client is closed. Close it when done.
   *
   * @param namespace empty: all
   */
  public Stream<Conflict> watch(Endpoint voter, Optional<NamespaceName> namespace) {
    var request = WatchConflictsRequest.newBuilder();
    namespace.ifPresent(name -> request.setNamespace(name.value()));
    Iterator<WatchConflictsResponse> told = ClientCalls.blockingServerStreamingCall(
        dispatch.channel(voter),
        ConflictServiceGrpc.getWatchConflictsMethod(),
        CallOptions.DEFAULT,
        request.build());
    // the first says that the watch stands
    told.next();
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(told, 0), false)
        .map(response -> ConflictCodec.toDomain(response.getConflict()));
  }
}
