package io.syncline.server.node;

import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.Fault;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.ProposedCommand;
import io.syncline.monitor.Readiness;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.server.retain.ConflictRetention;
import io.syncline.server.retain.Retention;
import io.syncline.server.retain.Sweep;
import io.syncline.server.store.StoreClosed;
import io.syncline.server.sync.SyncLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a voter does from time to time: look whether it is ready and has room, note where followers
 * stand, let old history go.
 */
final class Chores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
  private static final String LEADER = "leader";
  private static final Duration READINESS_INTERVAL = Duration.ofMillis(100);

  private final DataFolder folder;
  private final VoterServing serving;
  private final Readiness readiness;
  private final Consumer<Fault> onFault;
  private final VoterSettings settings;
  private final FollowerRegistry registry;
  private final Peers peers = new Peers();
  private final Retention retention;
  private final ConflictRetention conflicts;
  private final Sweep sweep;
  private final Duration longestSilence;
  private final Clock clock = Clock.systemUTC();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "syncline-readiness"));
  private final ScheduledExecutorService registration =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "syncline-followers"));
  private final ScheduledExecutorService housekeeping =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "syncline-retention"));

  Chores(
      VoterSettings settings,
      DataFolder folder,
      VoterServing serving,
      Readiness readiness,
      Consumer<Fault> onFault) {
    this.folder = folder;
    this.serving = serving;
    this.readiness = readiness;
    this.onFault = onFault;
    this.settings = settings;
    this.registry = new FollowerRegistry(serving.store(), SyncLimits.DEFAULT.forgotten());
    this.retention =
        new Retention(serving.store(), settings.retentionGrace(), settings.retentionForFollowers());
    this.conflicts = new ConflictRetention(serving.store());
    this.sweep = new Sweep(serving.store());
    this.longestSilence = settings.raft().electionTimeout().multipliedBy(2);
  }

  void start() {
    lookWhetherReady();
    schedule(looks, this::lookWhetherReady, READINESS_INTERVAL);
    schedule(looks, folder::requireRoom, READINESS_INTERVAL);
    schedule(housekeeping, this::letHistoryGo, settings.retentionInterval());
    schedule(registration, this::noteFollowers, settings.followerNoteInterval());
  }

  private void schedule(ScheduledExecutorService executor, Runnable chore, Duration interval) {
    // ends with the executor; what goes wrong is told to onFault
    var unused = executor.scheduleWithFixedDelay(
        () -> doSafely(chore), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void doSafely(Runnable chore) {
    try {
      chore.run();
    } catch (StoreClosed e) {
      LOG.debug("a chore ended with the store");
    } catch (Fault e) {
      onFault.accept(e);
    } catch (RuntimeException | Error e) {
      onFault.accept(new Fault("chore: " + Fault.reasonOf(e), e));
    }
  }

  private void lookWhetherReady() {
    boolean led = serving
        .raft()
        .sinceLeader()
        .filter(silence -> silence.compareTo(longestSilence) < 0)
        .isPresent();
    if (led && serving.raft().isMember()) {
      readiness.meet(LEADER);
    } else {
      readiness.hinder(LEADER, "no leader is known: writes and linearizable reads wait for one");
    }
  }

  private void letHistoryGo() {
    if (serving.raft().leads()) {
      retention.due(clock.instant()).forEach(command -> propose("retention", command));
      conflicts.due(clock.instant()).ifPresent(command -> propose("retention", command));
    }
    long deleted = sweep.run();
    if (deleted > 0) {
      LOG.info("old versions deleted: versions={}", deleted);
    }
  }

  /** At the leader: followers that the log remembers, and that no voter has heard of. Any thread. */
  List<FollowerRegistration> unheardOf() {
    return serving.raft().leads() ? registry.unheardOf() : List.of();
  }

  private void noteFollowers() {
    if (serving.raft().leads()) {
      var seen = new ArrayList<FollowerStatus>();
      for (VoterAddress voter : settings.voters()) {
        seen.addAll(peers.followers(voter.client()));
      }
      registry.due(seen, clock.instant()).forEach(command -> propose("followers", command));
    }
  }

  /** The next round looks again: whether it was committed makes no difference. */
  private void propose(String why, Command command) {
    var proposed = new ProposedCommand(null, Actor.SYNCLINE, why, command);
    var unused =
        serving.raft().propose(proposed).handle((outcome, error) -> true).join();
  }

  @Override
  public void close() {
    looks.shutdownNow();
    registration.shutdownNow();
    housekeeping.shutdownNow();
    try {
      boolean ended = looks.awaitTermination(1, TimeUnit.SECONDS)
          && registration.awaitTermination(5, TimeUnit.SECONDS)
          && housekeeping.awaitTermination(5, TimeUnit.SECONDS);
      if (!ended) {
        LOG.warn("a chore did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    peers.close();
  }
}
