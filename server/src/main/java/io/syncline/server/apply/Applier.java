package io.syncline.server.apply;

import io.syncline.codec.LogCodec;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.LogPosition;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Revision;
import io.syncline.model.StorePosition;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The deterministic state machine: state, commands and their place in the log give outcomes, changes
 * and the next state, in one store batch.
 *
 * <p>Pure but for the store: no clock, randomness, environment or hash order enters. The same log
 * gives the same state and the same outcomes on every voter. Used by one thread.
 */
public final class Applier {
  private final Store store;
  private final CommandWindow window;
  private final LiveDigests digests;

  public Applier(Store store) {
    this.store = store;
    if (store.position().equals(StorePosition.INITIAL)) {
      store.write(genesis());
    }
    this.window = CommandWindow.load(store);
    this.digests = new LiveDigests(store);
  }

  /** What every store begins with, the same bytes everywhere: the default namespace. */
  private static StoreBatch genesis() {
    var batch = new StoreBatch();
    StorePosition initial = StorePosition.INITIAL;
    batch.putNamespace(NamespaceRecord.created(
        initial.nextNamespaceId(),
        NamespaceName.DEFAULT,
        NamespaceSettings.KEEP_ALL,
        Instant.EPOCH,
        Actor.SYNCLINE));
    batch.setPosition(new StorePosition(
        initial.applied(),
        initial.revision(),
        initial.timeMs(),
        initial.nextNamespaceId() + 1,
        initial.commandsRemembered(),
        initial.conflictsRecorded(),
        initial.conflictsDropped()));
    return batch;
  }

  /**
   * What an entry did.
   *
   * @param from the revision before it
   * @param to the revision after it
   * @param outcomes one per command, in order
   * @param changes the versions it made, in order of revision and sub-index
   * @param conflicts that it recorded or closed
   * @param digests after it, of the namespaces it changed
   */
  public record Applied(
      Revision from,
      Revision to,
      List<Outcome> outcomes,
      List<ConfigVersion> changes,
      List<Conflict> conflicts,
      Map<NamespaceName, Checksum> digests) {
    public Applied {
      outcomes = List.copyOf(outcomes);
      changes = List.copyOf(changes);
      conflicts = List.copyOf(conflicts);
      digests = Map.copyOf(digests);
    }
  }

  /** The last entry that the store reflects. */
  public LogPosition applied() {
    return store.position().applied();
  }

  /**
   * Decides and carries out the commands of one entry.
   *
   * @param at the entry's place, after {@link #applied()}
   */
  public Applied apply(LogCodec.Batch batch, LogPosition at) {
    StorePosition before = store.position();
    var pending = new PendingState(store, before, batch.proposedAtMs(), digests);
    var outcomes = new ArrayList<Outcome>(batch.commands().size());
    for (ProposedCommand proposed : batch.commands()) {
      outcomes.add(applyOnce(proposed, pending));
    }
    store.write(pending.seal(at));
    return new Applied(
        before.revision(),
        store.position().revision(),
        outcomes,
        pending.changes(),
        pending.conflicts(),
        pending.changedDigests());
  }

  /** Notes an entry that holds no commands, such as a change of membership. */
  public void skip(LogPosition at) {
    StorePosition before = store.position();
    var pending = new PendingState(store, before, before.timeMs(), digests);
    store.write(pending.seal(at));
  }

  private Outcome applyOnce(ProposedCommand proposed, PendingState pending) {
    var id = proposed.id();
    if (id == null) {
      return decideAndCarryOut(proposed, pending);
    }
    Outcome first = window.outcomeOf(id, pending);
    if (first != null) {
      return first;
    }
    Outcome outcome = decideAndCarryOut(proposed, pending);
    window.remember(id, outcome, pending);
    return outcome;
  }

  private static Outcome decideAndCarryOut(ProposedCommand proposed, PendingState pending) {
    Decision decision = new Decider(pending, proposed).decide();
    return pending.carryOut(decision);
  }
}
