package io.syncline.server.draft;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Draft;
import io.syncline.model.Draft.Outcome;
import io.syncline.model.Draft.State;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Version;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The drafts of one follower: kept on disk, in memory as well, a bounded number. Any thread; calls that
 * change something return when it is on the disk. Refusals are {@link RejectedException}.
 */
public final class Drafts {
  /** Of all states together; for room, those decided longest ago go first. */
  static final int MAX_DRAFTS = 1000;

  private final DraftFolder folder;
  private final CopyHeads heads;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final TreeMap<Long, Draft> byId = new TreeMap<>();
  private long lastId;

  /** The follower's copy, as drafts are based on it. */
  public interface CopyHeads {
    /**
     * The key's newest version; null: the copy has none.
     *
     * @throws RejectedException if the copy cannot tell
     */
    @Nullable
    ConfigVersion head(NamespaceName namespace, Key key);
  }

  private Drafts(DraftFolder folder, CopyHeads heads, InstantSource clock) {
    this.folder = folder;
    this.heads = heads;
    this.clock = clock;
    folder.read().forEach(draft -> byId.put(draft.id(), draft));
    this.lastId = byId.isEmpty() ? 0 : byId.lastKey();
  }

  /**
   * Reads the drafts there are.
   *
   * @throws io.syncline.model.Fault if the folder cannot be used
   */
  public static Drafts open(Path folder, CopyHeads heads, InstantSource clock) {
    return new Drafts(new DraftFolder(folder), heads, clock);
  }

  /**
   * Keeps a draft of a put or a delete. One that waits for the same key is replaced, and its base kept:
   * that is what both were made from.
   *
   * @param onConflict the text of the strategy if the key has changed when it is proposed; may be empty
   */
  public synchronized Draft create(ProposedCommand asked, String onConflict) {
    NamespaceName namespace = namespaceOf(asked.command());
    Key key = keyOf(asked.command());
    Draft former = pendingOf(namespace, key);
    ConfigVersion head = heads.head(namespace, key);
    requireSense(asked.command(), namespace, key, head);
    Version base = former != null ? former.base() : head == null ? Version.NONE : head.version();
    makeRoom(former == null ? 1 : 0);
    var made = new Draft(
        ++lastId,
        new ProposedCommand(newId(), asked.actor(), asked.reason(), onBase(asked.command(), base)),
        base,
        onConflict,
        clock.instant(),
        Outcome.pending(""));
    folder.write(made);
    byId.put(made.id(), made);
    if (former != null) {
      remove(former);
    }
    return made;
  }

  private static void requireSense(
      Command command, NamespaceName namespace, Key key, @Nullable ConfigVersion head) {
    Precondition given = command instanceof Command.Put put
        ? put.precondition()
        : ((Command.Delete) command).precondition();
    if (!given.holds(head)) {
      throw new RejectedException(Rejection.preconditionFailed(namespace, key, given, head));
    }
    if (command instanceof Command.Delete && (head == null || head.tombstone())) {
      throw new RejectedException(Rejection.keyNotFound(namespace, key));
    }
  }

  private static Command onBase(Command command, Version base) {
    var unchanged = new Precondition.AtVersion(base);
    return command instanceof Command.Put put
        ? new Command.Put(
            put.namespace(), put.key(), put.content(), unchanged, put.force(), put.sourceTime())
        : new Command.Delete(
            namespaceOf(command),
            keyOf(command),
            unchanged,
            ((Command.Delete) command).sourceTime());
  }

  private CommandId newId() {
    var id = new byte[CommandId.CLIENT_ID_SIZE_BYTES];
    random.nextBytes(id);
    return new CommandId(ByteString.copyFrom(id), 1);
  }

  private void makeRoom(int more) {
    var gone = new ArrayList<Long>();
    for (Draft draft : byId.values()) {
      if (byId.size() - gone.size() + more > MAX_DRAFTS && !draft.isPending()) {
        gone.add(draft.id());
      }
    }
    if (byId.size() - gone.size() + more > MAX_DRAFTS) {
      throw new RejectedException(
          Rejection.tooMany("drafts that wait", byId.size() + 1L, MAX_DRAFTS));
    }
    folder.delete(gone);
    gone.forEach(byId::remove);
  }

  /** By id. */
  public synchronized List<Draft> list() {
    return List.copyOf(byId.values());
  }

  public synchronized Draft get(long id) {
    return require(id);
  }

  /** Forgets a draft, and returns it. */
  public synchronized Draft discard(long id) {
    Draft draft = require(id);
    remove(draft);
    return draft;
  }

  private void remove(Draft draft) {
    folder.delete(List.of(draft.id()));
    byId.remove(draft.id());
  }

  private Draft require(long id) {
    Draft draft = byId.get(id);
    if (draft == null) {
      throw new RejectedException(Rejection.of(
          Reason.KEY_NOT_FOUND,
          "draft " + Long.toUnsignedString(id) + ": not found; see the list"));
    }
    return draft;
  }

  private @Nullable Draft pendingOf(NamespaceName namespace, Key key) {
    return byId.values().stream()
        .filter(draft -> draft.isPending()
            && draft.namespace().equals(namespace)
            && draft.key().equals(key))
        .findFirst()
        .orElse(null);
  }

  /** The oldest that waits; empty: none does. */
  synchronized Optional<Draft> next() {
    return byId.values().stream().filter(Draft::isPending).findFirst();
  }

  /**
   * Notes what became of one that was proposed. One that was forgotten meanwhile is there again if it
   * became a version: nothing that was written is to be unknown here.
   */
  synchronized void decide(Draft draft, Outcome outcome) {
    Draft decided = draft.with(outcome);
    boolean known = byId.containsKey(draft.id());
    boolean news =
        known ? !decided.equals(byId.get(draft.id())) : outcome.state() == State.ACCEPTED;
    if (news) {
      folder.write(decided);
      byId.put(draft.id(), decided);
    }
  }

  private static NamespaceName namespaceOf(Command command) {
    return command instanceof Command.Put put
        ? put.namespace()
        : ((Command.Delete) command).namespace();
  }

  private static Key keyOf(Command command) {
    return command instanceof Command.Put put ? put.key() : ((Command.Delete) command).key();
  }
}
