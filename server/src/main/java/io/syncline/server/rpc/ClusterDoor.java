package io.syncline.server.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.proto.api.v1.AlertsRequest;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.ClusterServiceGrpc.ClusterServiceImplBase;
import io.syncline.proto.api.v1.CompactRequest;
import io.syncline.proto.api.v1.CompactResponse;
import io.syncline.proto.api.v1.DigestRequest;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.IdentifyRequest;
import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.ReplaceVoterRequest;
import io.syncline.proto.api.v1.ReplaceVoterResponse;
import io.syncline.proto.api.v1.StatusRequest;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.server.admission.Admission;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.read.Reads;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code syncline.api.v1.ClusterService}. */
final class ClusterDoor extends ClusterServiceImplBase {
  private final Supplier<Serving> serving;
  private final VoterView voter;
  private final Admission admission;
  private final Answers answers;

  ClusterDoor(Supplier<Serving> serving, VoterView voter, Admission admission, Answers answers) {
    this.serving = serving;
    this.voter = voter;
    this.admission = admission;
    this.answers = answers;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> caller) {
    answers.answerSlowly(caller, () -> CompletableFuture.completedFuture(voter.status()));
  }

  @Override
  public void identify(IdentifyRequest request, StreamObserver<IdentifyResponse> caller) {
    answers.answer(caller, () -> CompletableFuture.completedFuture(voter.identity()));
  }

  @Override
  public void alerts(AlertsRequest request, StreamObserver<AlertsResponse> caller) {
    answers.answer(caller, () -> CompletableFuture.completedFuture(voter.alerts()));
  }

  @Override
  public void compact(CompactRequest request, StreamObserver<CompactResponse> caller) {
    var actor = ActorInterceptor.current();
    answers.answer(caller, () -> {
      Serving now = serving.get();
      return now.write(admission.compact(request, actor))
          .thenApply(committed -> CompactResponse.newBuilder()
              .setHeader(now.header(committed.revision()))
              .build());
    });
  }

  @Override
  public void replaceVoter(
      ReplaceVoterRequest request, StreamObserver<ReplaceVoterResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Serving now = serving.get();
      return Replacement.of(now.raft(), incoming(request)).thenApply(done -> membersOf(now));
    });
  }

  private static Member incoming(ReplaceVoterRequest request) {
    try {
      return new Member(
          request.getVoter(),
          request.getNewIncarnation(),
          Endpoint.parse(request.getEndpoint()),
          Endpoint.parse(request.getRaftEndpoint()));
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(String.valueOf(e.getMessage())));
    }
  }

  private static ReplaceVoterResponse membersOf(Serving now) {
    var response = ReplaceVoterResponse.newBuilder()
        .setClusterId(now.raft().membership().clusterId().toString());
    for (Member member : now.raft().members()) {
      response.addMembers(ReplaceVoterResponse.Member.newBuilder()
          .setVoter(member.name())
          .setIncarnation(member.incarnation())
          .setRaftEndpoint(member.raft().toString())
          .setEndpoint(member.client().toString()));
    }
    return response.build();
  }

  @Override
  public void digest(DigestRequest request, StreamObserver<DigestResponse> caller) {
    answers.answerSlowly(caller, () -> {
      Optional<NamespaceName> only = request.getNamespace().isEmpty()
          ? Optional.empty()
          : Optional.of(Admission.namespace(request.getNamespace()));
      Serving now = serving.get();
      return CompletableFuture.completedFuture(
          response(now, now.reads().digests(only), request.getWithBuckets()));
    });
  }

  private static DigestResponse response(Serving now, Reads.Digests digests, boolean withBuckets) {
    var response = DigestResponse.newBuilder().setHeader(now.header(digests.revision()));
    for (Reads.NamespaceDigest namespace : digests.namespaces()) {
      var digest = DigestResponse.NamespaceDigest.newBuilder()
          .setNamespace(namespace.name().value())
          .setDigest(namespace.buckets().digest().bytes());
      if (withBuckets) {
        for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
          digest.addBuckets(ByteString.copyFrom(namespace.buckets().get(bucket)));
        }
      }
      response.addNamespaces(digest);
    }
    return response.build();
  }
}
