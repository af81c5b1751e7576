package io.syncline.server.node;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.ClusterServiceGrpc;
import io.syncline.proto.api.v1.IdentifyRequest;
import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.ReplaceVoterRequest;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.ListFollowersRequest;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks the other voters who they are and who follows them, by the address that clients use. One thread. */
final class Peers implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration REPLACE_TIMEOUT = Duration.ofMinutes(10);
  /** Of the followers of a large fleet. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private final Map<Endpoint, ManagedChannel> channels = new HashMap<>();

  /** Who answers there; empty if nobody does. */
  Optional<IdentifyResponse> identify(Endpoint endpoint) {
    try {
      return Optional.of(ClusterServiceGrpc.newBlockingStub(channel(endpoint))
          .withDeadlineAfter(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .identify(IdentifyRequest.getDefaultInstance()));
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /** Who follows there; nobody if it does not answer. */
  List<FollowerStatus> followers(Endpoint endpoint) {
    try {
      return SyncServiceGrpc.newBlockingStub(channel(endpoint))
          .withDeadlineAfter(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .listFollowers(ListFollowersRequest.getDefaultInstance())
          .getFollowersList();
    } catch (StatusRuntimeException e) {
      return List.of();
    }
  }

  /**
   * Asks the leader to let a voter in, wherever it is.
   *
   * @return why not yet; empty if it is done
   */
  Optional<Rejection> replaceVoter(Endpoint first, ReplaceVoterRequest request) {
    Endpoint asked = first;
    for (int hops = 0; hops < 2; hops++) {
      Optional<Rejection> refusal = ask(asked, request);
      String leader = refusal.map(Rejection::leaderEndpoint).orElse(null);
      if (leader == null) {
        return refusal;
      }
      asked = Endpoint.parse(leader);
    }
    return Optional.of(Rejection.notLeader(null));
  }

  private Optional<Rejection> ask(Endpoint endpoint, ReplaceVoterRequest request) {
    try {
      var unused = ClusterServiceGrpc.newBlockingStub(channel(endpoint))
          .withDeadlineAfter(REPLACE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .replaceVoter(request);
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      return Optional.of(StatusCodec.fromStatus(e)
          .orElseGet(() -> Rejection.of(
              Reason.NOT_READY, "voter at " + endpoint + ": " + e.getStatus().getCode())));
    }
  }

  private ManagedChannel channel(Endpoint endpoint) {
    return channels.computeIfAbsent(
        endpoint,
        e -> NettyChannelBuilder.forAddress(e.host(), e.port())
            .usePlaintext()
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .build());
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
