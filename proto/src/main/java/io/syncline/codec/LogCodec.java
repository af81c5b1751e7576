package io.syncline.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Prune.PrunedKey;
import io.syncline.model.Command.Transaction.Compare;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.CommandId;
import io.syncline.model.Fault;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.log.v1.LogActor;
import io.syncline.proto.log.v1.LogBarrier;
import io.syncline.proto.log.v1.LogBatch;
import io.syncline.proto.log.v1.LogCommand;
import io.syncline.proto.log.v1.LogCommandId;
import io.syncline.proto.log.v1.LogCompact;
import io.syncline.proto.log.v1.LogCompare;
import io.syncline.proto.log.v1.LogContent;
import io.syncline.proto.log.v1.LogCreateNamespace;
import io.syncline.proto.log.v1.LogDelete;
import io.syncline.proto.log.v1.LogDeleteRange;
import io.syncline.proto.log.v1.LogFollower;
import io.syncline.proto.log.v1.LogNamespaceSettings;
import io.syncline.proto.log.v1.LogNoteFollowers;
import io.syncline.proto.log.v1.LogOperation;
import io.syncline.proto.log.v1.LogPrecondition;
import io.syncline.proto.log.v1.LogPrune;
import io.syncline.proto.log.v1.LogPrunedKey;
import io.syncline.proto.log.v1.LogPut;
import io.syncline.proto.log.v1.LogRollback;
import io.syncline.proto.log.v1.LogSelector;
import io.syncline.proto.log.v1.LogTransaction;
import io.syncline.proto.log.v1.LogUndelete;
import io.syncline.proto.log.v1.LogUpdateNamespace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Between commands and the bytes in the Raft log. What was written by any released version decodes;
 * what does not decode is a {@link Fault}, for the log is the truth.
 */
public final class LogCodec {
  private LogCodec() {}

  /**
   * A decoded entry.
   *
   * @param proposedAtMs the proposing leader's clock
   */
  public record Batch(long proposedAtMs, List<ProposedCommand> commands) {
    public Batch {
      commands = List.copyOf(commands);
    }
  }

  public static ByteString encode(ProposedCommand proposed) {
    var builder = LogCommand.newBuilder()
        .setActor(LogActor.newBuilder()
            .setName(proposed.actor().name())
            .setVerified(proposed.actor().verified()))
        .setReason(proposed.reason());
    CommandId id = proposed.id();
    if (id != null) {
      builder.setId(
          LogCommandId.newBuilder().setClientId(id.clientId()).setSequence(id.sequence()));
    }
    encode(proposed.command(), builder);
    return builder.build().toByteString();
  }

  /** One entry out of commands that {@link #encode(ProposedCommand)} has made. */
  public static ByteString encodeBatch(long proposedAtMs, Iterable<ByteString> commands) {
    return LogBatch.newBuilder()
        .setProposedAtMs(proposedAtMs)
        .addAllCommands(commands)
        .build()
        .toByteString();
  }

  public static Batch decodeBatch(ByteString bytes) {
    try {
      LogBatch batch = LogBatch.parseFrom(bytes);
      var commands = new ArrayList<ProposedCommand>(batch.getCommandsCount());
      for (ByteString command : batch.getCommandsList()) {
        commands.add(decode(LogCommand.parseFrom(command)));
      }
      return new Batch(batch.getProposedAtMs(), commands);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Fault("raft log: an entry of " + bytes.size() + " bytes does not decode", e);
    }
  }

  /** What {@link #encode(ProposedCommand)} has made of one command. */
  public static ProposedCommand decode(ByteString command) {
    try {
      return decode(LogCommand.parseFrom(command));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Fault("a command of " + command.size() + " bytes does not decode", e);
    }
  }

  private static void encode(Command command, LogCommand.Builder to) {
    if (command instanceof Command.Put put) {
      to.setPut(encode(put));
    } else if (command instanceof Command.Delete delete) {
      to.setDelete(encode(delete));
    } else if (command instanceof Command.DeleteRange range) {
      to.setDeleteRange(LogDeleteRange.newBuilder()
          .setNamespace(range.namespace().value())
          .setFrom(range.range().from())
          .setTo(range.range().to()));
    } else if (command instanceof Command.Undelete undelete) {
      to.setUndelete(LogUndelete.newBuilder()
          .setNamespace(undelete.namespace().value())
          .setKey(undelete.key().bytes())
          .setPrecondition(encode(undelete.precondition())));
    } else if (command instanceof Command.Rollback rollback) {
      to.setRollback(LogRollback.newBuilder()
          .setNamespace(rollback.namespace().value())
          .setKey(rollback.key().bytes())
          .setToVersion(rollback.toVersion().value())
          .setPrecondition(encode(rollback.precondition())));
    } else if (command instanceof Command.Transaction transaction) {
      to.setTransaction(encode(transaction));
    } else {
      encodeAdministrative(command, to);
    }
  }

  private static void encodeAdministrative(Command command, LogCommand.Builder to) {
    if (command instanceof Command.CreateNamespace create) {
      to.setCreateNamespace(LogCreateNamespace.newBuilder()
          .setName(create.name().value())
          .setSettings(encode(create.settings())));
    } else if (command instanceof Command.UpdateNamespace update) {
      to.setUpdateNamespace(LogUpdateNamespace.newBuilder()
          .setName(update.name().value())
          .setSettings(encode(update.settings())));
    } else if (command instanceof Command.Compact compact) {
      NamespaceName namespace = compact.namespace();
      to.setCompact(LogCompact.newBuilder()
          .setNamespace(namespace == null ? "" : namespace.value())
          .setRevision(compact.revision().value()));
    } else if (command instanceof Command.Prune prune) {
      to.setPrune(encode(prune));
    } else if (command instanceof Command.NoteFollowers note) {
      to.setNoteFollowers(encode(note));
    } else if (command instanceof Command.RecordConflict conflict) {
      to.setRecordConflict(ConflictCodec.encode(conflict));
    } else if (command instanceof Command.ResolveConflict resolve) {
      to.setResolveConflict(ConflictCodec.encode(resolve));
    } else if (command instanceof Command.DropConflicts drop) {
      to.setDropConflicts(ConflictCodec.encode(drop));
    } else if (command instanceof Command.Keyspace keyspace) {
      to.setKeyspace(KeyspaceCodec.encode(keyspace));
    } else if (command instanceof Command.Barrier) {
      to.setBarrier(LogBarrier.getDefaultInstance());
    } else {
      throw new IllegalStateException("no encoding for " + command.getClass().getSimpleName());
    }
  }

  private static LogPut encode(Command.Put put) {
    var builder = LogPut.newBuilder()
        .setNamespace(put.namespace().value())
        .setKey(put.key().bytes())
        .setContent(put.content().bytes())
        .setContentType(put.content().contentType())
        .setChecksum(put.content().checksum().bytes())
        .setPrecondition(encode(put.precondition()))
        .setForce(put.force());
    if (put.sourceTime() != null) {
      builder.setSourceTimeMs(put.sourceTime().toEpochMilli());
    }
    return builder.build();
  }

  private static LogDelete encode(Command.Delete delete) {
    var builder = LogDelete.newBuilder()
        .setNamespace(delete.namespace().value())
        .setKey(delete.key().bytes())
        .setPrecondition(encode(delete.precondition()));
    if (delete.sourceTime() != null) {
      builder.setSourceTimeMs(delete.sourceTime().toEpochMilli());
    }
    return builder.build();
  }

  private static LogTransaction encode(Command.Transaction transaction) {
    var builder =
        LogTransaction.newBuilder().setNamespace(transaction.namespace().value());
    for (Compare compare : transaction.compares()) {
      builder.addCompares(LogCompare.newBuilder()
          .setKey(compare.key().bytes())
          .setCondition(encode(compare.condition())));
    }
    transaction.thenOperations().forEach(o -> builder.addThenOperations(encode(o)));
    transaction.elseOperations().forEach(o -> builder.addElseOperations(encode(o)));
    return builder.build();
  }

  private static LogOperation encode(Operation operation) {
    var builder = LogOperation.newBuilder().setKey(operation.key().bytes());
    Content put = operation.put();
    if (put != null) {
      builder.setPut(LogContent.newBuilder()
          .setContent(put.bytes())
          .setContentType(put.contentType())
          .setChecksum(put.checksum().bytes())
          .setForce(operation.force()));
    }
    return builder.build();
  }

  private static LogPrune encode(Command.Prune prune) {
    var builder = LogPrune.newBuilder().setNamespace(prune.namespace().value());
    for (PrunedKey key : prune.keys()) {
      builder.addKeys(LogPrunedKey.newBuilder()
          .setKey(key.key().bytes())
          .setBelowVersion(key.below().value()));
    }
    return builder.build();
  }

  private static LogNoteFollowers encode(Command.NoteFollowers note) {
    var builder = LogNoteFollowers.newBuilder().addAllForgotten(note.forgotten());
    for (FollowerRegistration follower : note.seen()) {
      var encoded = LogFollower.newBuilder()
          .setId(follower.id())
          .setAddress(follower.address())
          .setCursor(follower.cursor().value())
          .setSeenMs(follower.seen().toEpochMilli());
      if (follower.subscription().everything()) {
        encoded.addSelectors(LogSelector.getDefaultInstance());
      }
      for (Selector selector : follower.subscription().selectors()) {
        encoded.addSelectors(LogSelector.newBuilder()
            .setNamespace(selector.namespace().value())
            .setPrefix(selector.prefix()));
      }
      builder.addSeen(encoded);
    }
    return builder.build();
  }

  private static LogNamespaceSettings encode(NamespaceSettings settings) {
    return LogNamespaceSettings.newBuilder()
        .setRetainAgeMs(settings.retainAge().toMillis())
        .setRetainVersions(settings.retainVersions())
        .setOnConflict(settings.onConflict())
        .addAllListKeys(settings.listKeys())
        .build();
  }

  private static LogPrecondition encode(Precondition precondition) {
    var builder = LogPrecondition.newBuilder();
    if (precondition instanceof Precondition.Absent) {
      builder.setAbsent(true);
    } else if (precondition instanceof Precondition.AtVersion at) {
      builder.setAtVersion(at.version().value());
    } else if (precondition instanceof Precondition.AtRevision at) {
      builder.setAtRevision(at.revision().value());
    } else if (precondition instanceof Precondition.AtChecksum at) {
      builder.setAtChecksum(at.checksum().bytes());
    }
    return builder.build();
  }

  private static ProposedCommand decode(LogCommand command) {
    CommandId id = command.hasId()
        ? new CommandId(command.getId().getClientId(), command.getId().getSequence())
        : null;
    Actor actor = new Actor(command.getActor().getName(), command.getActor().getVerified());
    return new ProposedCommand(id, actor, command.getReason(), decodeCommand(command));
  }

  private static Command decodeCommand(LogCommand command) {
    return switch (command.getCommandCase()) {
      case PUT -> decode(command.getPut());
      case DELETE -> decode(command.getDelete());
      case DELETE_RANGE -> {
        LogDeleteRange range = command.getDeleteRange();
        yield new Command.DeleteRange(
            new NamespaceName(range.getNamespace()), new KeyRange(range.getFrom(), range.getTo()));
      }
      case UNDELETE -> {
        LogUndelete undelete = command.getUndelete();
        yield new Command.Undelete(
            new NamespaceName(undelete.getNamespace()),
            new Key(undelete.getKey()),
            decode(undelete.getPrecondition()));
      }
      case ROLLBACK -> {
        LogRollback rollback = command.getRollback();
        yield new Command.Rollback(
            new NamespaceName(rollback.getNamespace()),
            new Key(rollback.getKey()),
            new Version(rollback.getToVersion()),
            decode(rollback.getPrecondition()));
      }
      case TRANSACTION -> decode(command.getTransaction());
      case CREATE_NAMESPACE ->
        new Command.CreateNamespace(
            new NamespaceName(command.getCreateNamespace().getName()),
            decode(command.getCreateNamespace().getSettings()));
      case UPDATE_NAMESPACE ->
        new Command.UpdateNamespace(
            new NamespaceName(command.getUpdateNamespace().getName()),
            decode(command.getUpdateNamespace().getSettings()));
      case COMPACT -> {
        String namespace = command.getCompact().getNamespace();
        yield new Command.Compact(
            namespace.isEmpty() ? null : new NamespaceName(namespace),
            new Revision(command.getCompact().getRevision()));
      }
      case PRUNE -> decode(command.getPrune());
      case NOTE_FOLLOWERS -> decode(command.getNoteFollowers());
      case RECORD_CONFLICT -> ConflictCodec.decode(command.getRecordConflict());
      case RESOLVE_CONFLICT -> ConflictCodec.decode(command.getResolveConflict());
      case DROP_CONFLICTS -> ConflictCodec.decode(command.getDropConflicts());
      case KEYSPACE -> KeyspaceCodec.decode(command.getKeyspace());
      case BARRIER -> new Command.Barrier();
      case COMMAND_NOT_SET ->
        throw new IllegalArgumentException("command: none this version knows");
    };
  }

  private static Command.Put decode(LogPut put) {
    return new Command.Put(
        new NamespaceName(put.getNamespace()),
        new Key(put.getKey()),
        new Content(put.getContent(), put.getContentType(), new Checksum(put.getChecksum())),
        decode(put.getPrecondition()),
        put.getForce(),
        instantOrNull(put.hasSourceTimeMs(), put.getSourceTimeMs()));
  }

  private static Command.Delete decode(LogDelete delete) {
    return new Command.Delete(
        new NamespaceName(delete.getNamespace()),
        new Key(delete.getKey()),
        decode(delete.getPrecondition()),
        instantOrNull(delete.hasSourceTimeMs(), delete.getSourceTimeMs()));
  }

  private static Command.Transaction decode(LogTransaction transaction) {
    return new Command.Transaction(
        new NamespaceName(transaction.getNamespace()),
        transaction.getComparesList().stream()
            .map(c -> new Compare(new Key(c.getKey()), decode(c.getCondition())))
            .toList(),
        transaction.getThenOperationsList().stream().map(LogCodec::decode).toList(),
        transaction.getElseOperationsList().stream().map(LogCodec::decode).toList());
  }

  private static Operation decode(LogOperation operation) {
    LogContent put = operation.getPut();
    return new Operation(
        new Key(operation.getKey()),
        operation.hasPut()
            ? new Content(put.getContent(), put.getContentType(), new Checksum(put.getChecksum()))
            : null,
        put.getForce());
  }

  private static Command.Prune decode(LogPrune prune) {
    return new Command.Prune(
        new NamespaceName(prune.getNamespace()),
        prune.getKeysList().stream()
            .map(k -> new PrunedKey(new Key(k.getKey()), new Version(k.getBelowVersion())))
            .toList());
  }

  private static Command.NoteFollowers decode(LogNoteFollowers note) {
    return new Command.NoteFollowers(
        note.getSeenList().stream().map(LogCodec::decode).toList(), note.getForgottenList());
  }

  private static FollowerRegistration decode(LogFollower follower) {
    boolean everything = follower.getSelectorsCount() == 1
        && follower.getSelectors(0).equals(LogSelector.getDefaultInstance());
    Subscription subscription = everything
        ? Subscription.EVERYTHING
        : new Subscription(
            false,
            follower.getSelectorsList().stream()
                .map(s -> new Selector(new NamespaceName(s.getNamespace()), s.getPrefix()))
                .toList());
    return new FollowerRegistration(
        follower.getId(),
        follower.getAddress(),
        subscription,
        new Revision(follower.getCursor()),
        Instant.ofEpochMilli(follower.getSeenMs()));
  }

  private static NamespaceSettings decode(LogNamespaceSettings settings) {
    return new NamespaceSettings(
        Duration.ofMillis(settings.getRetainAgeMs()),
        settings.getRetainVersions(),
        settings.getOnConflict(),
        settings.getListKeysList());
  }

  private static Precondition decode(LogPrecondition precondition) {
    return switch (precondition.getConditionCase()) {
      case ABSENT -> Precondition.ABSENT;
      case AT_VERSION -> new Precondition.AtVersion(Version.of(precondition.getAtVersion()));
      case AT_REVISION -> new Precondition.AtRevision(Revision.of(precondition.getAtRevision()));
      case AT_CHECKSUM -> new Precondition.AtChecksum(new Checksum(precondition.getAtChecksum()));
      case CONDITION_NOT_SET -> Precondition.NONE;
    };
  }

  private static @Nullable Instant instantOrNull(boolean present, long millis) {
    return present ? Instant.ofEpochMilli(millis) : null;
  }
}
