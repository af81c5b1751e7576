package io.syncline.server.etcd;

import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.KeyspaceCommand.NoteLeases.Remaining;
import io.syncline.model.RejectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Notes in the log how long the leases of a lessor last still: of those that nobody has renewed for a
 * while, and of those among them that are renewed then. Everything but what completes later is called
 * under the lessor's lock.
 */
final class LeaseNotes {
  /** In one command. */
  private static final int MAX_NOTED_AT_ONCE = 1000;

  private static final int MAX_NOTES_PER_ROUND = 10;
  private static final long INTERVAL_MS = 1000;
  private static final long RETRY_MS = 1000;

  private final Lessor.Voter voter;
  private final Object lock;
  private final LeaseAgenda agenda = new LeaseAgenda(HeldLease::noteAtMs);
  /** Leases whose renewal waits until the notes before it are written. */
  private final Set<HeldLease> renewals = new LinkedHashSet<>();

  private int inFlight;
  private boolean renewalsInFlight;
  private long nextRoundMs;

  /**
   * @param lock the lessor's
   */
  LeaseNotes(Lessor.Voter voter, Object lock) {
    this.voter = voter;
    this.lock = lock;
  }

  /** Looks after a lease from now on. */
  void add(HeldLease lease) {
    agenda.add(lease);
  }

  /** Looks after none any more; renewals that wait are refused. */
  void clear(RejectedException refusal) {
    agenda.clear();
    var refused = List.copyOf(renewals);
    renewals.clear();
    refused.forEach(lease -> lease.endRenewal(refusal));
  }

  /** Completes when the renewal of a lease stands in the log. */
  CompletableFuture<Duration> noteRenewal(HeldLease lease) {
    CompletableFuture<Duration> waiting = lease.renewal();
    if (waiting != null) {
      return waiting.copy();
    }
    CompletableFuture<Duration> begun = lease.beginRenewal();
    renewals.add(lease);
    writeRenewals();
    return begun.copy();
  }

  private void writeRenewals() {
    if (renewalsInFlight || renewals.isEmpty()) {
      return;
    }
    List<HeldLease> batch = renewals.stream().limit(MAX_NOTED_AT_ONCE).toList();
    batch.forEach(renewals::remove);
    renewalsInFlight = true;
    var note = new NoteLeases(
        batch.stream().map(lease -> new Remaining(lease.id(), lease.ttl())).toList());
    var unused = voter.note(note).whenComplete((done, error) -> renewalsWritten(batch, error));
  }

  private void renewalsWritten(List<HeldLease> batch, @Nullable Throwable error) {
    synchronized (lock) {
      renewalsInFlight = false;
      for (HeldLease lease : batch) {
        if (error == null) {
          lease.noteAs(lease.ttl());
        }
        lease.endRenewal(error);
      }
      writeRenewals();
    }
  }

  /** Notes those whose turn has come. */
  void noteDue(long now) {
    if (now < nextRoundMs || inFlight > 0) {
      return;
    }
    nextRoundMs = now + INTERVAL_MS;
    for (int i = 0; i < MAX_NOTES_PER_ROUND; i++) {
      List<Remaining> due = takeDrifted(now);
      if (due.isEmpty()) {
        return;
      }
      inFlight++;
      var unused = voter.note(new NoteLeases(due)).whenComplete((done, error) -> noted());
    }
  }

  private List<Remaining> takeDrifted(long now) {
    var due = new ArrayList<Remaining>();
    while (due.size() < MAX_NOTED_AT_ONCE) {
      HeldLease lease = agenda.poll(now);
      if (lease == null) {
        break;
      }
      if (lease.isNotable(now)) {
        // from here on the log may say so: a renewal must follow it there
        lease.noteAs(lease.left(now));
        due.add(new Remaining(lease.id(), lease.left(now)));
        agenda.add(lease);
      } else {
        agenda.addAt(lease, now + RETRY_MS);
      }
    }
    return due;
  }

  private void noted() {
    synchronized (lock) {
      inFlight--;
    }
  }
}
