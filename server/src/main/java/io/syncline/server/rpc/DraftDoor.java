package io.syncline.server.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.Draft;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.proto.api.v1.CreateDraftRequest;
import io.syncline.proto.api.v1.CreateDraftResponse;
import io.syncline.proto.api.v1.DiscardDraftRequest;
import io.syncline.proto.api.v1.DiscardDraftResponse;
import io.syncline.proto.api.v1.DraftServiceGrpc.DraftServiceImplBase;
import io.syncline.proto.api.v1.GetDraftRequest;
import io.syncline.proto.api.v1.GetDraftResponse;
import io.syncline.proto.api.v1.ListDraftsRequest;
import io.syncline.proto.api.v1.ListDraftsResponse;
import io.syncline.server.admission.Admission;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code syncline.api.v1.DraftService}. Writes and reads files: on the workers. */
final class DraftDoor extends DraftServiceImplBase {
  private final Supplier<Serving> serving;
  private final Admission admission;
  private final Answers answers;

  DraftDoor(Supplier<Serving> serving, Admission admission, Answers answers) {
    this.serving = serving;
    this.admission = admission;
    this.answers = answers;
  }

  @Override
  public void createDraft(CreateDraftRequest request, StreamObserver<CreateDraftResponse> caller) {
    Actor actor = ActorInterceptor.current();
    answers.answerSlowly(caller, () -> {
      Draft made = serving.get().drafts().create(command(request, actor), onConflict(request));
      return CompletableFuture.completedFuture(
          CreateDraftResponse.newBuilder().setDraft(toProto(made, true)).build());
    });
  }

  private static String onConflict(CreateDraftRequest request) {
    String strategy = request.hasPut()
        ? request.getPut().getOnConflict().getStrategy()
        : request.getDelete().getOnConflict().getStrategy();
    Admission.requireStrategy(strategy);
    return strategy;
  }

  private ProposedCommand command(CreateDraftRequest request, Actor actor) {
    return switch (request.getChangeCase()) {
      case PUT -> admission.put(request.getPut(), actor);
      case DELETE -> admission.delete(request.getDelete(), actor);
      case CHANGE_NOT_SET ->
        throw new RejectedException(
            Rejection.badArgument("change: none (expected: put or delete)"));
    };
  }

  @Override
  public void listDrafts(ListDraftsRequest request, StreamObserver<ListDraftsResponse> caller) {
    answers.answerSlowly(caller, () -> {
      var response = ListDraftsResponse.newBuilder();
      serving.get().drafts().list().forEach(draft -> response.addDrafts(toProto(draft, false)));
      return CompletableFuture.completedFuture(response.build());
    });
  }

  @Override
  public void getDraft(GetDraftRequest request, StreamObserver<GetDraftResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Draft found = serving.get().drafts().get(request.getId());
      return CompletableFuture.completedFuture(
          GetDraftResponse.newBuilder().setDraft(toProto(found, true)).build());
    });
  }

  @Override
  public void discardDraft(
      DiscardDraftRequest request, StreamObserver<DiscardDraftResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Draft discarded = serving.get().drafts().discard(request.getId());
      return CompletableFuture.completedFuture(
          DiscardDraftResponse.newBuilder().setDraft(toProto(discarded, false)).build());
    });
  }

  private static io.syncline.proto.api.v1.Draft toProto(Draft draft, boolean withContent) {
    Draft.Outcome outcome = draft.outcome();
    Instant decidedAt = outcome.decidedAt();
    var proto = io.syncline.proto.api.v1.Draft.newBuilder()
        .setId(draft.id())
        .setNamespace(draft.namespace().value())
        .setKey(draft.key().bytes())
        .setBaseVersion(draft.base().value())
        .setAuthor(ApiCodec.toProto(draft.proposed().actor()))
        .setReason(draft.proposed().reason())
        .setCreatedAtMs(draft.createdAt().toEpochMilli())
        .setState(io.syncline.proto.api.v1.Draft.State.forNumber(outcome.state().number()))
        .setDecidedAtMs(decidedAt == null ? 0 : decidedAt.toEpochMilli())
        .setVersion(outcome.version().value())
        .setRevision(outcome.revision().value())
        .setHeadVersion(outcome.head().value())
        .setDetail(outcome.detail())
        .setOnConflict(draft.onConflict());
    Command.Content content = draft.content();
    if (content == null) {
      return proto.setDelete(true).build();
    }
    return proto
        .setContent(withContent ? content.bytes() : ByteString.EMPTY)
        .setContentType(content.contentType())
        .setChecksum(content.checksum().bytes())
        .setSizeBytes(content.bytes().size())
        .build();
  }
}
