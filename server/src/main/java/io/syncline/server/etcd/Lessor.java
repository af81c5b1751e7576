package io.syncline.server.etcd;

import io.syncline.model.EtcdError;
import io.syncline.model.Fault;
import io.syncline.model.Futures;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.Lease;
import io.syncline.model.Outcome;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.server.store.StoreClosed;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the leases at the voter that leads: knows when each ends, lets clients renew them, and ends those
 * that were not renewed. At other voters it does nothing. Any thread.
 *
 * <p>What there is of leases, and what hangs on them, is in the store, and changes through the log. When
 * they end is known here alone, and is made out anew by each leader, so that it never is earlier than a
 * client was promised:
 *
 * <ol>
 *   <li>A leader gives each lease the time that the log last noted of it, from the moment it leads, and
 *       some grace for the election on top. No voter's clock is compared with another's.
 *   <li>A renewal counts from a moment after which this voter surely still led: whoever leads later has
 *       begun to lead after it. So a lease that is noted as whole lasts long enough under the next leader
 *       without another note; and renewing it touches nothing but memory.
 *   <li>A lease that has not been renewed for a while is noted with the time it has left, so that it does
 *       not begin anew with each leader: that costs at most 30 s (see {@link HeldLease#noteAtMs}). From
 *       then on a renewal is noted in the log before it is promised.
 *   <li>Time during which this process did not run, beyond a second, does not count: clients could not
 *       renew in it.
 * </ol>
 */
final class Lessor implements AutoCloseable {
  /** As etcd ends them at most: a thousand in a second. */
  static final int MAX_ENDS_PER_TICK = 100;

  static final Duration TICK = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger(Lessor.class);
  private static final int MAX_ENDS_IN_FLIGHT = 500;
  private static final long RETRY_MS = 1000;
  private static final long MAX_STEP_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long CLOSE_SECONDS = 5;

  private final Voter voter;
  private final Duration leastTtl;
  private final Duration grace;
  private final LongSupplier nanoTime;
  private final Consumer<Fault> onFault;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "syncline-leases"));

  private final Map<Long, HeldLease> held = new HashMap<>();
  private final LeaseAgenda ends = new LeaseAgenda(HeldLease::deadlineMs);
  private final LeaseNotes notes;

  /** In which this voter leads, and holds the leases; 0: it does not. */
  private long term;

  private int granting;
  private int endsInFlight;
  private boolean confirming;
  private long awakeNanos;
  private long lookedNanos;

  /** The voter that this lessor is part of. */
  interface Voter {
    /** In which it leads, with everything of earlier terms applied; 0: it does not lead. */
    long leadingTerm();

    /** Completes when it surely was the only leader at a moment after the call. */
    CompletableFuture<Void> confirmLeading();

    /** Why something for the leader is refused. */
    Rejection notLeader();

    /** Of the store. */
    List<Lease> leases();

    /** Proposes, in the order of the calls; a refusal is a {@link RejectedException}. */
    CompletableFuture<Outcome.Committed> carryOut(Caller caller, KeyspaceCommand command);

    CompletableFuture<Outcome.Committed> end(long leaseId);

    CompletableFuture<Outcome.Committed> note(NoteLeases note);
  }

  /**
   * @param leastTtl the shortest lease that is granted
   * @param grace for clients to find the next leader
   * @param nanoTime as {@link System#nanoTime}
   * @param onFault stops the node
   */
  Lessor(
      Voter voter,
      Duration leastTtl,
      Duration grace,
      LongSupplier nanoTime,
      Consumer<Fault> onFault) {
    this.voter = voter;
    this.notes = new LeaseNotes(voter, this);
    this.leastTtl = leastTtl;
    this.grace = grace;
    this.nanoTime = nanoTime;
    this.onFault = onFault;
    this.lookedNanos = nanoTime.getAsLong();
  }

  /** The shortest lease that etcd would grant with such elections: half as long again, in seconds. */
  static Duration leastTtl(Duration electionTimeout) {
    long millis = electionTimeout.toMillis() * 3 / 2;
    return Duration.ofSeconds(Math.max(1, (millis + 999) / 1000));
  }

  void start() {
    // ends with the executor; what goes wrong is told to onFault
    var unused = ticks.scheduleWithFixedDelay(
        this::tickSafely, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tickSafely() {
    try {
      tick();
    } catch (StoreClosed e) {
      LOG.debug("the leases are left alone: the node is stopping");
    } catch (RejectedException e) {
      LOG.debug("the leases are left alone: reason={}", e.getMessage());
    } catch (Fault e) {
      onFault.accept(e);
    } catch (RuntimeException | Error e) {
      onFault.accept(new Fault("leases: " + Fault.reasonOf(e), e));
    }
  }

  /** Ends and notes what is due. */
  synchronized void tick() {
    long now = time();
    lookWhoLeads();
    if (term == 0) {
      return;
    }
    endDue(now);
    notes.noteDue(now);
  }

  /** Milliseconds for which this process has run. */
  private long time() {
    long now = nanoTime.getAsLong();
    awakeNanos += Math.min(now - lookedNanos, MAX_STEP_NANOS);
    lookedNanos = now;
    return TimeUnit.NANOSECONDS.toMillis(awakeNanos);
  }

  private void lookWhoLeads() {
    long leading = voter.leadingTerm();
    if (leading != term) {
      letGo();
      if (leading != 0) {
        takeOver(leading);
      }
    }
  }

  private void takeOver(long leading) {
    long from = time() + grace.toMillis();
    for (Lease lease : voter.leases()) {
      hold(new HeldLease(lease.id(), lease.ttl(), lease.remaining(), from));
    }
    term = leading;
    if (!held.isEmpty()) {
      LOG.info("holding the leases: leases={} term={}", held.size(), leading);
    }
  }

  private void hold(HeldLease lease) {
    held.put(lease.id(), lease);
    ends.add(lease);
    notes.add(lease);
  }

  private void letGo() {
    term = 0;
    held.values().forEach(HeldLease::go);
    held.clear();
    ends.clear();
    notes.clear(new RejectedException(voter.notLeader()));
  }

  private void requireLeading() {
    lookWhoLeads();
    if (term == 0) {
      throw new RejectedException(voter.notLeader());
    }
  }

  /**
   * Grants a lease.
   *
   * @param id not 0
   * @param wanted how long it is to last; it may be granted for longer
   * @return how long it was granted for, and at which revision
   * @throws RejectedException if there are too many leases, or this voter does not lead
   */
  synchronized CompletableFuture<Granted> grant(Caller caller, long id, Duration wanted) {
    requireLeading();
    if (held.size() + granting >= Lease.MAX_COUNT) {
      throw EtcdError.TOO_MANY_REQUESTS.exception();
    }
    Duration ttl = wanted.compareTo(leastTtl) < 0 ? leastTtl : wanted;
    granting++;
    return voter
        .carryOut(caller, new KeyspaceCommand.GrantLease(id, ttl))
        .whenComplete((done, error) -> granted(id, ttl, error))
        .thenApply(done -> new Granted(ttl, done));
  }

  record Granted(Duration ttl, Outcome.Committed outcome) {}

  private synchronized void granted(long id, Duration ttl, @Nullable Throwable error) {
    granting--;
    if (error != null) {
      doubtIfUnknown(error);
    } else if (term != 0 && !held.containsKey(id)) {
      hold(new HeldLease(id, ttl, ttl, time()));
    }
  }

  /**
   * Ends a lease, and deletes what hangs on it.
   *
   * @throws RejectedException if this voter does not lead
   */
  synchronized CompletableFuture<Outcome.Committed> revoke(
      Caller caller, KeyspaceCommand.RevokeLease revoke) {
    requireLeading();
    return voter
        .carryOut(caller, revoke)
        .whenComplete((done, error) -> revoked(revoke.id(), error));
  }

  private synchronized void revoked(long id, @Nullable Throwable error) {
    if (error == null || isNotFound(error)) {
      drop(id);
    } else {
      doubtIfUnknown(error);
    }
  }

  private void drop(long id) {
    HeldLease lease = held.remove(id);
    if (lease != null) {
      lease.go();
    }
  }

  /**
   * Renews a lease, unless it has ended.
   *
   * @return how long it lasts from the call on; zero if there is no such lease
   */
  CompletableFuture<Duration> renew(long id) {
    long asked;
    synchronized (this) {
      requireLeading();
      asked = time();
    }
    return voter.confirmLeading().thenCompose(confirmed -> renewFrom(id, asked));
  }

  private CompletableFuture<Duration> renewFrom(long id, long asked) {
    HeldLease lease;
    CompletableFuture<Void> ending;
    synchronized (this) {
      requireLeading();
      lease = held.get(id);
      if (lease == null) {
        return CompletableFuture.completedFuture(Duration.ZERO);
      }
      ending = lease.ending();
      if (ending == null) {
        lease.renewFrom(asked);
        return lease.notedWhole() && lease.renewal() == null
            ? CompletableFuture.completedFuture(lease.ttl())
            : notes.noteRenewal(lease);
      }
    }
    return ending.thenApply(ended -> timeOfEnded(lease));
  }

  /** It is too late to renew it; its client is told when it has ended. */
  private synchronized Duration timeOfEnded(HeldLease lease) {
    if (term != 0 && !held.containsKey(lease.id())) {
      return Duration.ZERO;
    }
    throw EtcdError.LEADER_CHANGED.exception();
  }

  /** How many leases are held; none at a voter that does not lead. */
  synchronized int count() {
    return held.size();
  }

  /** How a lease stands. */
  record Standing(long id, Duration ttl, Duration left) {}

  /**
   * Empty: there is no such lease.
   *
   * @throws RejectedException if this voter does not lead
   */
  synchronized Optional<Standing> standing(long id) {
    requireLeading();
    long now = time();
    return Optional.ofNullable(held.get(id))
        .map(lease -> new Standing(lease.id(), lease.ttl(), lease.left(now)));
  }

  /**
   * The ids of all leases, in the order in which they end.
   *
   * @throws RejectedException if this voter does not lead
   */
  synchronized List<Long> ids() {
    requireLeading();
    return held.values().stream()
        .sorted(Comparator.comparingLong(HeldLease::deadlineMs).thenComparing(HeldLease::id))
        .map(HeldLease::id)
        .toList();
  }

  private void endDue(long now) {
    if (confirming) {
      return;
    }
    HeldLease first = ends.poll(now);
    if (first == null) {
      return;
    }
    ends.addAt(first, now);
    confirming = true;
    var unused = voter.confirmLeading().whenComplete((confirmed, error) -> {
      synchronized (this) {
        confirming = false;
        if (error == null && term != 0) {
          endDueNow(now);
        }
      }
    });
  }

  private void endDueNow(long now) {
    for (int i = 0; i < MAX_ENDS_PER_TICK && endsInFlight < MAX_ENDS_IN_FLIGHT; i++) {
      HeldLease lease = ends.poll(now);
      if (lease == null) {
        return;
      }
      if (lease.renewal() == null) {
        end(lease);
      } else {
        ends.addAt(lease, now + RETRY_MS);
      }
    }
  }

  private void end(HeldLease lease) {
    endsInFlight++;
    CompletableFuture<Void> ending = lease.beginEnding();
    var unused = voter.end(lease.id()).whenComplete((done, error) -> {
      ended(lease, error);
      ending.complete(null);
    });
  }

  private synchronized void ended(HeldLease lease, @Nullable Throwable error) {
    endsInFlight--;
    if (error == null || isNotFound(error)) {
      lease.go();
      held.remove(lease.id(), lease);
      LOG.debug("a lease has ended: lease={}", lease.id());
    } else if (!lease.gone()) {
      lease.stay();
      ends.addAt(lease, time() + RETRY_MS);
    }
  }

  /** What is held may not be what is stored: it is made out anew. */
  private void doubtIfUnknown(Throwable error) {
    Rejection why = rejection(error);
    if (why == null || why.reason() == Reason.OUTCOME_UNKNOWN) {
      letGo();
    }
  }

  private static boolean isNotFound(Throwable error) {
    Rejection why = rejection(error);
    return why != null
        && EtcdError.of(why).filter(known -> known == EtcdError.LEASE_NOT_FOUND).isPresent();
  }

  private static @Nullable Rejection rejection(Throwable thrown) {
    return Futures.causeOf(thrown) instanceof RejectedException rejected
        ? rejected.rejection()
        : null;
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    try {
      if (!ticks.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the leases are still being looked after: seconds={}", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
