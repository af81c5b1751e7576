package io.syncline.server.node;

import io.syncline.client.sync.FollowListener;
import io.syncline.client.sync.FollowView;
import io.syncline.client.sync.FollowView.State;
import io.syncline.client.sync.Following;
import io.syncline.client.sync.GrpcUpstream;
import io.syncline.client.sync.Self;
import io.syncline.client.sync.ThreadLoop;
import io.syncline.model.ChangeBatch;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.monitor.Readiness;
import io.syncline.monitor.metrics.Metric;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.server.admission.Limits;
import io.syncline.server.draft.DraftProposer;
import io.syncline.server.draft.Drafts;
import io.syncline.server.feed.Feed;
import io.syncline.server.feed.Watches;
import io.syncline.server.follower.CopyFolders;
import io.syncline.server.follower.CopyReporter;
import io.syncline.server.follower.FollowerFreshness;
import io.syncline.server.follower.StoreReplica;
import io.syncline.server.follower.Verifications;
import io.syncline.server.read.Reads;
import io.syncline.server.rpc.Doors;
import io.syncline.server.store.StoreClosed;
import io.syncline.server.sync.StoreSource;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One follower, put together: a copy on the disk that is kept in step, served to readers and watchers,
 * and relayed to whoever follows it. It serves what it has from the start, also if the centre is gone.
 */
public final class Follower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final String COPY = "copy";
  private static final String LAG = "lag";
  private static final String DRAFTS = "drafts";
  private static final int LOGGED_KEYS = 10;
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);
  private static final Duration DOWNSTREAM_INTERVAL = Duration.ofSeconds(1);
  private static final Duration TRIM_INTERVAL = Duration.ofMinutes(1);

  private final FollowerSettings settings;
  private final Consumer<Fault> onFault;
  private final Clock clock = Clock.systemUTC();
  private final Readiness readiness = new Readiness();
  private final AtomicBoolean faulted = new AtomicBoolean();
  private final DataFolder folder;
  private final NodeMetrics metrics;
  private final ThreadLoop loop = new ThreadLoop("syncline-follow", this::onLoopError);
  private final ThreadLoop syncLoop = new ThreadLoop("syncline-sync", this::onLoopError);
  private final StoreReplica replica;
  private final StoreSource source;
  private final SyncServer sync;
  private final FollowerFreshness freshness;
  private final Watches watches;
  private final List<GrpcUpstream> upstreams = new ArrayList<>();
  private final Following following;
  private final Verifications verifications;
  private final DraftProposer proposer;
  private final CopyReporter reporter;
  private final Doors doors;

  private volatile FollowView view;
  private volatile long viewedAtNanos;
  private volatile List<FollowerStatus> downstream = List.of();
  private volatile long copyingKeys;
  private volatile long copyingTotalKeys;
  private volatile boolean closing;

  private Follower(FollowerSettings settings, Consumer<Fault> onFault) {
    this.settings = settings;
    this.onFault = onFault;
    readiness.hinder(COPY, "nothing is known yet: the first copy is under way");
    folder = DataFolder.open(settings.data());
    try {
      refuseVotersFolder();
      requireRoom();
      metrics = watchOver();
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    try {
      reporter = new CopyReporter(settings.proposeTo(), settings.id());
      replica = StoreReplica.open(
          CopyFolders.in(folder.root()),
          store -> new Feed(store, settings.feedChanges(), settings.feedBytes()),
          reporter::report);
      source = new StoreSource(replica.store(), replica.feed(), origin());
      sync = new SyncServer(
          syncLoop, source, SyncLimits.DEFAULT, settings.id(), new Random(), clock, metrics.sync());
      freshness = new FollowerFreshness(replica.store(), this::age);
      watches = new Watches(replica.feed(), replica.store(), settings.maxWatches(), this::onDamage);
      settings.upstreams().forEach(to -> upstreams.add(new GrpcUpstream(to, loop)));
      following = new Following(
          loop, replica, upstreams, self(), settings.follow(), new Random(), new Listening());
      verifications = new Verifications(following, replica::namespaces, settings.subscription());
      var drafts = Drafts.open(folder.root().resolve(DRAFTS), this::head, clock);
      proposer = new DraftProposer(drafts, settings.proposeTo(), settings.id(), loop, clock);
      view = following.view();
      viewedAtNanos = System.nanoTime();
      var serving = new FollowerServing(
          settings,
          replica,
          new Reads(replica.store()),
          freshness,
          watches,
          sync,
          drafts,
          metrics.reads(),
          this::verify);
      doors = Doors.open(
          settings.listen(),
          Limits.forContent(VoterSettings.MAX_CONTENT_BYTES),
          () -> serving,
          new FollowerDescription(this, settings, readiness, metrics::alerts),
          List.of(),
          readiness,
          this::onDamage);
      new FollowerMetrics(this, drafts).lookAt(metrics, serving, folder);
    } catch (IOException e) {
      metrics.close();
      folder.close();
      throw RefusedToStart.cannotListen("listen", settings.listen(), e);
    } catch (RuntimeException e) {
      metrics.close();
      folder.close();
      throw e;
    }
  }

  private NodeMetrics watchOver() {
    return new NodeMetrics(
        settings.id(),
        Metric.Node.FOLLOWER,
        this::clusterName,
        readiness,
        settings.monitoring(),
        faulted::get);
  }

  @SuppressWarnings("NullAway") // asked by those who watch, also before the copy is open
  private String clusterName() {
    return replica == null ? "" : replica.cluster().map(UUID::toString).orElse("");
  }

  /**
   * Starts a follower. Returns when it serves what it has; {@link #ready} tells when that is fresh.
   *
   * @param onFault told once, on any thread, when it must stop
   * @throws RefusedToStart if settings, data folder or address do not allow it
   */
  public static Follower start(FollowerSettings settings, Consumer<Fault> onFault) {
    var follower = new Follower(settings, onFault);
    follower.watches.start();
    follower.sync.start();
    follower.following.start();
    follower.look();
    follower.syncLoop.execute(follower::countDownstream);
    follower.trim();
    return follower;
  }

  private void refuseVotersFolder() {
    if (Files.exists(folder.root().resolve(Identity.FILE))) {
      throw new RefusedToStart("data folder: "
          + folder.root()
          + " belongs to a voter; use another folder for a follower");
    }
  }

  private void requireRoom() {
    try {
      folder.requireRoom();
    } catch (Fault e) {
      throw new RefusedToStart(String.valueOf(e.getMessage()), e);
    }
  }

  private StoreSource.Origin origin() {
    return new StoreSource.Origin(
        this::replicaCluster,
        () -> replicaTerm(),
        this::path,
        this::replicaBase,
        () -> age().orElse(Duration.ofDays(1)).toMillis(),
        Optional.of(settings.subscription()));
  }

  /** Until it has a copy of some cluster, there is nothing that anybody could follow. */
  private UUID replicaCluster() {
    return replica
        .cluster()
        .orElseThrow(() -> new RejectedException(Rejection.of(
            Reason.NOT_READY,
            "this relay has no copy yet; try again soon, or follow another one")));
  }

  private Revision replicaBase() {
    return replica.base();
  }

  private long replicaTerm() {
    return replica.term();
  }

  /** The relays above this one, as its upstream told, and itself. */
  private List<String> path() {
    var path = new ArrayList<>(view.path());
    path.add(settings.id());
    return path;
  }

  private Self self() {
    return new Self(
        settings.id(),
        settings.subscription(),
        settings.advertise().toString(),
        true,
        () -> downstream);
  }

  private Optional<Duration> age() {
    FollowView seen = view;
    Duration since = Duration.ofNanos(System.nanoTime() - viewedAtNanos);
    return seen.age().map(age -> age.plus(since));
  }

  private final class Listening implements FollowListener {
    @Override
    public void onApplied(ChangeBatch batch) {
      freshness.onRevision(batch.to());
      sync.onCommitted();
    }

    @Override
    public void onReplaced(Revision at) {
      source.recount();
      freshness.onRevision(at);
      sync.onCommitted();
    }

    @Override
    public void onView(FollowView seen) {
      if (seen.counts().corrupt() > view.counts().corrupt()) {
        LOG.warn("refused what arrived damaged: {}", seen.lastCorruption());
      }
      viewedAtNanos = System.nanoTime();
      view = seen;
      sync.setSound(seen.suspects().isEmpty());
    }

    @Override
    public void onCompared(NamespaceComparison comparison) {
      if (comparison.differences() > 0) {
        LOG.warn(
            "the copy differed: namespace={} revision={} keys={} repaired={} named={}",
            comparison.namespace(),
            comparison.at(),
            comparison.differences(),
            comparison.repaired(),
            comparison.named().stream().limit(LOGGED_KEYS).toList());
      }
      verifications.onCompared(comparison);
    }

    @Override
    public void onCopying(long keys, long totalKeys, long bytes, long totalBytes) {
      copyingKeys = keys;
      copyingTotalKeys = totalKeys;
    }
  }

  private void look() {
    FollowView seen = view;
    if (!seen.cursor().equals(Revision.ZERO) || seen.age().isPresent()) {
      readiness.meet(COPY);
    } else if (seen.state() == State.COPYING && copyingTotalKeys > 0) {
      readiness.hinder(
          COPY,
          "the first copy is under way: " + copyingKeys + " of " + copyingTotalKeys + " keys");
    }
    Optional<Duration> age = age();
    if (!seen.suspects().isEmpty()) {
      readiness.hinder(LAG, "these namespaces differ and are being repaired: " + seen.suspects());
    } else if (age.isEmpty() || age.get().compareTo(settings.maxLag()) > 0) {
      readiness.hinder(
          LAG,
          "the copy is "
              + age.map(a -> a.toMillis() + " ms").orElse("of unknown age")
              + " old (expected: at most "
              + settings.maxLag().toMillis()
              + " ms): "
              + seen.lastError());
    } else {
      readiness.meet(LAG);
      proposer.proposeNext();
    }
    var unused = loop.after(LOOK_INTERVAL, this::look);
  }

  private void countDownstream() {
    downstream = sync.statuses();
    var unused = syncLoop.after(DOWNSTREAM_INTERVAL, this::countDownstream);
  }

  /** What a draft is based on. */
  private @Nullable ConfigVersion head(NamespaceName namespace, Key key) {
    if (!settings.subscription().covers(namespace, key)) {
      throw new RejectedException(Rejection.of(
          Reason.WRONG_STATE,
          "key \""
              + key
              + "\" in namespace \""
              + namespace
              + "\": not in this follower's copy of "
              + settings.subscription()
              + "; use a follower that has it, or a voter"));
    }
    if (replica.cluster().isEmpty()) {
      throw new RejectedException(Rejection.of(
          Reason.NOT_READY, "this follower has no copy yet, so that a draft would have no base"));
    }
    return replica
        .store()
        .namespace(namespace)
        .map(record -> replica.store().read(reader -> reader.head(record.id(), key)))
        .orElse(null);
  }

  private void trim() {
    var unused = loop.after(TRIM_INTERVAL, () -> {
      replica.trim(clock.instant().minus(settings.history()));
      trim();
    });
  }

  /** A reader met what does not match its checksum: everything is compared, and what differs repaired. */
  private void onDamage(Fault fault) {
    if (!closing) {
      LOG.warn("the copy is damaged and will be repaired: reason={}", fault.getMessage());
      following.verify();
    }
  }

  /** What is not even readable is copied anew; if that fails as well, the follower stops. */
  private void onLoopError(Throwable error) {
    if (closing || error instanceof StoreClosed) {
      return;
    }
    boolean comparing = following.view().state() == State.COMPARING;
    if (error instanceof Fault && comparing) {
      LOG.warn("the copy is damaged and will be made anew: reason={}", error.getMessage());
      following.copyAnew();
    } else {
      fail(
          error instanceof Fault fault
              ? fault
              : new Fault("follower: " + Fault.reasonOf(error), error));
    }
  }

  private void fail(Fault fault) {
    if (!closing && faulted.compareAndSet(false, true)) {
      readiness.hinder("fault", String.valueOf(fault.getMessage()));
      onFault.accept(fault);
    }
  }

  /** Reads the whole copy, compares it with the centre's, and repairs what differs. */
  public void verify() {
    following.verify();
  }

  /**
   * Compares what the copy has of namespaces with what it is a copy of.
   *
   * @param namespaces empty: all
   */
  private CompletableFuture<List<NamespaceComparison>> verify(
      Set<NamespaceName> namespaces, boolean repair) {
    var answer = new CompletableFuture<List<NamespaceComparison>>();
    loop.execute(() -> {
      if (age().filter(age -> age.compareTo(settings.maxLag()) <= 0).isEmpty()) {
        answer.completeExceptionally(new RejectedException(Rejection.of(
            Reason.NOT_READY,
            "this follower is cut off from what it follows, and has nothing to compare with: "
                + view.lastError())));
        return;
      }
      var unused = verifications.verify(namespaces, repair).whenComplete((done, error) -> {
        if (error != null) {
          answer.completeExceptionally(error);
        } else {
          answer.complete(done);
        }
      });
    });
    return answer;
  }

  public FollowView view() {
    return view;
  }

  StoreReplica replica() {
    return replica;
  }

  Optional<Duration> ageNow() {
    return age();
  }

  /** How far a snapshot under way has come, in keys; empty: none is. Any thread. */
  public Optional<CopyProgress> copying() {
    return view.state() == State.COPYING && copyingTotalKeys > 0
        ? Optional.of(new CopyProgress(copyingKeys, copyingTotalKeys))
        : Optional.empty();
  }

  /**
   * How far a snapshot has come.
   *
   * @param totalKeys an estimate
   */
  public record CopyProgress(long keys, long totalKeys) {}

  long copyingKeys() {
    return copyingKeys;
  }

  long copyingTotalKeys() {
    return copyingTotalKeys;
  }

  int watchers() {
    return watches.count();
  }

  /** Whether the copy is whole, and fresh enough. */
  public boolean ready() {
    return readiness.ready();
  }

  public List<String> notReadyReasons() {
    return readiness.reasons();
  }

  /** Where it is reached, also if the port was any free one. */
  public Endpoint endpoint() {
    return new Endpoint(settings.advertise().host(), doors.port());
  }

  /** Where metrics and health are served, also if the port was any free one; empty: nowhere. */
  public Optional<Endpoint> httpEndpoint() {
    return metrics.endpoint();
  }

  @Override
  public void close() {
    closing = true;
    readiness.hinder("closing", "stopping");
    sync.close(Rejection.of(Reason.NOT_READY, "this relay is stopping; follow another one"));
    following.close();
    loop.execute(() -> {
      proposer.close();
      reporter.close();
      verifications.end(Rejection.of(Reason.NOT_READY, "this follower is stopping"));
    });
    doors.close();
    metrics.stopLooking();
    watches.close();
    loop.close();
    syncLoop.close();
    upstreams.forEach(GrpcUpstream::close);
    replica.close();
    metrics.close();
    folder.close();
  }
}
