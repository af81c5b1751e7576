package io.syncline.server.node;

import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.Fault;
import io.syncline.model.ProposedCommand;
import io.syncline.monitor.Readiness;
import io.syncline.server.retain.Retention;
import io.syncline.server.retain.Sweep;
import io.syncline.server.store.StoreClosed;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a voter does from time to time: look whether it is ready and has room, let old history go. */
final class Chores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
  private static final String LEADER = "leader";
  private static final Duration READINESS_INTERVAL = Duration.ofMillis(100);

  private final DataFolder folder;
  private final VoterServing serving;
  private final Readiness readiness;
  private final Consumer<Fault> onFault;
  private final Duration retentionInterval;
  private final Retention retention;
  private final Sweep sweep;
  private final Duration longestSilence;
  private final Clock clock = Clock.systemUTC();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "syncline-readiness"));
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
    this.retentionInterval = settings.retentionInterval();
    this.retention = new Retention(serving.store(), settings.retentionGrace());
    this.sweep = new Sweep(serving.store());
    this.longestSilence = settings.raft().electionTimeout().multipliedBy(2);
  }

  void start() {
    lookWhetherReady();
    schedule(looks, this::lookWhetherReady, READINESS_INTERVAL);
    schedule(looks, folder::requireRoom, READINESS_INTERVAL);
    schedule(housekeeping, this::letHistoryGo, retentionInterval);
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
      for (Command command : retention.due(clock.instant())) {
        var proposed = new ProposedCommand(null, Actor.SYNCLINE, "retention", command);
        // the next round looks again: whether it was committed makes no difference here
        var unused = serving.raft().propose(proposed).join();
      }
    }
    long deleted = sweep.run();
    if (deleted > 0) {
      LOG.info("old versions deleted: versions={}", deleted);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
    housekeeping.shutdownNow();
    try {
      boolean ended = looks.awaitTermination(1, TimeUnit.SECONDS)
          && housekeeping.awaitTermination(5, TimeUnit.SECONDS);
      if (!ended) {
        LOG.warn("a chore did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
