package io.syncline.server.etcd;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.syncline.model.Endpoint;
import io.syncline.model.EtcdError;
import io.syncline.proto.api.v1.ClusterServiceGrpc;
import io.syncline.proto.api.v1.IdentifyRequest;
import io.syncline.proto.etcd.v3.ClusterGrpc.ClusterImplBase;
import io.syncline.proto.etcd.v3.MemberAddRequest;
import io.syncline.proto.etcd.v3.MemberAddResponse;
import io.syncline.proto.etcd.v3.MemberListRequest;
import io.syncline.proto.etcd.v3.MemberListResponse;
import io.syncline.proto.etcd.v3.MemberPromoteRequest;
import io.syncline.proto.etcd.v3.MemberPromoteResponse;
import io.syncline.proto.etcd.v3.MemberRemoveRequest;
import io.syncline.proto.etcd.v3.MemberRemoveResponse;
import io.syncline.proto.etcd.v3.MemberUpdateRequest;
import io.syncline.proto.etcd.v3.MemberUpdateResponse;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.rpc.Answers;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code etcdserverpb.Cluster}. The voters of a cluster are a fixed set: it can be listed, and nothing
 * else; a lost voter is replaced by one of the same name.
 */
final class ClusterService extends ClusterImplBase {
  private static final long ASK_TIMEOUT_MS = 1_000;

  private final Keyspace keyspace;
  private final Access access;
  private final Answers answers;
  private final VoterChannels voters;
  private final Supplier<Optional<Endpoint>> listen;
  /** Where voters that have answered once serve clients of etcd, by name and incarnation. */
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * @param listen tells where this voter serves clients of etcd
   */
  ClusterService(
      Keyspace keyspace,
      Access access,
      Answers answers,
      VoterChannels voters,
      Supplier<Optional<Endpoint>> listen) {
    this.keyspace = keyspace;
    this.access = access;
    this.answers = answers;
    this.voters = voters;
    this.listen = listen;
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> caller) {
    answers.answerSlowly(caller, () -> {
      var response = MemberListResponse.newBuilder()
          // as etcd: members are not of a revision
          .setHeader(keyspace.header().toBuilder().clearRevision());
      keyspace.serving().raft().members().stream()
          .map(this::describe)
          .sorted(Comparator.comparingLong(io.syncline.proto.etcd.v3.Member::getID))
          .forEach(response::addMembers);
      return CompletableFuture.completedFuture(response.build());
    });
  }

  private io.syncline.proto.etcd.v3.Member describe(Member member) {
    var described = io.syncline.proto.etcd.v3.Member.newBuilder()
        .setID(memberId(member))
        .setName(member.name())
        .addPeerURLs("http://" + member.raft());
    String etcd = etcdEndpoint(member);
    if (!etcd.isEmpty()) {
      described.addClientURLs("http://" + etcd);
    }
    return described.build();
  }

  private long memberId(Member member) {
    String cluster = keyspace.serving().raft().membership().clusterId().toString();
    return Keyspace.memberId(cluster, member.name());
  }

  /** Empty if the voter does not answer, and never has. */
  private String etcdEndpoint(Member member) {
    Member self = keyspace.serving().raft().membership().self();
    if (member.name().equals(self.name())) {
      return listen.get().map(Endpoint::toString).orElse("");
    }
    String told = known.get(member.peerId());
    if (told == null) {
      told = ask(voters.to(member.client()));
      if (!told.isEmpty()) {
        known.put(member.peerId(), told);
      }
    }
    return told;
  }

  private static String ask(Channel voter) {
    try {
      return ClusterServiceGrpc.newBlockingStub(voter)
          .withDeadlineAfter(ASK_TIMEOUT_MS, TimeUnit.MILLISECONDS)
          .identify(IdentifyRequest.getDefaultInstance())
          .getEtcdEndpoint();
    } catch (StatusRuntimeException e) {
      return "";
    }
  }

  @Override
  public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> caller) {
    answers.answer(caller, () -> {
      access.requireAdministrator(Caller.current());
      throw fixed();
    });
  }

  @Override
  public void memberRemove(
      MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> caller) {
    answers.answer(caller, () -> {
      access.requireAdministrator(Caller.current());
      requireMember(request.getID());
      throw fixed();
    });
  }

  @Override
  public void memberUpdate(
      MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> caller) {
    answers.answer(caller, () -> {
      access.requireAdministrator(Caller.current());
      requireMember(request.getID());
      throw fixed();
    });
  }

  @Override
  public void memberPromote(
      MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> caller) {
    answers.answer(caller, () -> {
      access.requireAdministrator(Caller.current());
      requireMember(request.getID());
      throw EtcdError.MEMBER_NOT_LEARNER.exception();
    });
  }

  private void requireMember(long id) {
    boolean there =
        keyspace.serving().raft().members().stream().anyMatch(member -> memberId(member) == id);
    if (!there) {
      throw EtcdError.MEMBER_NOT_FOUND.exception();
    }
  }

  private static StatusRuntimeException fixed() {
    return Status.UNIMPLEMENTED
        .withDescription(
            "etcdserver: the voters of a Syncline cluster are a fixed set; start a voter"
                + " of the same name on empty data to replace one")
        .asRuntimeException();
  }
}
