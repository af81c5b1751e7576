package io.syncline.server.conflict;

import com.google.protobuf.ByteString;
import io.syncline.conflict.Divergence;
import io.syncline.conflict.Strategy;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.ConflictType;
import io.syncline.model.Futures;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.OnConflict;
import io.syncline.model.Outcome.Committed;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Settlement;
import io.syncline.model.Settlement.Act;
import io.syncline.model.Version;
import io.syncline.server.conflict.Deliberation.Contested;
import io.syncline.server.conflict.Deliberation.Decided;
import io.syncline.server.conflict.Deliberation.Present;
import io.syncline.server.store.Store;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settles conflicts: thinks out by strategy what is to become of one, and proposes that under the
 * condition that the key is still as it was then. If it is not, it thinks again.
 *
 * <p>Any thread; contents are merged on the workers, never where commands are applied.
 */
public final class Settler {
  /** A key that changes faster than it can be merged is left to whoever asked. */
  private static final int MOST_ATTEMPTS = 64;

  private final Store store;
  private final Function<ProposedCommand, CompletableFuture<Committed>> proposing;
  private final Executor workers;
  private final Deliberation deliberation;
  private final WriteMeters writes;
  private final ConflictMeters settled;

  /**
   * Loads the resolvers on the class path.
   *
   * @param proposing a command; its future ends with a {@link RejectedException} if it is refused
   * @param workers run merges
   * @param maxContentBytes of what a merge may make
   * @param writes counts what became of clients' writes
   * @param settled counts conflicts
   */
  public Settler(
      Store store,
      Function<ProposedCommand, CompletableFuture<Committed>> proposing,
      Executor workers,
      int maxContentBytes,
      WriteMeters writes,
      ConflictMeters settled) {
    this.store = store;
    this.proposing = proposing;
    this.workers = workers;
    this.deliberation = new Deliberation(store, maxContentBytes);
    this.writes = writes;
    this.settled = settled;
  }

  /**
   * What contradicts the key as it is.
   *
   * @param type empty: to be found out, by comparing with the key
   * @param content null: the key is to be deleted
   * @param node the follower that it comes from; empty: none
   */
  private record Incoming(
      ProposedCommand command,
      Optional<ConflictType> type,
      NamespaceName namespace,
      Key key,
      Version base,
      @Nullable Content content,
      String node) {}

  /**
   * Carries out a put or delete; if its condition does not hold, settles that.
   *
   * @param asked empty: by the namespace's setting, and refused without one
   * @return ends with a {@link RejectedException} of {@link Reason#CONFLICT} if the conflict waits or
   *     was rejected
   */
  public CompletableFuture<Committed> write(ProposedCommand command, Optional<OnConflict> asked) {
    long startNanos = System.nanoTime();
    return writes.counted(
        WriteMeters.Kind.of(command.command()),
        startNanos,
        proposing
            .apply(command)
            .exceptionallyCompose(refusal -> afterRefusal(command, asked, refusal)));
  }

  private CompletableFuture<Committed> afterRefusal(
      ProposedCommand command, Optional<OnConflict> asked, Throwable refusal) {
    if (!isPreconditionFailed(refusal)) {
      return CompletableFuture.failedFuture(refusal);
    }
    return onWorker(() -> {
      Optional<Incoming> incoming =
          incoming(command, asked.map(OnConflict::node).orElse(""));
      Optional<Strategy> strategy = incoming.flatMap(known -> strategy(known.namespace, asked));
      return strategy.isEmpty()
          ? CompletableFuture.failedFuture(refusal)
          : settle(incoming.get(), strategy.get(), 0);
    });
  }

  private <T> CompletableFuture<T> onWorker(Supplier<CompletableFuture<T>> task) {
    return CompletableFuture.completedFuture(true).thenComposeAsync(now -> task.get(), workers);
  }

  private static boolean isPreconditionFailed(Throwable thrown) {
    return Futures.causeOf(thrown) instanceof RejectedException rejected
        && rejected.rejection().reason() == Reason.PRECONDITION_FAILED;
  }

  private Optional<Incoming> incoming(ProposedCommand proposed, String node) {
    if (proposed.command() instanceof Command.Put put) {
      return base(put.namespace(), put.key(), put.precondition())
          .map(base -> new Incoming(
              proposed, Optional.empty(), put.namespace(), put.key(), base, put.content(), node));
    }
    if (proposed.command() instanceof Command.Delete delete) {
      return base(delete.namespace(), delete.key(), delete.precondition())
          .map(base -> new Incoming(
              proposed, Optional.empty(), delete.namespace(), delete.key(), base, null, node));
    }
    return Optional.empty();
  }

  /** The version that a change was made from; empty if its condition does not say. */
  private Optional<Version> base(NamespaceName namespace, Key key, Precondition precondition) {
    if (precondition instanceof Precondition.AtVersion at) {
      return Optional.of(at.version());
    }
    if (precondition instanceof Precondition.Absent) {
      return Optional.of(Version.NONE);
    }
    if (precondition instanceof Precondition.AtRevision at) {
      return store
          .namespace(namespace)
          .flatMap(record -> store.readSnapshot(reader -> {
            var found = new ArrayList<Version>(1);
            reader.changes(at.revision(), placed -> {
              ConfigVersion change = placed.version();
              boolean there = change.revision().equals(at.revision());
              if (there
                  && change.namespace().equals(record.name())
                  && change.key().equals(key)) {
                found.add(change.version());
              }
              return there && found.isEmpty();
            });
            return found.stream().findFirst();
          }));
    }
    return Optional.empty();
  }

  /** Empty: the write is refused as if there were no conflicts. */
  private Optional<Strategy> strategy(NamespaceName namespace, Optional<OnConflict> asked) {
    String text = asked.map(OnConflict::strategy).orElse("");
    if (!text.isEmpty()) {
      return Optional.of(Strategy.parse(text));
    }
    String set =
        store.namespace(namespace).map(record -> record.settings().onConflict()).orElse("");
    if (!set.isEmpty()) {
      return Optional.of(Strategy.parse(set));
    }
    return asked.isPresent() ? Optional.of(Strategy.REJECT) : Optional.empty();
  }

  private CompletableFuture<Committed> settle(Incoming incoming, Strategy strategy, int attempt) {
    Present present = deliberation.present(incoming.namespace, incoming.key, incoming.base);
    Optional<ConflictType> type = incoming.type.or(() -> typeOf(incoming, present.head()));
    if (type.isEmpty()) {
      return CompletableFuture.completedFuture(isThereAlready(present));
    }
    Decided decided = deliberation.decide(
        new Contested(type.get(), incoming.namespace, incoming.key, incoming.content),
        present,
        strategy);
    var proposed = new ProposedCommand(
        derived(incoming.command.id(), attempt),
        incoming.command.actor(),
        incoming.command.reason(),
        new Command.RecordConflict(
            type.get(),
            incoming.namespace,
            incoming.key,
            incoming.base,
            present.version(),
            incoming.content,
            incoming.node,
            decided.paths(),
            decided.settlement()));
    return proposing
        .apply(proposed)
        .thenCompose(committed -> told(committed, present.head()))
        .exceptionallyCompose(error -> isPreconditionFailed(error) && attempt + 1 < MOST_ATTEMPTS
            ? onWorker(() -> settle(incoming, strategy, attempt + 1))
            : CompletableFuture.failedFuture(error));
  }

  private static Optional<ConflictType> typeOf(Incoming incoming, @Nullable ConfigVersion head) {
    Content content = incoming.content;
    return Divergence.ofChange(
        incoming.base,
        head,
        content == null ? null : content.checksum(),
        incoming.node.isEmpty() ? Divergence.Origin.REQUEST : Divergence.Origin.DRAFT);
  }

  private Committed isThereAlready(Present present) {
    ConfigVersion head = present.head();
    return new Committed(
        store.position().revision(),
        false,
        head == null ? List.of() : List.of(head.withoutContent()),
        true);
  }

  /** By the record: a retried request is told what became of it the first time. */
  private CompletableFuture<Committed> told(Committed committed, @Nullable ConfigVersion head) {
    Conflict conflict =
        store.<@Nullable Conflict>read(reader -> reader.conflict(committed.conflictId()));
    if (conflict != null) {
      settled.settled(conflict);
    }
    return conflict == null || conflict.state() == Conflict.State.RESOLVED
        ? CompletableFuture.completedFuture(committed)
        : CompletableFuture.failedFuture(new RejectedException(Rejection.conflict(conflict, head)));
  }

  /** Of a retried write, the settlement is the first one again. */
  private static @Nullable CommandId derived(@Nullable CommandId id, int attempt) {
    if (id == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(id.clientId().toByteArray());
    bytes.putLong(0, ~bytes.getLong(0) ^ attempt);
    return new CommandId(ByteString.copyFrom(bytes.array()), id.sequence());
  }

  /**
   * Settles that a follower's copy of a key is none of the leader's versions.
   *
   * @param copy as the follower has it, with its content
   * @param damaged whether the copy does not match its own checksum: it is no edit, then
   * @return the conflict's id; 0: it is no conflict
   */
  public CompletableFuture<Long> report(String node, ConfigVersion copy, boolean damaged) {
    return onWorker(() -> reported(node, copy, damaged));
  }

  private CompletableFuture<Long> reported(String node, ConfigVersion copy, boolean damaged) {
    Optional<ConflictType> type = typeOf(copy);
    if (type.isEmpty()) {
      return CompletableFuture.completedFuture(0L);
    }
    Version base = type.get() == ConflictType.CONTENT_CONFLICT && copy.version().value() > 1
        ? copy.version().previous()
        : Version.NONE;
    var incoming = new Incoming(
        new ProposedCommand(null, new Actor(node, false), "found in a copy", new Command.Barrier()),
        type,
        copy.namespace(),
        copy.key(),
        base,
        copy.tombstone() ? null : new Content(copy.content(), copy.contentType(), copy.checksum()),
        node);
    Strategy strategy = damaged
        ? Strategy.ACCEPT_SOURCE
        : strategy(copy.namespace(), Optional.of(new OnConflict("", node))).orElseThrow();
    return settle(incoming, strategy, 0).handle((committed, error) -> {
      if (error == null) {
        return committed.conflictId();
      }
      Throwable cause = Futures.causeOf(error);
      if (cause instanceof RejectedException rejected
          && rejected.rejection().reason() == Reason.CONFLICT) {
        return rejected.rejection().given();
      }
      throw new CompletionException(cause);
    });
  }

  private Optional<ConflictType> typeOf(ConfigVersion copy) {
    return store.readSnapshot(reader -> {
      NamespaceRecord namespace = store.namespace(copy.namespace()).orElse(null);
      ConfigVersion head = namespace == null ? null : reader.head(namespace.id(), copy.key());
      if (namespace == null || head == null) {
        // a namespace that is not has no place for a record
        return namespace == null ? Optional.empty() : Optional.of(ConflictType.VERSION_CONFLICT);
      }
      ConfigVersion then = reader.version(namespace.id(), copy.key(), copy.version());
      return Divergence.ofCopy(copy, head, then) instanceof Divergence.Standing.InConflict found
          ? Optional.of(found.type())
          : Optional.empty();
    });
  }

  /**
   * How an open conflict is to be resolved.
   *
   * @param strategy empty: by the content
   * @param content what the key is to be
   * @param contentType of it; empty: as the incoming change said
   * @param at the version that the key must be at; empty: whatever it is
   */
  public record Resolving(
      long id,
      Optional<Strategy> strategy,
      ByteString content,
      String contentType,
      Optional<Version> at) {}

  /**
   * Resolves an open conflict, applied to the key as it is now.
   *
   * @param context of the command: id, actor and reason
   */
  public CompletableFuture<Committed> resolve(ProposedCommand context, Resolving resolving) {
    long startNanos = System.nanoTime();
    return writes.counted(
        WriteMeters.Kind.RESOLVE_CONFLICT,
        startNanos,
        onWorker(() -> resolve(context, resolving, 0)));
  }

  private CompletableFuture<Committed> resolve(
      ProposedCommand context, Resolving resolving, int attempt) {
    ConflictReads.Found found = new ConflictReads(store).get(resolving.id);
    Conflict conflict = found.conflict();
    Present present = deliberation.present(conflict.namespace(), conflict.key(), Version.NONE);
    if (conflict.isOpen()) {
      requireAt(resolving, conflict, present);
    }
    // one that is closed may have been closed by this very request, which the log remembers
    Settlement settlement = conflict.isOpen()
        ? settlement(resolving, conflict, found.contents(), present)
        : new Settlement(Act.KEEP, conflict.strategy(), "");
    var proposed = new ProposedCommand(
        derived(context.id(), attempt),
        context.actor(),
        context.reason(),
        new Command.ResolveConflict(conflict.id(), present.version(), settlement));
    return proposing.apply(proposed).thenApply(this::noteResolved).exceptionallyCompose(error -> {
      boolean again =
          isPreconditionFailed(error) && resolving.at.isEmpty() && attempt + 1 < MOST_ATTEMPTS;
      return again
          ? onWorker(() -> resolve(context, resolving, attempt + 1))
          : CompletableFuture.failedFuture(error);
    });
  }

  private Committed noteResolved(Committed committed) {
    Conflict closed =
        store.<@Nullable Conflict>read(reader -> reader.conflict(committed.conflictId()));
    if (closed != null) {
      settled.settled(closed);
    }
    return committed;
  }

  private static void requireAt(Resolving resolving, Conflict conflict, Present present) {
    var unchanged = new Precondition.AtVersion(resolving.at.orElse(present.version()));
    if (!unchanged.holds(present.head())) {
      throw new RejectedException(Rejection.preconditionFailed(
          conflict.namespace(), conflict.key(), unchanged, present.head()));
    }
  }

  private Settlement settlement(
      Resolving resolving, Conflict conflict, ConflictContents contents, Present present) {
    if (resolving.strategy.isEmpty()) {
      String given =
          resolving.contentType.isEmpty() ? conflict.contentType() : resolving.contentType;
      return Deliberation.byHand(resolving.content, given, present);
    }
    Checksum checksum = conflict.theirs();
    Content theirs = checksum == null
        ? null
        : new Content(contents.theirs().orElse(ByteString.EMPTY), conflict.contentType(), checksum);
    Settlement settlement = deliberation
        .decide(
            new Contested(conflict.type(), conflict.namespace(), conflict.key(), theirs),
            present.withBase(contents.base()),
            resolving.strategy.get())
        .settlement();
    if (settlement.act() == Act.LEAVE_OPEN) {
      throw new RejectedException(Rejection.of(
          Reason.WRONG_STATE,
          "conflict " + conflict.id() + ": stays open: " + settlement.detail()
              + "; give the content it is to be, or accept one side"));
    }
    return settlement;
  }
}
