package io.syncline.server;

import io.syncline.codec.LogCodec;
import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.LogPosition;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.server.apply.Applier;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A store on the disk with its state machine, fed by hand: a voter without Raft. */
public final class AppliedStore implements AutoCloseable {
  public static final Actor ACTOR = new Actor("tester", false);

  /** The proposer's clock when the first batch comes; one second later for each batch. */
  public static final long FIRST_BATCH_MS = 1_700_000_000_000L;

  private final Path folder;
  private final List<ConfigVersion> changes = new ArrayList<>();
  private Store store;
  private Applier applier;

  public AppliedStore(Path folder) {
    this.folder = folder;
    this.store = Store.open(folder);
    this.applier = new Applier(store);
  }

  public Store store() {
    return store;
  }

  /** Everything ever changed, in order. */
  public List<ConfigVersion> changes() {
    return changes;
  }

  public Revision revision() {
    return store.position().revision();
  }

  public void reopen() {
    store.close();
    store = Store.open(folder);
    applier = new Applier(store);
  }

  public Applied applyAt(long proposedAtMs, List<ProposedCommand> commands) {
    var at = new LogPosition(1, store.position().applied().index() + 1);
    Applied applied = applier.apply(new LogCodec.Batch(proposedAtMs, commands), at);
    changes.addAll(applied.changes());
    return applied;
  }

  public Applied apply(List<ProposedCommand> commands) {
    long batch = store.position().applied().index() + 1;
    return applyAt(FIRST_BATCH_MS + batch * 1000, commands);
  }

  /** All commands as one batch. */
  public List<Outcome> apply(Command... commands) {
    return apply(Stream.of(commands).map(AppliedStore::proposed).toList()).outcomes();
  }

  public Outcome.Committed committed(Command command) {
    Outcome outcome = apply(command).get(0);
    if (outcome instanceof Outcome.Committed committed) {
      return committed;
    }
    throw new AssertionError("refused: " + outcome);
  }

  public Rejection rejected(Command command) {
    Outcome outcome = apply(command).get(0);
    if (outcome instanceof Outcome.Rejected rejected) {
      return rejected.rejection();
    }
    throw new AssertionError("not refused: " + outcome);
  }

  public static ProposedCommand proposed(Command command) {
    return new ProposedCommand(null, ACTOR, "because", command);
  }

  public NamespaceRecord namespace(NamespaceName name) {
    return store.namespace(name).orElseThrow();
  }

  public ConfigVersion head(String key) {
    ConfigVersion head =
        store.read(reader -> reader.head(namespace(NamespaceName.DEFAULT).id(), Key.of(key)));
    if (head == null) {
      throw new AssertionError("no key " + key);
    }
    return head;
  }

  @Override
  public void close() {
    store.close();
  }
}
