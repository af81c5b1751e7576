package io.syncline.server.rpc;

import io.grpc.stub.StreamObserver;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.proto.api.v1.FollowerServiceGrpc.FollowerServiceImplBase;
import io.syncline.proto.api.v1.VerifyRequest;
import io.syncline.proto.api.v1.VerifyResponse;
import io.syncline.server.admission.Admission;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@code syncline.api.v1.FollowerService}. */
final class FollowerDoor extends FollowerServiceImplBase {
  private final Supplier<Serving> serving;
  private final Answers answers;

  FollowerDoor(Supplier<Serving> serving, Answers answers) {
    this.serving = serving;
    this.answers = answers;
  }

  @Override
  public void verify(VerifyRequest request, StreamObserver<VerifyResponse> caller) {
    answers.answer(caller, () -> {
      Set<NamespaceName> namespaces = new TreeSet<>();
      request.getNamespacesList().forEach(name -> namespaces.add(Admission.namespace(name)));
      return serving
          .get()
          .verify(namespaces, request.getRepair())
          .thenApply(FollowerDoor::response);
    });
  }

  private static VerifyResponse response(List<NamespaceComparison> comparisons) {
    var response = VerifyResponse.newBuilder();
    for (NamespaceComparison comparison : comparisons) {
      var proto = VerifyResponse.Comparison.newBuilder()
          .setNamespace(comparison.namespace().value())
          .setRevision(comparison.at().value())
          .setDifferences(comparison.differences())
          .setRepaired(comparison.repaired());
      for (NamespaceComparison.Difference difference : comparison.named()) {
        proto.addNamed(VerifyResponse.Difference.newBuilder()
            .setKey(difference.key().bytes())
            .setKind(kind(difference.kind())));
      }
      response.addComparisons(proto);
    }
    return response.build();
  }

  private static VerifyResponse.Kind kind(NamespaceComparison.Kind kind) {
    return switch (kind) {
      case MISSING -> VerifyResponse.Kind.MISSING;
      case EXTRA -> VerifyResponse.Kind.EXTRA;
      case OTHER_VERSION -> VerifyResponse.Kind.OTHER_VERSION;
      case OTHER_CONTENT -> VerifyResponse.Kind.OTHER_CONTENT;
    };
  }
}
