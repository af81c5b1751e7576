package io.syncline.server.node;

import io.syncline.client.sync.ThreadLoop;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.StorePosition;
import io.syncline.monitor.Readiness;
import io.syncline.monitor.metrics.Metric;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.conflict.ConflictCounts;
import io.syncline.server.conflict.ConflictWatches;
import io.syncline.server.conflict.Conflicts;
import io.syncline.server.etcd.EtcdDoor;
import io.syncline.server.etcd.EtcdServices;
import io.syncline.server.feed.Feed;
import io.syncline.server.feed.Watches;
import io.syncline.server.raft.Membership;
import io.syncline.server.raft.RaftEvents;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.read.Reads;
import io.syncline.server.read.VoterFreshness;
import io.syncline.server.rpc.Doors;
import io.syncline.server.rpc.Serving;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreClosed;
import io.syncline.server.sync.StoreSource;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One voter, put together: starts its parts in order, closes them in reverse.
 *
 * <p>The doors open first, for voters find each other through them; everything else follows on a
 * thread of its own, and requests are refused with the reason until it is there.
 */
public final class Voter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Voter.class);
  /** Of a voter that has not heard of a leader. */
  private static final long UNKNOWN_AGE_MS = Duration.ofDays(1).toMillis();

  private final VoterSettings settings;
  private final Consumer<Fault> onFault;
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean faulted = new AtomicBoolean();
  private final DataFolder folder;
  private final VoterMetrics metrics;
  private final EtcdServices etcd;
  private final Doors doors;
  private volatile @Nullable EtcdDoor etcdDoor;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread starter = new Thread(this::joinAndServe, "syncline-start");

  private final ClusterEntry entry;
  private volatile @Nullable Running running;

  /** The parts that stand once the voter belongs to a cluster. */
  private record Running(VoterServing serving, Chores chores, ThreadLoop syncLoop)
      implements AutoCloseable {
    @Override
    public void close() {
      chores.close();
      serving.conflicts().close();
      serving
          .sync()
          .close(Rejection.of(Reason.NOT_READY, "this voter is stopping; follow another one"));
      syncLoop.close();
      serving.watches().close();
      serving.raft().close();
      serving.store().close();
    }
  }

  private Voter(VoterSettings settings, Consumer<Fault> onFault) {
    this.settings = settings;
    this.onFault = onFault;
    readiness.hinder(ClusterEntry.CONDITION, "starting");
    // Ratis would end the whole process
    requireFree(settings.raftListen());
    folder = DataFolder.open(settings.data());
    try {
      entry = new ClusterEntry(settings, folder, readiness, closing);
      metrics = VoterMetrics.of(watchOver(), settings.raft().electionTimeout());
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    etcd = new EtcdServices(
        this::serving,
        settings.etcd().namespace(),
        settings.limits(),
        settings.raft().electionTimeout(),
        this::etcdEndpoint,
        settings.data(),
        this::fail);
    try {
      doors = Doors.open(
          settings.listen(),
          settings.limits(),
          this::serving,
          new SelfDescription(
              settings,
              readiness,
              entry::identity,
              () -> Optional.ofNullable(running).map(Running::serving),
              this::etcdEndpoint,
              metrics.node()::alerts),
          settings.etcd().listen().isPresent() ? etcd.definitions() : List.of(),
          readiness,
          this::fail);
    } catch (IOException e) {
      closeUnopened();
      throw RefusedToStart.cannotListen("listen", settings.listen(), e);
    } catch (RuntimeException e) {
      closeUnopened();
      throw e;
    }
    try {
      etcdDoor = openEtcd();
    } catch (RuntimeException e) {
      doors.close();
      closeUnopened();
      throw e;
    }
  }

  private @Nullable EtcdDoor openEtcd() {
    Optional<Endpoint> listen = settings.etcd().listen();
    if (listen.isEmpty()) {
      return null;
    }
    try {
      return EtcdDoor.open(
          listen.get(), settings.limits(), etcd, readiness, metrics.node().route());
    } catch (IOException e) {
      throw RefusedToStart.cannotListen("etcd-listen", listen.get(), e);
    }
  }

  private void closeUnopened() {
    etcd.close();
    metrics.node().close();
    folder.close();
  }

  private NodeMetrics watchOver() {
    return new NodeMetrics(
        settings.name(),
        Metric.Node.VOTER,
        () -> entry.identity().cluster().map(UUID::toString).orElse(""),
        readiness,
        settings.monitoring(),
        faulted::get);
  }

  /**
   * Starts a voter. Returns when its doors are open; {@link #ready} tells when it serves.
   *
   * @param onFault told once, on any thread, when the voter must stop; it is not ready any more then.
   *     Whoever is told ends the process, or closes the voter from another thread.
   * @throws RefusedToStart if settings, data folder or addresses do not allow it
   */
  public static Voter start(VoterSettings settings, Consumer<Fault> onFault) {
    var voter = new Voter(settings, onFault);
    voter.starter.setDaemon(true);
    voter.starter.start();
    return voter;
  }

  private static void requireFree(Endpoint raftListen) {
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(raftListen.host(), raftListen.port()));
    } catch (IOException e) {
      throw RefusedToStart.cannotListen("raft-listen", raftListen, e);
    }
  }

  private void joinAndServe() {
    try (var peers = new Peers()) {
      folder.requireRoom();
      if (entry.identity().cluster().isEmpty()) {
        entry.find(peers);
      }
      serve();
      if (entry.identity().joining()) {
        entry.askToBeLetIn(peers);
      } else {
        entry.requireSameCluster(peers);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RefusedToStart e) {
      fail(new Fault(String.valueOf(e.getMessage()), e));
    } catch (Fault e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new Fault("start: " + Fault.reasonOf(e), e));
    }
  }

  private void serve() {
    Membership membership = entry.membership();
    readiness.hinder(ClusterEntry.CONDITION, "reading the log");
    Store store = Store.open(folder.store());
    var feed = new Feed(store, settings.feedChanges(), settings.feedBytes());
    var started = new Started();
    var conflictWatches = new ConflictWatches();
    var conflictCounts = new ConflictCounts(store, System::nanoTime);
    RaftNode raft = RaftNode.start(new RaftNode.Setup(
        membership,
        settings.raft(),
        folder.raft(),
        settings.raftListen(),
        store,
        settings.maxCommandsInFlight(),
        metrics.raft(),
        new Events(feed, conflictWatches, conflictCounts, started),
        entry::noteTakingPart,
        this::fail));
    var freshness = new VoterFreshness(raft, store);
    var watches = new Watches(feed, store, settings.maxWatches(), this::fail);
    watches.start();
    var syncLoop = new ThreadLoop("syncline-sync", this::failSync);
    SyncServer sync = syncServer(store, feed, raft, syncLoop);
    sync.start();
    started.parts = List.of(freshness::onRevision, revision -> sync.onCommitted());
    var conflicts = new Conflicts(
        store,
        command -> VoterServing.propose(raft, command),
        Math.toIntExact(settings.limits().maxContentBytes()),
        conflictWatches,
        metrics.writes(),
        metrics.conflicts());
    var serving = new VoterServing(
        raft,
        store,
        new Reads(store),
        freshness,
        watches,
        sync,
        conflicts,
        metrics.node().reads(),
        metrics.writes());
    var chores = new Chores(settings, folder, serving, readiness, this::fail);
    metrics.lookAt(serving, folder, feed, conflictCounts, etcd, chores::unheardOf);
    running = new Running(serving, chores, syncLoop);
    chores.start();
    etcd.start();
    readiness.meet(ClusterEntry.CONDITION);
    LOG.info(
        "serving: voter={} cluster={} revision={}",
        settings.name(),
        membership.clusterId(),
        store.position().revision());
  }

  private SyncServer syncServer(Store store, Feed feed, RaftNode raft, ThreadLoop loop) {
    var origin = new StoreSource.Origin(
        () -> raft.membership().clusterId(),
        raft::term,
        List::of,
        () -> Revision.ZERO,
        () -> raft.sinceLeader().map(Duration::toMillis).orElse(UNKNOWN_AGE_MS),
        Optional.empty());
    return new SyncServer(
        loop,
        new StoreSource(store, feed, origin),
        SyncLimits.DEFAULT,
        settings.name(),
        new Random(),
        Clock.systemUTC(),
        metrics.node().sync());
  }

  private void failSync(Throwable error) {
    if (!(error instanceof StoreClosed)) {
      fail(
          error instanceof Fault fault
              ? fault
              : new Fault("sync: " + Fault.reasonOf(error), error));
    }
  }

  /** Who is told of revisions once everything stands; Raft tells of some before. */
  private static final class Started {
    private volatile List<Consumer<Revision>> parts = List.of();
  }

  private record Events(
      Feed feed, ConflictWatches conflicts, ConflictCounts conflictCounts, Started started)
      implements RaftEvents {
    @Override
    public void onApplied(Applied applied) {
      if (applied.to().isAfter(applied.from())) {
        feed.publish(applied.to(), applied.changes(), applied.digests());
        started.parts.forEach(part -> part.accept(applied.to()));
      }
      if (!applied.conflicts().isEmpty()) {
        conflicts.tell(applied.conflicts());
        conflictCounts.noteChange();
      }
    }

    @Override
    public void onReplaced(StorePosition position) {
      feed.reset(position.revision());
      conflicts.tellGap();
      conflictCounts.noteChange();
      started.parts.forEach(part -> part.accept(position.revision()));
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private Serving serving() {
    Running now = running;
    if (now == null) {
      throw new RejectedException(
          Rejection.of(Reason.NOT_READY, "this voter does not serve yet: " + readiness.reasons()));
    }
    return now.serving();
  }

  /** Whether it serves reads, and writes if it leads. */
  public boolean ready() {
    return readiness.ready();
  }

  /** Why it is not ready, one sentence each. */
  public List<String> notReadyReasons() {
    return readiness.reasons();
  }

  /** Where clients reach it, also if the port was any free one. */
  public Endpoint clientEndpoint() {
    return new Endpoint(settings.advertise().host(), doors.port());
  }

  /** Where clients of etcd are served, also if the port was any free one; empty: nowhere. */
  public Optional<Endpoint> etcdEndpoint() {
    return Optional.ofNullable(etcdDoor)
        .map(door -> new Endpoint(settings.advertise().host(), door.port()));
  }

  /** Where metrics and health are served, also if the port was any free one; empty: nowhere. */
  public Optional<Endpoint> httpEndpoint() {
    return metrics.node().endpoint();
  }

  private void fail(Fault fault) {
    if (!isClosing() && faulted.compareAndSet(false, true)) {
      readiness.hinder("fault", String.valueOf(fault.getMessage()));
      onFault.accept(fault);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    readiness.hinder("closing", "stopping");
    starter.interrupt();
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    etcd.endStreams();
    EtcdDoor door = etcdDoor;
    if (door != null) {
      door.close();
    }
    etcd.close();
    doors.close();
    metrics.node().stopLooking();
    Running stopped = running;
    if (stopped != null) {
      stopped.close();
    }
    metrics.node().close();
    folder.close();
  }
}
