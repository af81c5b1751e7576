package io.syncline.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.ConflictPath;
import io.syncline.model.ConflictType;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Settlement;
import io.syncline.model.Version;
import io.syncline.proto.log.v1.LogConflictPath;
import io.syncline.proto.log.v1.LogContent;
import io.syncline.proto.log.v1.LogDropConflicts;
import io.syncline.proto.log.v1.LogRecordConflict;
import io.syncline.proto.log.v1.LogResolveConflict;
import io.syncline.proto.log.v1.LogSettlement;
import io.syncline.proto.storage.v1.StoredClosing;
import io.syncline.proto.storage.v1.StoredConflict;
import io.syncline.proto.storage.v1.StoredConflictContents;
import io.syncline.proto.storage.v1.StoredConflictPath;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between conflicts and their bytes in the log, in the store and on the way to clients. */
public final class ConflictCodec {
  private ConflictCodec() {}

  static LogRecordConflict encode(Command.RecordConflict command) {
    var builder = LogRecordConflict.newBuilder()
        .setType(command.type().number())
        .setNamespace(command.namespace().value())
        .setKey(command.key().bytes())
        .setBaseVersion(command.base().value())
        .setOursVersion(command.ours().value())
        .setNode(command.node())
        .setSettlement(encode(command.settlement()));
    Content theirs = command.theirs();
    if (theirs != null) {
      builder.setTheirs(encode(theirs));
    }
    command
        .paths()
        .forEach(path -> builder.addPaths(
            LogConflictPath.newBuilder().setPath(path.path()).setCause(path.cause())));
    return builder.build();
  }

  static LogResolveConflict encode(Command.ResolveConflict command) {
    return LogResolveConflict.newBuilder()
        .setId(command.id())
        .setOursVersion(command.ours().value())
        .setSettlement(encode(command.settlement()))
        .build();
  }

  static LogDropConflicts encode(Command.DropConflicts command) {
    return LogDropConflicts.newBuilder().addAllIds(command.ids()).build();
  }

  private static LogSettlement encode(Settlement settlement) {
    var builder = LogSettlement.newBuilder()
        .setAct(settlement.act().number())
        .setStrategy(settlement.strategy())
        .setDetail(settlement.detail());
    Content content = settlement.content();
    if (content != null) {
      builder.setContent(encode(content));
    }
    return builder.build();
  }

  private static LogContent encode(Content content) {
    return LogContent.newBuilder()
        .setContent(content.bytes())
        .setContentType(content.contentType())
        .setChecksum(content.checksum().bytes())
        .build();
  }

  static Command.RecordConflict decode(LogRecordConflict command) {
    return new Command.RecordConflict(
        ConflictType.ofNumber(command.getType()),
        new NamespaceName(command.getNamespace()),
        new Key(command.getKey()),
        Version.of(command.getBaseVersion()),
        Version.of(command.getOursVersion()),
        command.hasTheirs() ? decode(command.getTheirs()) : null,
        command.getNode(),
        command.getPathsList().stream()
            .map(path -> new ConflictPath(path.getPath(), path.getCause()))
            .toList(),
        decode(command.getSettlement()));
  }

  static Command.ResolveConflict decode(LogResolveConflict command) {
    return new Command.ResolveConflict(
        command.getId(), Version.of(command.getOursVersion()), decode(command.getSettlement()));
  }

  static Command.DropConflicts decode(LogDropConflicts command) {
    return new Command.DropConflicts(command.getIdsList());
  }

  private static Settlement decode(LogSettlement settlement) {
    return new Settlement(
        Settlement.Act.ofNumber(settlement.getAct()),
        settlement.hasContent() ? decode(settlement.getContent()) : null,
        settlement.getStrategy(),
        settlement.getDetail());
  }

  private static Content decode(LogContent content) {
    return new Content(
        content.getContent(), content.getContentType(), new Checksum(content.getChecksum()));
  }

  /**
   * @param namespaceId the number of the conflict's namespace
   */
  public static byte[] encode(Conflict conflict, int namespaceId) {
    var builder = StoredConflict.newBuilder()
        .setId(conflict.id())
        .setType(conflict.type().number())
        .setNamespaceId(namespaceId)
        .setKey(conflict.key().bytes())
        .setBaseVersion(conflict.base().value())
        .setOursVersion(conflict.ours().value())
        .setContentType(conflict.contentType())
        .setNode(conflict.node())
        .setActor(conflict.actor().name())
        .setActorVerified(conflict.actor().verified())
        .setReason(conflict.reason())
        .setDetectedAtMs(conflict.detectedAt().toEpochMilli())
        .setState(conflict.state().number())
        .setStrategy(conflict.strategy())
        .setDetail(conflict.detail());
    Checksum theirs = conflict.theirs();
    if (theirs != null) {
      builder.setTheirsChecksum(theirs.bytes());
    }
    conflict
        .paths()
        .forEach(path -> builder.addPaths(
            StoredConflictPath.newBuilder().setPath(path.path()).setCause(path.cause())));
    Conflict.Closing closing = conflict.closing();
    if (closing != null) {
      builder.setClosing(StoredClosing.newBuilder()
          .setBy(closing.by().name())
          .setByVerified(closing.by().verified())
          .setReason(closing.reason())
          .setAtMs(closing.at().toEpochMilli())
          .setVersion(closing.version().value())
          .setRevision(closing.revision().value()));
    }
    return builder.build().toByteArray();
  }

  /**
   * @throws Fault if these are not the bytes of a conflict
   */
  public static Conflict decodeConflict(byte[] bytes, StorageCodec.NamespaceNames names) {
    try {
      StoredConflict stored = StoredConflict.parseFrom(bytes);
      return new Conflict(
          stored.getId(),
          ConflictType.ofNumber(stored.getType()),
          names.nameOf(stored.getNamespaceId()),
          new Key(stored.getKey()),
          Version.of(stored.getBaseVersion()),
          Version.of(stored.getOursVersion()),
          stored.hasTheirsChecksum() ? new Checksum(stored.getTheirsChecksum()) : null,
          stored.getContentType(),
          stored.getNode(),
          new Actor(stored.getActor(), stored.getActorVerified()),
          stored.getReason(),
          Instant.ofEpochMilli(stored.getDetectedAtMs()),
          Conflict.State.ofNumber(stored.getState()),
          stored.getStrategy(),
          stored.getDetail(),
          stored.getPathsList().stream()
              .map(path -> new ConflictPath(path.getPath(), path.getCause()))
              .toList(),
          stored.hasClosing() ? decode(stored.getClosing()) : null);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Fault("store: a conflict of " + bytes.length + " bytes does not decode", e);
    }
  }

  private static Conflict.Closing decode(StoredClosing closing) {
    return new Conflict.Closing(
        new Actor(closing.getBy(), closing.getByVerified()),
        closing.getReason(),
        Instant.ofEpochMilli(closing.getAtMs()),
        Version.of(closing.getVersion()),
        Revision.of(closing.getRevision()));
  }

  public static byte[] encode(ConflictContents contents) {
    var builder =
        StoredConflictContents.newBuilder().setChecksum(checksum(contents).bytes());
    contents.base().ifPresent(builder::setBase);
    contents.ours().ifPresent(builder::setOurs);
    contents.theirs().ifPresent(builder::setTheirs);
    return builder.build().toByteArray();
  }

  /**
   * @throws Fault if these are not the bytes of contents, or were damaged
   */
  public static ConflictContents decodeContents(byte[] bytes) {
    try {
      StoredConflictContents stored = StoredConflictContents.parseFrom(bytes);
      var contents = new ConflictContents(
          stored.hasBase() ? Optional.of(stored.getBase()) : Optional.empty(),
          stored.hasOurs() ? Optional.of(stored.getOurs()) : Optional.empty(),
          stored.hasTheirs() ? Optional.of(stored.getTheirs()) : Optional.empty());
      if (!checksum(contents).bytes().equals(stored.getChecksum())) {
        throw new Fault("store: the contents of a conflict do not match their checksum");
      }
      return contents;
    } catch (InvalidProtocolBufferException e) {
      throw new Fault("store: the contents of a conflict do not decode", e);
    }
  }

  private static Checksum checksum(ConflictContents contents) {
    return Checksum.of(contents
        .base()
        .orElse(ByteString.EMPTY)
        .concat(contents.ours().orElse(ByteString.EMPTY))
        .concat(contents.theirs().orElse(ByteString.EMPTY)));
  }

  public static io.syncline.proto.api.v1.Conflict toProto(Conflict conflict) {
    var builder = io.syncline.proto.api.v1.Conflict.newBuilder()
        .setId(conflict.id())
        .setTypeValue(conflict.type().number())
        .setNamespace(conflict.namespace().value())
        .setKey(conflict.key().bytes())
        .setBaseVersion(conflict.base().value())
        .setOursVersion(conflict.ours().value())
        .setContentType(conflict.contentType())
        .setNode(conflict.node())
        .setActor(ApiCodec.toProto(conflict.actor()))
        .setReason(conflict.reason())
        .setDetectedAtMs(conflict.detectedAt().toEpochMilli())
        .setStateValue(conflict.state().number())
        .setStrategy(conflict.strategy())
        .setDetail(conflict.detail());
    Checksum theirs = conflict.theirs();
    if (theirs != null) {
      builder.setTheirsChecksum(theirs.bytes());
    }
    conflict
        .paths()
        .forEach(path -> builder.addPaths(io.syncline.proto.api.v1.ConflictPath.newBuilder()
            .setPath(path.path())
            .setCause(path.cause())));
    Conflict.Closing closing = conflict.closing();
    if (closing != null) {
      builder.setClosing(io.syncline.proto.api.v1.Conflict.Closing.newBuilder()
          .setBy(ApiCodec.toProto(closing.by()))
          .setReason(closing.reason())
          .setAtMs(closing.at().toEpochMilli())
          .setVersion(closing.version().value())
          .setRevision(closing.revision().value()));
    }
    return builder.build();
  }

  /**
   * @throws IllegalArgumentException if a field has not the stated form
   */
  public static Conflict toDomain(io.syncline.proto.api.v1.Conflict proto) {
    return new Conflict(
        proto.getId(),
        ConflictType.ofNumber(proto.getTypeValue()),
        new NamespaceName(proto.getNamespace()),
        new Key(proto.getKey()),
        Version.of(proto.getBaseVersion()),
        Version.of(proto.getOursVersion()),
        proto.hasTheirsChecksum() ? new Checksum(proto.getTheirsChecksum()) : null,
        proto.getContentType(),
        proto.getNode(),
        ApiCodec.toDomain(proto.getActor()),
        proto.getReason(),
        Instant.ofEpochMilli(proto.getDetectedAtMs()),
        Conflict.State.ofNumber(proto.getStateValue()),
        proto.getStrategy(),
        proto.getDetail(),
        proto.getPathsList().stream()
            .map(path -> new ConflictPath(path.getPath(), path.getCause()))
            .toList(),
        closing(proto));
  }

  private static Conflict.@Nullable Closing closing(io.syncline.proto.api.v1.Conflict proto) {
    if (!proto.hasClosing()) {
      return null;
    }
    return new Conflict.Closing(
        ApiCodec.toDomain(proto.getClosing().getBy()),
        proto.getClosing().getReason(),
        Instant.ofEpochMilli(proto.getClosing().getAtMs()),
        Version.of(proto.getClosing().getVersion()),
        Revision.of(proto.getClosing().getRevision()));
  }

  public static io.syncline.proto.api.v1.ConflictContents toProto(ConflictContents contents) {
    var builder = io.syncline.proto.api.v1.ConflictContents.newBuilder();
    contents.base().ifPresent(builder::setBase);
    contents.ours().ifPresent(builder::setOurs);
    contents.theirs().ifPresent(builder::setTheirs);
    return builder.build();
  }

  public static ConflictContents toDomain(io.syncline.proto.api.v1.ConflictContents proto) {
    return new ConflictContents(
        proto.hasBase() ? Optional.of(proto.getBase()) : Optional.empty(),
        proto.hasOurs() ? Optional.of(proto.getOurs()) : Optional.empty(),
        proto.hasTheirs() ? Optional.of(proto.getTheirs()) : Optional.empty());
  }
}
