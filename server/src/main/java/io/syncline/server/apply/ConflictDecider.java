package io.syncline.server.apply;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.ConflictPath;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Settlement;
import io.syncline.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands about conflicts. What is to become of a conflict was thought out before, on the
 * state as it was then: here it is only carried out if the key is still what it was.
 */
final class ConflictDecider {
  /** The most conflicts that are kept. */
  static final long MAX_KEPT = 100_000;

  private final StateView state;
  private final ProposedCommand proposed;
  private final Decider decider;

  ConflictDecider(StateView state, ProposedCommand proposed, Decider decider) {
    this.state = state;
    this.proposed = proposed;
    this.decider = decider;
  }

  Decision record(NamespaceRecord namespace, Command.RecordConflict command) {
    Key key = command.key();
    ConfigVersion head = state.head(namespace, key);
    var unchanged = new Precondition.AtVersion(command.ours());
    if (!unchanged.holds(head)) {
      return decider.preconditionFailed(namespace, key, unchanged, head);
    }
    Content theirs = command.theirs();
    boolean open = command.settlement().act() == Settlement.Act.LEAVE_OPEN;
    long known =
        open ? state.openConflict(namespace, key, theirs == null ? null : theirs.checksum()) : 0;
    if (known != 0) {
      return new Decision.Known(known);
    }
    if (state.conflictsKept() >= MAX_KEPT) {
      return new Decision.Reject(
          Rejection.tooMany("conflicts kept; resolve some", state.conflictsKept() + 1, MAX_KEPT));
    }
    List<ConfigVersion> changes = changes(namespace, key, head, command.settlement());
    Conflict conflict = conflict(command, changes);
    var contents = new ConflictContents(
        base(namespace, head, command.base()),
        contentOf(head),
        Optional.ofNullable(theirs).map(Content::bytes));
    return new Decision.Settled(namespace, conflict, contents, changes, reported(changes, head));
  }

  private Conflict conflict(Command.RecordConflict command, List<ConfigVersion> changes) {
    Content theirs = command.theirs();
    Settlement settlement = command.settlement();
    List<ConflictPath> paths = command.paths();
    boolean open = settlement.act() == Settlement.Act.LEAVE_OPEN;
    return new Conflict(
        state.nextConflictId(),
        command.type(),
        command.namespace(),
        command.key(),
        command.base(),
        command.ours(),
        theirs == null ? null : theirs.checksum(),
        theirs == null ? "" : theirs.contentType(),
        command.node(),
        proposed.actor(),
        proposed.reason(),
        state.time(),
        settlement.state(),
        settlement.strategy(),
        settlement.detail(),
        paths.subList(0, Math.min(paths.size(), ConflictPath.MAX_COUNT)),
        open ? null : closing(changes));
  }

  Decision resolve(Command.ResolveConflict command) {
    Conflict conflict = state.conflict(command.id());
    if (conflict == null) {
      return new Decision.Reject(Rejection.conflictNotFound(command.id()));
    }
    if (!conflict.isOpen()) {
      return new Decision.Reject(Rejection.of(
          Reason.WRONG_STATE,
          "conflict " + conflict.id() + ": closed already, by strategy " + conflict.strategy()
              + "; to undo what it wrote, roll back its key"));
    }
    NamespaceRecord namespace = state.namespace(conflict.namespace());
    if (namespace == null) {
      throw new Fault("apply: conflict " + conflict.id() + " is of a namespace that is not");
    }
    ConfigVersion head = state.head(namespace, conflict.key());
    var unchanged = new Precondition.AtVersion(command.ours());
    if (!unchanged.holds(head)) {
      return decider.preconditionFailed(namespace, conflict.key(), unchanged, head);
    }
    List<ConfigVersion> changes = changes(namespace, conflict.key(), head, command.settlement());
    Conflict closed = conflict.closed(command.settlement(), closing(changes));
    return new Decision.Settled(namespace, closed, null, changes, reported(changes, head));
  }

  Decision drop(Command.DropConflicts command) {
    var dropped = new ArrayList<Long>();
    for (long id : command.ids()) {
      Conflict conflict = state.conflict(id);
      if (conflict != null && !conflict.isOpen() && !dropped.contains(id)) {
        dropped.add(id);
      }
    }
    return new Decision.ConflictsDropped(dropped);
  }

  private List<ConfigVersion> changes(
      NamespaceRecord namespace, Key key, @Nullable ConfigVersion head, Settlement settlement) {
    Content content = settlement.content();
    if (content != null && !Decider.hasContent(head, content.checksum())) {
      return List.of(decider.successor(namespace, key, head, content, null, null));
    }
    return settlement.act() == Settlement.Act.DELETE && head != null && head.live()
        ? List.of(decider.tombstone(namespace, head, null))
        : List.of();
  }

  private Conflict.Closing closing(List<ConfigVersion> changes) {
    Version written = changes.isEmpty() ? Version.NONE : changes.get(0).version();
    Revision revision = changes.isEmpty() ? state.revision() : changes.get(0).revision();
    return new Conflict.Closing(
        proposed.actor(), proposed.reason(), state.time(), written, revision);
  }

  private Optional<ByteString> base(
      NamespaceRecord namespace, @Nullable ConfigVersion head, Version base) {
    return head == null || !base.exists() || head.version().isBefore(base)
        ? Optional.empty()
        : contentOf(state.keptVersion(namespace, head, base));
  }

  private static Optional<ByteString> contentOf(@Nullable ConfigVersion version) {
    return version == null || version.tombstone()
        ? Optional.empty()
        : Optional.of(version.content());
  }

  private static List<ConfigVersion> reported(
      List<ConfigVersion> changes, @Nullable ConfigVersion head) {
    return !changes.isEmpty() || head == null ? changes : List.of(head);
  }
}
