package io.syncline.server.node;

import io.syncline.model.Endpoint;
import io.syncline.monitor.Readiness;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.raft.RaftStatus;
import io.syncline.server.rpc.VoterView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a voter says of itself. */
record SelfDescription(
    VoterSettings settings,
    Readiness readiness,
    Supplier<Identity> identityNow,
    Supplier<Optional<VoterServing>> serving,
    Supplier<Optional<Endpoint>> etcd,
    Supplier<AlertsResponse> alertsNow,
    long startedAtNanos)
    implements VoterView {

  SelfDescription(
      VoterSettings settings,
      Readiness readiness,
      Supplier<Identity> identityNow,
      Supplier<Optional<VoterServing>> serving,
      Supplier<Optional<Endpoint>> etcd,
      Supplier<AlertsResponse> alertsNow) {
    this(settings, readiness, identityNow, serving, etcd, alertsNow, System.nanoTime());
  }

  @Override
  public AlertsResponse alerts() {
    return alertsNow.get();
  }

  @Override
  public IdentifyResponse identity() {
    Identity known = identityNow.get();
    var response = IdentifyResponse.newBuilder()
        .setVoter(known.name())
        .setIncarnation(known.incarnation())
        .putAllFounders(known.founders());
    etcd.get().ifPresent(endpoint -> response.setEtcdEndpoint(endpoint.toString()));
    known.cluster().ifPresent(cluster -> response.setClusterId(cluster.toString()));
    return response.build();
  }

  @Override
  public StatusResponse status() {
    var response = StatusResponse.newBuilder()
        .setRole(StatusResponse.Role.JOINING)
        .setReady(readiness.ready())
        .addAllNotReadyReasons(readiness.reasons())
        .setUptimeMs((System.nanoTime() - startedAtNanos) / 1_000_000)
        .setBuild(build());
    var header = ResponseHeader.newBuilder().setVoter(settings.name());
    identityNow.get().cluster().ifPresent(cluster -> header.setClusterId(cluster.toString()));
    serving.get().ifPresent(now -> {
      header
          .setRevision(now.store().position().revision().value())
          .setTerm(now.raft().term());
      describe(now, response);
    });
    return response.setHeader(header).build();
  }

  private void describe(VoterServing now, StatusResponse.Builder response) {
    RaftStatus raft = now.raft().status();
    response
        .setRole(StatusResponse.Role.valueOf(raft.role().name()))
        // Ratis says -1 where there is nothing yet
        .setCommitIndex(Math.max(0, raft.commitIndex()))
        .setAppliedIndex(Math.max(0, raft.appliedIndex()))
        .setSnapshotIndex(Math.max(0, raft.snapshotIndex()))
        .setNamespaces(now.store().namespaces().size())
        .setStoreBytes(now.store().sizeBytes())
        .setRaftBytes(sizeOf(settings.data().resolve("raft")))
        .setWatchers(now.watches().count());
    Optional<Member> leader = now.raft().leader();
    leader.ifPresent(member ->
        response.setLeader(member.name()).setLeaderEndpoint(member.client().toString()));
    for (Member member : now.raft().members()) {
      response.addVoters(describe(member, leader, raft));
    }
  }

  private static io.syncline.proto.api.v1.Voter describe(
      Member member, Optional<Member> leader, RaftStatus raft) {
    var voter = io.syncline.proto.api.v1.Voter.newBuilder()
        .setName(member.name())
        .setEndpoint(member.client().toString())
        .setRaftEndpoint(member.raft().toString())
        .setLeader(leader.filter(l -> l.name().equals(member.name())).isPresent());
    raft.followers().forEach((peerId, follower) -> {
      if (peerId.equals(member.peerId())) {
        voter
            .setLastSeenMs(follower.sinceSeen().toMillis())
            .setMatchIndex(Math.max(0, follower.matchIndex()));
      }
    });
    return voter.build();
  }

  static String build() {
    String version = SelfDescription.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Files may come and go while they are counted. */
  private static long sizeOf(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
