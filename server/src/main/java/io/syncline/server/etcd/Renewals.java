package io.syncline.server.etcd;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.syncline.model.EtcdError;
import io.syncline.model.Futures;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.proto.etcd.v3.LeaseKeepAliveRequest;
import io.syncline.proto.etcd.v3.LeaseKeepAliveResponse;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.server.rpc.Answers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Renews leases at whichever voter leads. While none is found to lead it goes on asking: a client's stream
 * of renewals outlives the leader. Any thread.
 */
final class Renewals {
  /** A leader that has not answered by then may be gone: who leads is looked up anew. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(2);
  /** As long as etcd waits for what it proposes, elections aside. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private final Keyspace keyspace;
  private final Lessor lessor;
  private final VoterChannels voters;
  private final Answers answers;
  private final long patienceNanos;

  /**
   * @param electionTimeout of Raft; two elections may pass before a renewal fails
   */
  Renewals(
      Keyspace keyspace,
      Lessor lessor,
      VoterChannels voters,
      Answers answers,
      Duration electionTimeout) {
    this.keyspace = keyspace;
    this.lessor = lessor;
    this.voters = voters;
    this.answers = answers;
    this.patienceNanos = PATIENCE.plus(electionTimeout.multipliedBy(2)).toNanos();
  }

  /** Renews here; fails if this voter does not lead. */
  CompletableFuture<LeaseKeepAliveResponse> renewHere(long id) {
    return Futures.begun(() -> {
      // taken first: a lease must not seem to have been alive at the revision at which it ended
      ResponseHeader header = keyspace.header();
      return lessor.renew(id).thenApply(ttl -> answer(header, id, ttl.toSeconds()));
    });
  }

  /** Renews at the leader; fails with {@link EtcdError#TIMEOUT} if none was found in time. */
  CompletableFuture<LeaseKeepAliveResponse> renew(long id) {
    return renew(id, System.nanoTime() + patienceNanos);
  }

  private CompletableFuture<LeaseKeepAliveResponse> renew(long id, long untilNanos) {
    return Futures.begun(() -> attempt(id))
        .exceptionallyCompose(error -> after(error, id, untilNanos));
  }

  /** Renewing is asking that it last from now on: to ask twice does no harm. */
  private CompletableFuture<LeaseKeepAliveResponse> after(
      Throwable error, long id, long untilNanos) {
    StatusRuntimeException refusal = answers.toStatus(error);
    if (!EtcdStatus.passes(refusal)) {
      return CompletableFuture.failedFuture(refusal);
    }
    return System.nanoTime() - untilNanos > 0
        ? CompletableFuture.failedFuture(EtcdError.TIMEOUT.exception())
        : CompletableFuture.runAsync(() -> {}, LATER).thenCompose(waited -> renew(id, untilNanos));
  }

  private CompletableFuture<LeaseKeepAliveResponse> attempt(long id) {
    if (voters.leads()) {
      return renewHere(id);
    }
    Optional<Channel> leader = voters.leader();
    if (leader.isEmpty()) {
      return CompletableFuture.failedFuture(EtcdStatus.of(EtcdError.NO_LEADER));
    }
    ResponseHeader header = keyspace.header();
    var asked = new FirstAnswer<LeaseKeepAliveResponse>();
    StreamObserver<LeaseKeepAliveRequest> stream = LeaseGrpc.newStub(leader.get())
        .withInterceptors(ToLeader.handingOn())
        .withDeadlineAfter(LONGEST_CALL.toMillis(), TimeUnit.MILLISECONDS)
        .leaseKeepAlive(asked);
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    stream.onCompleted();
    return asked.future().thenApply(answer -> answer(header, id, answer.getTTL()));
  }

  private static LeaseKeepAliveResponse answer(ResponseHeader header, long id, long ttlSeconds) {
    return LeaseKeepAliveResponse.newBuilder()
        .setHeader(header)
        .setID(id)
        .setTTL(ttlSeconds)
        .build();
  }
}
