package io.syncline.server.rpc;

import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.model.NamespaceName;
import io.syncline.model.ProposedCommand;
import io.syncline.proto.api.v1.CreateNamespaceRequest;
import io.syncline.proto.api.v1.GetNamespaceRequest;
import io.syncline.proto.api.v1.ListNamespacesRequest;
import io.syncline.proto.api.v1.ListNamespacesResponse;
import io.syncline.proto.api.v1.NamespaceResponse;
import io.syncline.proto.api.v1.NamespaceServiceGrpc.NamespaceServiceImplBase;
import io.syncline.proto.api.v1.UpdateNamespaceRequest;
import io.syncline.server.admission.Admission;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code syncline.api.v1.NamespaceService}. */
final class NamespaceDoor extends NamespaceServiceImplBase {
  private final Supplier<Serving> serving;
  private final Admission admission;
  private final Answers answers;

  NamespaceDoor(Supplier<Serving> serving, Admission admission, Answers answers) {
    this.serving = serving;
    this.admission = admission;
    this.answers = answers;
  }

  @Override
  public void createNamespace(
      CreateNamespaceRequest request, StreamObserver<NamespaceResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(
        caller, () -> write(admission.createNamespace(request, actor), request.getName()));
  }

  @Override
  public void updateNamespace(
      UpdateNamespaceRequest request, StreamObserver<NamespaceResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(
        caller, () -> write(admission.updateNamespace(request, actor), request.getName()));
  }

  private CompletableFuture<NamespaceResponse> write(ProposedCommand command, String name) {
    Serving now = serving.get();
    return now.write(command).thenApply(committed -> describe(now, new NamespaceName(name)));
  }

  @Override
  public void getNamespace(GetNamespaceRequest request, StreamObserver<NamespaceResponse> caller) {
    answers.answerSlowly(caller, () -> {
      NamespaceName name = Admission.namespace(request.getName());
      Serving now = serving.get();
      return answers.slowlyAfter(
          now.freshness().await(ConfigDoor.consistency(request.getConsistency())),
          () -> describe(now, name));
    });
  }

  private static NamespaceResponse describe(Serving now, NamespaceName name) {
    return NamespaceResponse.newBuilder()
        .setHeader(now.header(now.reads().revision()))
        .setNamespace(ApiCodec.toProto(now.reads().namespace(name)))
        .build();
  }

  @Override
  public void listNamespaces(
      ListNamespacesRequest request, StreamObserver<ListNamespacesResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Serving now = serving.get();
      return answers.slowlyAfter(
          now.freshness().await(ConfigDoor.consistency(request.getConsistency())), () -> list(now));
    });
  }

  private static ListNamespacesResponse list(Serving now) {
    var response =
        ListNamespacesResponse.newBuilder().setHeader(now.header(now.reads().revision()));
    now.reads().namespaces().forEach(ns -> response.addNamespaces(ApiCodec.toProto(ns)));
    return response.build();
  }
}
