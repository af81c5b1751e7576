package io.syncline.server.apply;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Transaction.Compare;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides one command on the state before it. Changes nothing: {@link PendingState} carries the
 * decision out.
 */
final class Decider {
  /** The most keys one range delete may take: it is one revision, and one store batch. */
  static final int MAX_RANGE_DELETES = 10_000;

  /** The most namespaces there may be: their records and digests are kept in memory. */
  static final int MAX_NAMESPACES = 10_000;

  private final StateView state;
  private final ProposedCommand proposed;

  Decider(StateView state, ProposedCommand proposed) {
    this.state = state;
    this.proposed = proposed;
  }

  Decision decide() {
    Command command = proposed.command();
    if (command instanceof Command.Put put) {
      return in(put.namespace(), namespace -> put(namespace, put));
    } else if (command instanceof Command.Delete delete) {
      return in(delete.namespace(), namespace -> delete(namespace, delete));
    } else if (command instanceof Command.DeleteRange range) {
      return in(range.namespace(), namespace -> deleteRange(namespace, range));
    } else if (command instanceof Command.Undelete undelete) {
      return in(undelete.namespace(), namespace -> undelete(namespace, undelete));
    } else if (command instanceof Command.Rollback rollback) {
      return in(rollback.namespace(), namespace -> rollback(namespace, rollback));
    } else if (command instanceof Command.Transaction transaction) {
      return in(transaction.namespace(), namespace -> transaction(namespace, transaction));
    } else if (command instanceof Command.CreateNamespace create) {
      return createNamespace(create);
    } else if (command instanceof Command.UpdateNamespace update) {
      return in(
          update.name(),
          namespace ->
              new Decision.Namespaces(List.of(namespace.withSettings(update.settings())), false));
    } else if (command instanceof Command.Compact compact) {
      return compact(compact);
    } else if (command instanceof Command.Prune prune) {
      return in(prune.namespace(), namespace -> prune(namespace, prune));
    } else if (command instanceof Command.RecordConflict conflict) {
      return in(conflict.namespace(), namespace -> conflicts().record(namespace, conflict));
    } else if (command instanceof Command.ResolveConflict resolve) {
      return conflicts().resolve(resolve);
    } else if (command instanceof Command.DropConflicts drop) {
      return conflicts().drop(drop);
    } else if (command instanceof Command.NoteFollowers note) {
      return new Decision.Followers(note);
    } else if (command instanceof Command.Keyspace keyspace) {
      return new KeyspaceDecider(state, proposed, this).decide(keyspace);
    } else if (command instanceof Command.Barrier) {
      return new Decision.Nothing();
    }
    throw new IllegalStateException("undecided command " + command.getClass().getSimpleName());
  }

  private ConflictDecider conflicts() {
    return new ConflictDecider(state, proposed, this);
  }

  private interface InNamespace {
    Decision decide(NamespaceRecord namespace);
  }

  private Decision in(NamespaceName name, InNamespace deciding) {
    NamespaceRecord namespace = state.namespace(name);
    return namespace == null
        ? new Decision.Reject(Rejection.namespaceNotFound(name.value()))
        : deciding.decide(namespace);
  }

  private Decision put(NamespaceRecord namespace, Command.Put put) {
    ConfigVersion head = state.head(namespace, put.key());
    if (!put.precondition().holds(head)) {
      return preconditionFailed(namespace, put.key(), put.precondition(), head);
    }
    if (!put.force() && hasContent(head, put.content().checksum())) {
      return unchanged(namespace, head);
    }
    return changed(
        namespace, successor(namespace, put.key(), head, put.content(), null, put.sourceTime()));
  }

  private Decision delete(NamespaceRecord namespace, Command.Delete delete) {
    ConfigVersion head = state.head(namespace, delete.key());
    if (!delete.precondition().holds(head)) {
      return preconditionFailed(namespace, delete.key(), delete.precondition(), head);
    }
    if (head == null || head.tombstone()) {
      return new Decision.Reject(Rejection.keyNotFound(namespace.name(), delete.key()));
    }
    return changed(namespace, tombstone(namespace, head, delete.sourceTime()));
  }

  private Decision deleteRange(NamespaceRecord namespace, Command.DeleteRange range) {
    List<ConfigVersion> live = state.liveHeads(namespace, range.range(), MAX_RANGE_DELETES + 1);
    if (live.size() > MAX_RANGE_DELETES) {
      return new Decision.Reject(Rejection.tooMany(
          "keys in the range " + range.range() + " to delete", live.size(), MAX_RANGE_DELETES));
    }
    List<ConfigVersion> tombstones =
        live.stream().map(head -> tombstone(namespace, head, null)).toList();
    return new Decision.Change(namespace, tombstones, tombstones, true);
  }

  private Decision undelete(NamespaceRecord namespace, Command.Undelete undelete) {
    Key key = undelete.key();
    ConfigVersion head = state.head(namespace, key);
    if (!undelete.precondition().holds(head)) {
      return preconditionFailed(namespace, key, undelete.precondition(), head);
    }
    if (head == null) {
      return new Decision.Reject(Rejection.keyNotFound(namespace.name(), key));
    }
    if (head.live()) {
      return new Decision.Reject(Rejection.of(
          Reason.WRONG_STATE,
          "key \"" + key + "\": not deleted (it is at version " + head.version() + ")"));
    }
    return restore(namespace, key, head, head.version().previous());
  }

  private Decision rollback(NamespaceRecord namespace, Command.Rollback rollback) {
    Key key = rollback.key();
    ConfigVersion head = state.head(namespace, key);
    if (!rollback.precondition().holds(head)) {
      return preconditionFailed(namespace, key, rollback.precondition(), head);
    }
    if (head == null) {
      return new Decision.Reject(Rejection.keyNotFound(namespace.name(), key));
    }
    Version target = rollback.toVersion();
    if (!target.exists() || head.version().isBefore(target)) {
      return new Decision.Reject(Rejection.versionNotFound(key, target, head.version()));
    }
    return restore(namespace, key, head, target);
  }

  /** A new version with the content of an older one. */
  private Decision restore(NamespaceRecord namespace, Key key, ConfigVersion head, Version target) {
    ConfigVersion old = state.keptVersion(namespace, head, target);
    if (old == null) {
      return new Decision.Reject(Rejection.compacted(
          "version " + target + " of key \"" + key + "\"", namespace.horizon()));
    }
    if (old.tombstone()) {
      return new Decision.Reject(Rejection.of(
          Reason.WRONG_STATE,
          "version "
              + target
              + " of key \""
              + key
              + "\": a deletion has no content to bring back; delete the key, or name a version"
              + " with content"));
    }
    if (hasContent(head, old.checksum())) {
      return unchanged(namespace, head);
    }
    var content = new Content(old.content(), old.contentType(), old.checksum());
    return changed(namespace, successor(namespace, key, head, content, target, null));
  }

  private Decision transaction(NamespaceRecord namespace, Command.Transaction transaction) {
    boolean held = true;
    for (Compare compare : transaction.compares()) {
      held &= compare.condition().holds(state.head(namespace, compare.key()));
    }
    var changes = new ArrayList<ConfigVersion>();
    var reported = new ArrayList<ConfigVersion>();
    for (Operation operation : held ? transaction.thenOperations() : transaction.elseOperations()) {
      ConfigVersion head = state.head(namespace, operation.key());
      ConfigVersion made = operate(namespace, operation, head);
      if (made != null) {
        changes.add(made);
        reported.add(made);
      } else if (head != null) {
        reported.add(head);
      }
    }
    return new Decision.Change(namespace, changes, reported, held);
  }

  /** The version the operation makes; null if it changes nothing. */
  private @Nullable ConfigVersion operate(
      NamespaceRecord namespace, Operation operation, @Nullable ConfigVersion head) {
    Content put = operation.put();
    if (put == null) {
      return head == null || head.tombstone() ? null : tombstone(namespace, head, null);
    }
    return !operation.force() && hasContent(head, put.checksum())
        ? null
        : successor(namespace, operation.key(), head, put, null, null);
  }

  private Decision createNamespace(Command.CreateNamespace create) {
    if (state.namespace(create.name()) != null) {
      return new Decision.Reject(Rejection.of(
          Reason.NAMESPACE_EXISTS, "namespace \"" + create.name() + "\": exists already"));
    }
    if (state.nextNamespaceId() > MAX_NAMESPACES) {
      return new Decision.Reject(
          Rejection.tooMany("namespaces", state.nextNamespaceId(), MAX_NAMESPACES));
    }
    return new Decision.Namespaces(
        List.of(NamespaceRecord.created(
            state.nextNamespaceId(),
            create.name(),
            create.settings(),
            state.time(),
            proposed.actor())),
        true);
  }

  private Decision compact(Command.Compact compact) {
    if (compact.revision().isAfter(state.revision())) {
      return new Decision.Reject(Rejection.futureRevision(compact.revision(), state.revision()));
    }
    NamespaceName name = compact.namespace();
    if (name != null) {
      return in(
          name,
          namespace ->
              new Decision.Namespaces(List.of(namespace.withHorizon(compact.revision())), false));
    }
    return new Decision.Namespaces(
        state.namespaces().stream().map(n -> n.withHorizon(compact.revision())).toList(), false);
  }

  private Decision prune(NamespaceRecord namespace, Command.Prune prune) {
    var dropped = new ArrayList<Decision.Drop.Dropped>();
    for (Command.Prune.PrunedKey pruned : prune.keys()) {
      ConfigVersion head = state.head(namespace, pruned.key());
      if (head == null) {
        continue;
      }
      Version version = pruned.below().previous();
      if (!version.isBefore(head.version())) {
        version = head.version().previous();
      }
      for (; version.exists(); version = version.previous()) {
        if (state.revisionOf(namespace, pruned.key(), version) == null) {
          break;
        }
        dropped.add(new Decision.Drop.Dropped(pruned.key(), version));
      }
    }
    return new Decision.Drop(namespace, dropped);
  }

  Decision preconditionFailed(
      NamespaceRecord namespace, Key key, Precondition expected, @Nullable ConfigVersion head) {
    return new Decision.Reject(Rejection.preconditionFailed(namespace.name(), key, expected, head));
  }

  private static Decision changed(NamespaceRecord namespace, ConfigVersion made) {
    return new Decision.Change(namespace, List.of(made), List.of(made), true);
  }

  private static Decision unchanged(NamespaceRecord namespace, @Nullable ConfigVersion head) {
    return new Decision.Change(
        namespace, List.of(), head == null ? List.of() : List.of(head), true);
  }

  static boolean hasContent(@Nullable ConfigVersion head, Checksum checksum) {
    return head != null && head.live() && head.checksum().equals(checksum);
  }

  ConfigVersion successor(
      NamespaceRecord namespace,
      Key key,
      @Nullable ConfigVersion head,
      Content content,
      @Nullable Version rollbackOf,
      @Nullable Instant sourceTime) {
    Version version = head == null ? new Version(1) : head.version().next();
    Revision revision = state.revision().next();
    ConfigVersion living = head != null && head.live() ? head : null;
    return new ConfigVersion(
        namespace.name(),
        key,
        version,
        revision,
        content.bytes(),
        content.contentType(),
        content.checksum(),
        content.bytes().size(),
        state.time(),
        proposed.actor(),
        proposed.reason(),
        rollbackOf,
        false,
        living != null ? living.bornVersion() : version,
        living != null ? living.bornRevision() : revision,
        sourceTime);
  }

  ConfigVersion tombstone(
      NamespaceRecord namespace, ConfigVersion head, @Nullable Instant sourceTime) {
    return new ConfigVersion(
        namespace.name(),
        head.key(),
        head.version().next(),
        state.revision().next(),
        ByteString.EMPTY,
        "",
        Checksum.OF_NOTHING,
        0,
        state.time(),
        proposed.actor(),
        proposed.reason(),
        null,
        true,
        head.bornVersion(),
        head.bornRevision(),
        sourceTime);
  }
}
