package io.syncline.server.raft;

import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.server.raft.Membership.Member;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreClosed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.RatisLeader;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This voter's part in Raft: proposes commands, applies what is committed, knows who leads. */
public final class RaftNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
  private static final Duration SNAPSHOT_TIMEOUT = Duration.ofMinutes(10);
  private static final long CLOSE_SECONDS = 10;
  private static final Duration RECONFIGURATION_TIMEOUT = Duration.ofMinutes(10);

  private final Membership membership;
  private final RaftOptions options;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final ExecutorService replies =
      Executors.newSingleThreadExecutor(r -> new Thread(r, "syncline-replies"));
  private final ExecutorService chores =
      Executors.newSingleThreadExecutor(r -> new Thread(r, "syncline-raft-chores"));
  private final RaftGate gate;
  private final AppliedMark mark;
  private final CommittedLog committedLog;
  private final RaftServer server;
  private final Proposer proposer;
  private final RaftGroupId groupId;
  private final RaftGroupMemberId member;

  private RaftNode(Setup setup) throws IOException {
    this.membership = setup.membership;
    this.options = setup.options;
    this.groupId = RaftGroupId.valueOf(membership.clusterId());
    this.gate = new RaftGate(membership.self().peerId(), options.leaseTime(), System::nanoTime);
    this.mark = AppliedMark.open(setup.folder.resolve("applied.mark"));
    this.committedLog = new CommittedLog(
        setup.store,
        mark,
        setup.events,
        setup.onFault,
        options,
        this::askForSnapshot,
        setup.meters);
    this.member =
        RaftGroupMemberId.valueOf(RaftPeerId.valueOf(membership.self().peerId()), groupId);
    RatisCounts.takeFlushes(member, setup.meters.flushes());
    this.server = newServer(setup);
    this.proposer = new Proposer(
        new CommandLog(),
        Clock.systemUTC(),
        this::notLeader,
        replies,
        setup.maxCommands,
        setup.meters);
  }

  /**
   * What a node is made of.
   *
   * @param folder of the Raft log, the snapshots and the applied mark
   * @param listen where to listen for other voters
   * @param maxCommands the most commands waiting for their outcome at once
   * @param beforeTakingPart runs when the log is there and sound, before this voter answers others
   * @param onFault told once or more often; stops the node
   */
  public record Setup(
      Membership membership,
      RaftOptions options,
      Path folder,
      Endpoint listen,
      Store store,
      int maxCommands,
      RaftMeters meters,
      RaftEvents events,
      Runnable beforeTakingPart,
      Consumer<Fault> onFault) {}

  /**
   * Starts to take part.
   *
   * @throws Fault if log, snapshots or store are damaged, or the log lacks what was acknowledged
   */
  public static RaftNode start(Setup setup) {
    try {
      Files.createDirectories(setup.folder);
      var node = new RaftNode(setup);
      node.server.start();
      node.verifyLogReachesMark();
      setup.beforeTakingPart.run();
      node.gate.open();
      node.proposer.start();
      return node;
    } catch (IOException e) {
      throw new Fault("raft: cannot start in " + setup.folder + ": " + Fault.reasonOf(e), e);
    }
  }

  private RaftServer newServer(Setup setup) throws IOException {
    var parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (builder, types) -> builder.intercept(gate));
    Path groupFolder = setup.folder.resolve(membership.clusterId().toString());
    return RaftServer.newBuilder()
        .setServerId(RaftPeerId.valueOf(membership.self().peerId()))
        .setGroup(RaftGroup.valueOf(groupId, peersOf(membership.founders())))
        .setStateMachine(committedLog)
        .setProperties(RatisProperties.of(options, setup.folder, setup.listen))
        .setParameters(parameters)
        .setOption(Files.exists(groupFolder) ? StartupOption.RECOVER : StartupOption.FORMAT)
        .build();
  }

  private void verifyLogReachesMark() throws IOException {
    RaftServer.Division division = division();
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    SnapshotInfo snapshot = committedLog.getLatestSnapshot();
    long end = Math.max(
        last == null ? RaftLog.INVALID_LOG_INDEX : last.getIndex(),
        snapshot == null ? RaftLog.INVALID_LOG_INDEX : snapshot.getIndex());
    long needed = mark.get();
    if (end < needed) {
      throw new Fault("raft: the log ends at entry "
          + end
          + ", but this voter had applied entry "
          + needed
          + ": a part of its log is lost, and it must not vote; wipe its data folder and start it"
          + " again, so that it rejoins from the others");
    }
  }

  /** Proposes a command; its outcome comes when it is committed and applied here. */
  public CompletableFuture<Outcome> propose(ProposedCommand command) {
    if (!leads()) {
      return CompletableFuture.completedFuture(new Outcome.Rejected(notLeader()));
    }
    return proposer.propose(command);
  }

  /**
   * Runs the task when those are told who wait for the outcomes of the entry just applied; at once if
   * this voter is closed.
   */
  public void afterOutcomes(Runnable task) {
    try {
      replies.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  /** Whether this voter leads, and has committed in its term. */
  public boolean leads() {
    return division().getInfo().isLeaderReady();
  }

  /**
   * Whether this voter surely is the only leader at a moment within the call: what is applied here
   * then reflects every acknowledged write.
   */
  public boolean holdsLease() {
    return options.leaderLease() && RatisLeader.isLeaseHeldBy(division());
  }

  /** Why a request for the leader is refused here, with where to go instead. */
  public Rejection notLeader() {
    return Rejection.notLeader(leader()
        .filter(leader -> !leader.name().equals(membership.self().name()))
        .map(leader -> leader.client().toString())
        .orElse(null));
  }

  /** The leader, as far as this voter knows. */
  public Optional<Member> leader() {
    RaftPeerId leader = division().getInfo().getLeaderId();
    return Optional.ofNullable(leader)
        .map(id -> division().getRaftConf().getPeer(id))
        .map(RaftNode::memberOf);
  }

  /** Whether this voter is a member by the newest configuration it knows. */
  public boolean isMember() {
    RaftPeerId self = RaftPeerId.valueOf(membership.self().peerId());
    return division().getRaftConf().getPeer(self) != null;
  }

  public List<Member> members() {
    return division().getRaftConf().getCurrentPeers().stream()
        .map(RaftNode::memberOf)
        .toList();
  }

  /** How Raft stands, for status views. */
  public RaftStatus status() {
    return RaftStatus.of(division(), committedLog.getLatestSnapshot());
  }

  /** At the leader: what it knows of another voter; null if nothing. */
  public RaftStatus.@Nullable Follower follower(Member member) {
    return status().followers().get(member.peerId());
  }

  /** Commands accepted here whose outcome is not known yet. */
  public int commandsInFlight() {
    return proposer.commandsInFlight();
  }

  /** How old the newest snapshot is; empty if there is none. */
  public Optional<Duration> snapshotAge() {
    return committedLog.getStateMachineStorage().age(Instant.now());
  }

  /** Bytes of the log on the disk. */
  public long logBytes() {
    File folder = division().getRaftStorage().getStorageDir().getCurrentDir();
    File[] files = folder.listFiles();
    return files == null ? 0 : Arrays.stream(files).mapToLong(File::length).sum();
  }

  public long term() {
    return division().getInfo().getCurrentTerm();
  }

  /** How long ago the leader was heard; zero at the leader itself, empty if there is none. */
  public Optional<Duration> sinceLeader() {
    return status().sinceLeader();
  }

  public Membership membership() {
    return membership;
  }

  /**
   * Replaces a member by another of the same name, or changes nothing if it is one already.
   *
   * @return completes when the new configuration is committed
   */
  public CompletableFuture<Void> replaceMember(Member incoming) {
    Collection<RaftPeer> current = division().getRaftConf().getCurrentPeers();
    if (current.stream().anyMatch(p -> p.getId().toString().equals(incoming.peerId()))) {
      return CompletableFuture.completedFuture(null);
    }
    var peers = new ArrayList<RaftPeer>();
    for (RaftPeer peer : current) {
      boolean replaced = Member.nameOf(peer.getId().toString()).equals(incoming.name());
      peers.add(replaced ? peerOf(incoming) : peer);
    }
    LOG.info("replacing a voter: voter={} incarnation={}", incoming.name(), incoming.incarnation());
    var request = new SetConfigurationRequest(
        clientId,
        server.getId(),
        groupId,
        callIds.incrementAndGet(),
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInNewConf(peers)
            .setMode(SetConfigurationRequest.Mode.SET_UNCONDITIONALLY)
            .build());
    try {
      return server
          .setConfigurationAsync(request)
          .orTimeout(RECONFIGURATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .thenAccept(RaftNode::requireSuccess);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * At the leader: lets another voter lead.
   *
   * @return completes when it does; fails if it does not in time
   */
  public CompletableFuture<Void> transferLeadership(Member next) {
    var request = new TransferLeadershipRequest(
        clientId,
        server.getId(),
        groupId,
        callIds.incrementAndGet(),
        RaftPeerId.valueOf(next.peerId()),
        RECONFIGURATION_TIMEOUT.toMillis());
    try {
      return server.transferLeadershipAsync(request).thenAccept(RaftNode::requireSuccess);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void requireSuccess(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException(
          "the change of members or leader failed: " + Fault.reasonOf(reply.getException()));
    }
  }

  /** Raft's log, for what is proposed here. */
  private final class CommandLog implements Proposer.Log {
    @Override
    public CompletableFuture<RaftClientReply> append(ProposedBatch batch) throws IOException {
      var request = RaftClientRequest.newBuilder()
          .setClientId(clientId)
          .setServerId(server.getId())
          .setGroupId(groupId)
          .setCallId(callIds.incrementAndGet())
          .setMessage(batch)
          .setType(RaftClientRequest.writeRequestType())
          .build();
      // to the division itself: the server's own method adds a thread hop that blocks
      return ((RaftClientAsynchronousProtocol) division()).submitClientRequestAsync(request);
    }

    @Override
    public boolean tellCommitted() {
      return RatisLeader.tellCommitted(division());
    }
  }

  /** All but the moment in which the store's files are set aside happens on the chores' thread. */
  private void askForSnapshot() {
    chores.execute(() -> {
      try {
        committedLog.prepareSnapshot();
        askForSnapshotNow();
        if (committedLog.finishSnapshot()) {
          askForSnapshotNow();
        }
      } catch (IOException e) {
        LOG.warn("no snapshot was taken: reason={}", Fault.reasonOf(e));
      } catch (StoreClosed e) {
        LOG.debug("no snapshot was taken: the node is stopping");
      } catch (Fault e) {
        LOG.debug("no snapshot was taken: the node stops", e);
      }
    });
  }

  private void askForSnapshotNow() throws IOException {
    server.snapshotManagement(SnapshotManagementRequest.newCreate(
        clientId, server.getId(), groupId, callIds.incrementAndGet(), SNAPSHOT_TIMEOUT.toMillis()));
  }

  private RaftServer.Division division() {
    try {
      return server.getDivision(groupId);
    } catch (IOException e) {
      throw new Fault("raft: the group is gone: " + Fault.reasonOf(e), e);
    }
  }

  private static List<RaftPeer> peersOf(Collection<Member> members) {
    return members.stream().map(RaftNode::peerOf).toList();
  }

  private static RaftPeer peerOf(Member member) {
    return RaftPeer.newBuilder()
        .setId(member.peerId())
        .setAddress(member.raft().toString())
        .setClientAddress(member.client().toString())
        .build();
  }

  static Member memberOf(RaftPeer peer) {
    String id = peer.getId().toString();
    return new Member(
        Member.nameOf(id),
        Member.incarnationOf(id),
        Endpoint.parse(peer.getClientAddress()),
        Endpoint.parse(peer.getAddress()));
  }

  @Override
  public void close() {
    proposer.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new Fault("raft: cannot close: " + Fault.reasonOf(e), e);
    } finally {
      awaitEnd(chores);
      replies.shutdown();
      RatisCounts.leaveFlushes(member);
      mark.close();
    }
  }

  /** A snapshot that is being written ends before its folder may be taken away. */
  private static void awaitEnd(ExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a snapshot is still being written: seconds={}", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
