package io.syncline.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.CopyState;
import io.syncline.model.Draft;
import io.syncline.model.Fault;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.Lease;
import io.syncline.model.LogPosition;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Rejection;
import io.syncline.model.RememberedOutcome;
import io.syncline.model.RememberedOutcome.Touch;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.StorePosition;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.storage.v1.StoredCopy;
import io.syncline.proto.storage.v1.StoredDraft;
import io.syncline.proto.storage.v1.StoredDraftFile;
import io.syncline.proto.storage.v1.StoredFollower;
import io.syncline.proto.storage.v1.StoredLease;
import io.syncline.proto.storage.v1.StoredNamespace;
import io.syncline.proto.storage.v1.StoredOutcome;
import io.syncline.proto.storage.v1.StoredPosition;
import io.syncline.proto.storage.v1.StoredRejection;
import io.syncline.proto.storage.v1.StoredSelector;
import io.syncline.proto.storage.v1.StoredStaging;
import io.syncline.proto.storage.v1.StoredTouch;
import io.syncline.proto.storage.v1.StoredVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Between domain types and the bytes in RocksDB. What was written by any released version decodes;
 * what does not decode, or not to its checksum, is a {@link Fault}.
 */
public final class StorageCodec {
  /** Of the layout of all column families; a store of another one is refused. */
  public static final int FORMAT_VERSION = 1;

  private StorageCodec() {}

  /** Which namespace a stored version belongs to, by its number. */
  @FunctionalInterface
  public interface NamespaceNames {
    /**
     * @throws Fault if there is no namespace of that number
     */
    NamespaceName nameOf(int namespaceId);
  }

  /**
   * @param namespaceId the namespace's number, under which it is stored
   * @param subIndex place among the changes of its revision
   */
  public static byte[] encode(ConfigVersion version, int namespaceId, int subIndex) {
    var builder = StoredVersion.newBuilder()
        .setNamespaceId(namespaceId)
        .setKey(version.key().bytes())
        .setVersion(version.version().value())
        .setRevision(version.revision().value())
        .setContent(version.content())
        .setContentType(version.contentType())
        .setChecksum(version.checksum().bytes())
        .setCreatedAtMs(version.createdAt().toEpochMilli())
        .setCreatedBy(version.createdBy().name())
        .setCreatedByVerified(version.createdBy().verified())
        .setReason(version.reason())
        .setTombstone(version.tombstone())
        .setBornVersion(version.bornVersion().value())
        .setBornRevision(version.bornRevision().value())
        .setLease(version.lease())
        .setSubIndex(subIndex);
    if (version.rollbackOf() != null) {
      builder.setRollbackOf(version.rollbackOf().value());
    }
    if (version.sourceTime() != null) {
      builder.setSourceTimeMs(version.sourceTime().toEpochMilli());
    }
    return builder.build().toByteArray();
  }

  /** A version with its place among the changes of its revision. */
  public record Placed(ConfigVersion version, int namespaceId, int subIndex) {}

  /** Decodes a version and verifies its content against its checksum. */
  public static Placed decodeVersion(byte[] bytes, NamespaceNames names) {
    StoredVersion stored = parse(StoredVersion.parser(), bytes, "a version");
    try {
      ConfigVersion version = toDomain(stored, names.nameOf(stored.getNamespaceId()));
      if (!version.checksum().matches(version.content())) {
        throw new Fault("store: "
            + version
            + " does not match its checksum "
            + version.checksum()
            + "; the disk or the file is damaged: wipe this voter's data and let it rejoin");
      }
      return new Placed(version, stored.getNamespaceId(), stored.getSubIndex());
    } catch (IllegalArgumentException e) {
      throw new Fault("store: a version of " + bytes.length + " bytes does not decode", e);
    }
  }

  private static ConfigVersion toDomain(StoredVersion stored, NamespaceName namespace) {
    return new ConfigVersion(
        namespace,
        new Key(stored.getKey()),
        new Version(stored.getVersion()),
        new Revision(stored.getRevision()),
        stored.getContent(),
        stored.getContentType(),
        new Checksum(stored.getChecksum()),
        stored.getContent().size(),
        Instant.ofEpochMilli(stored.getCreatedAtMs()),
        new Actor(stored.getCreatedBy(), stored.getCreatedByVerified()),
        stored.getReason(),
        ApiCodec.versionOrNull(stored.getRollbackOf()),
        stored.getTombstone(),
        new Version(stored.getBornVersion()),
        new Revision(stored.getBornRevision()),
        stored.hasSourceTimeMs() ? Instant.ofEpochMilli(stored.getSourceTimeMs()) : null,
        stored.getLease());
  }

  public static byte[] encode(Lease lease) {
    return StoredLease.newBuilder()
        .setId(lease.id())
        .setTtlMs(lease.ttl().toMillis())
        .setRemainingMs(lease.remaining().toMillis())
        .setNotedMs(lease.noted().toEpochMilli())
        .build()
        .toByteArray();
  }

  public static Lease decodeLease(byte[] bytes) {
    StoredLease stored = parse(StoredLease.parser(), bytes, "a lease");
    return new Lease(
        stored.getId(),
        Duration.ofMillis(stored.getTtlMs()),
        Duration.ofMillis(stored.getRemainingMs()),
        Instant.ofEpochMilli(stored.getNotedMs()));
  }

  public static byte[] encode(NamespaceRecord record) {
    return StoredNamespace.newBuilder()
        .setId(record.id())
        .setName(record.name().value())
        .setRetainAgeMs(record.settings().retainAge().toMillis())
        .setRetainVersions(record.settings().retainVersions())
        .setCreatedAtMs(record.createdAt().toEpochMilli())
        .setCreatedBy(record.createdBy().name())
        .setCreatedByVerified(record.createdBy().verified())
        .setLiveKeys(record.liveKeys())
        .setLiveBytes(record.liveBytes())
        .setChanges(record.changes())
        .setRevision(record.revision().value())
        .setHorizon(record.horizon().value())
        .setCompleteFrom(record.completeFrom().value())
        .setOnConflict(record.settings().onConflict())
        .addAllListKeys(record.settings().listKeys())
        .build()
        .toByteArray();
  }

  public static NamespaceRecord decodeNamespace(byte[] bytes) {
    StoredNamespace stored = parse(StoredNamespace.parser(), bytes, "a namespace");
    try {
      return new NamespaceRecord(
          stored.getId(),
          new NamespaceName(stored.getName()),
          new NamespaceSettings(
              Duration.ofMillis(stored.getRetainAgeMs()),
              stored.getRetainVersions(),
              stored.getOnConflict(),
              stored.getListKeysList()),
          Instant.ofEpochMilli(stored.getCreatedAtMs()),
          new Actor(stored.getCreatedBy(), stored.getCreatedByVerified()),
          stored.getLiveKeys(),
          stored.getLiveBytes(),
          stored.getChanges(),
          Revision.of(stored.getRevision()),
          Revision.of(stored.getHorizon()),
          Revision.of(stored.getCompleteFrom()));
    } catch (IllegalArgumentException e) {
      throw new Fault("store: a namespace does not decode", e);
    }
  }

  public static byte[] encode(StorePosition position) {
    return StoredPosition.newBuilder()
        .setFormatVersion(FORMAT_VERSION)
        .setAppliedTerm(position.applied().term())
        .setAppliedIndex(position.applied().index())
        .setRevision(position.revision().value())
        .setTimeMs(position.timeMs())
        .setNextNamespaceId(position.nextNamespaceId())
        .setCommandsRemembered(position.commandsRemembered())
        .setConflictsRecorded(position.conflictsRecorded())
        .setConflictsDropped(position.conflictsDropped())
        .build()
        .toByteArray();
  }

  public static StorePosition decodePosition(byte[] bytes) {
    StoredPosition stored = parse(StoredPosition.parser(), bytes, "the position");
    if (stored.getFormatVersion() != FORMAT_VERSION) {
      throw new Fault("store: format version "
          + stored.getFormatVersion()
          + " (expected: "
          + FORMAT_VERSION
          + "); start the release that wrote it");
    }
    return new StorePosition(
        new LogPosition(stored.getAppliedTerm(), stored.getAppliedIndex()),
        Revision.of(stored.getRevision()),
        stored.getTimeMs(),
        stored.getNextNamespaceId(),
        stored.getCommandsRemembered(),
        stored.getConflictsRecorded(),
        stored.getConflictsDropped());
  }

  public static byte[] encode(RememberedOutcome outcome) {
    var builder = StoredOutcome.newBuilder()
        .setClientId(outcome.id().clientId())
        .setSequence(outcome.id().sequence())
        .setRevision(outcome.revision().value())
        .setChanged(outcome.changed())
        .setComparesHeld(outcome.comparesHeld())
        .setConflictId(outcome.conflictId());
    for (Touch touch : outcome.touches()) {
      builder.addTouches(StoredTouch.newBuilder()
          .setNamespaceId(touch.namespaceId())
          .setKey(touch.key().bytes())
          .setVersion(touch.version().value()));
    }
    Rejection rejection = outcome.rejection();
    if (rejection != null) {
      builder.setRejection(encode(rejection));
    }
    return builder.build().toByteArray();
  }

  private static StoredRejection encode(Rejection rejection) {
    var builder = StoredRejection.newBuilder()
        .setReason(rejection.reason().number())
        .setMessage(rejection.message())
        .setGiven(rejection.given())
        .setLimit(rejection.limit());
    if (rejection.nearest() != null) {
      builder.setNearestRevision(rejection.nearest().value());
    }
    return builder.build();
  }

  public static RememberedOutcome decodeOutcome(byte[] bytes) {
    StoredOutcome stored = parse(StoredOutcome.parser(), bytes, "a remembered outcome");
    try {
      return new RememberedOutcome(
          new CommandId(stored.getClientId(), stored.getSequence()),
          Revision.of(stored.getRevision()),
          stored.getChanged(),
          stored.getComparesHeld(),
          stored.getTouchesList().stream()
              .map(t ->
                  new Touch(t.getNamespaceId(), new Key(t.getKey()), new Version(t.getVersion())))
              .toList(),
          stored.getConflictId(),
          stored.hasRejection() ? toDomain(stored.getRejection()) : null);
    } catch (IllegalArgumentException e) {
      throw new Fault("store: a remembered outcome does not decode", e);
    }
  }

  private static Rejection toDomain(StoredRejection stored) {
    Rejection.Reason reason = Rejection.Reason.ofNumber(stored.getReason());
    boolean ofRevision =
        reason == Rejection.Reason.COMPACTED || reason == Rejection.Reason.FUTURE_REVISION;
    return new Rejection(
        reason,
        stored.getMessage(),
        null,
        ofRevision ? Revision.of(stored.getNearestRevision()) : null,
        stored.getGiven(),
        stored.getLimit(),
        null);
  }

  private static <T extends MessageLite> T parse(Parser<T> parser, byte[] bytes, String what) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new Fault("store: " + what + " of " + bytes.length + " bytes does not decode", e);
    }
  }

  public static byte[] encode(CopyState copy) {
    var stored = StoredCopy.newBuilder()
        .setClusterId(copy.cluster().toString())
        .setTerm(copy.term())
        .setBaseRevision(copy.base().value());
    copy.staging().ifPresent(staging -> stored.setStaging(encode(staging)));
    return stored.build().toByteArray();
  }

  public static byte[] encode(FollowerRegistration follower) {
    var stored = StoredFollower.newBuilder()
        .setId(follower.id())
        .setAddress(follower.address())
        .setCursor(follower.cursor().value())
        .setSeenMs(follower.seen().toEpochMilli());
    if (follower.subscription().everything()) {
      stored.addSelectors(StoredSelector.getDefaultInstance());
    }
    for (Selector selector : follower.subscription().selectors()) {
      stored.addSelectors(StoredSelector.newBuilder()
          .setNamespace(selector.namespace().value())
          .setPrefix(selector.prefix()));
    }
    return stored.build().toByteArray();
  }

  public static FollowerRegistration decodeFollower(byte[] bytes) {
    StoredFollower stored = parse(StoredFollower.parser(), bytes, "a follower");
    try {
      boolean everything = stored.getSelectorsCount() == 1
          && stored.getSelectors(0).equals(StoredSelector.getDefaultInstance());
      Subscription subscription = everything
          ? Subscription.EVERYTHING
          : new Subscription(
              false,
              stored.getSelectorsList().stream()
                  .map(s -> new Selector(new NamespaceName(s.getNamespace()), s.getPrefix()))
                  .toList());
      return new FollowerRegistration(
          stored.getId(),
          stored.getAddress(),
          subscription,
          new Revision(stored.getCursor()),
          Instant.ofEpochMilli(stored.getSeenMs()));
    } catch (IllegalArgumentException e) {
      throw new Fault("store: a follower does not decode", e);
    }
  }

  /** A file of its own, with its checksum. */
  public static byte[] encode(Draft draft) {
    Draft.Outcome outcome = draft.outcome();
    Instant decidedAt = outcome.decidedAt();
    ByteString encoded = StoredDraft.newBuilder()
        .setId(draft.id())
        .setCommand(LogCodec.encode(draft.proposed()))
        .setBaseVersion(draft.base().value())
        .setCreatedAtMs(draft.createdAt().toEpochMilli())
        .setState(outcome.state().number())
        .setDecidedAtMs(decidedAt == null ? 0 : decidedAt.toEpochMilli())
        .setVersion(outcome.version().value())
        .setRevision(outcome.revision().value())
        .setHeadVersion(outcome.head().value())
        .setDetail(outcome.detail())
        .setOnConflict(draft.onConflict())
        .build()
        .toByteString();
    return StoredDraftFile.newBuilder()
        .setDraft(encoded)
        .setChecksum(Checksum.of(encoded).bytes())
        .build()
        .toByteArray();
  }

  public static Draft decodeDraft(byte[] bytes) {
    StoredDraftFile file = parse(StoredDraftFile.parser(), bytes, "a draft");
    if (!Checksum.of(file.getDraft()).bytes().equals(file.getChecksum())) {
      throw new Fault("store: a draft of " + bytes.length + " bytes does not match its checksum");
    }
    StoredDraft stored = parse(StoredDraft.parser(), file.getDraft().toByteArray(), "a draft");
    try {
      return new Draft(
          stored.getId(),
          LogCodec.decode(stored.getCommand()),
          new Version(stored.getBaseVersion()),
          stored.getOnConflict(),
          Instant.ofEpochMilli(stored.getCreatedAtMs()),
          new Draft.Outcome(
              Draft.State.ofNumber(stored.getState()),
              stored.getDecidedAtMs() == 0 ? null : Instant.ofEpochMilli(stored.getDecidedAtMs()),
              new Version(stored.getVersion()),
              new Revision(stored.getRevision()),
              new Version(stored.getHeadVersion()),
              stored.getDetail()));
    } catch (IllegalArgumentException e) {
      throw new Fault("store: a draft does not decode", e);
    }
  }

  private static StoredStaging encode(CopyState.Staging staging) {
    var stored = StoredStaging.newBuilder()
        .setSinceRevision(staging.since().value())
        .setAtRevision(staging.at().value())
        .setParts(staging.parts())
        .setKeys(staging.keys());
    staging
        .after()
        .ifPresent(after ->
            stored.setAfterNamespace(after.namespace().value()).setAfterKey(after.prefix()));
    return stored.build();
  }

  public static CopyState decodeCopy(byte[] bytes) {
    StoredCopy stored = parse(StoredCopy.parser(), bytes, "of whom it is a copy");
    try {
      return new CopyState(
          UUID.fromString(stored.getClusterId()),
          stored.getTerm(),
          new Revision(stored.getBaseRevision()),
          stored.hasStaging() ? Optional.of(decode(stored.getStaging())) : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new Fault("store: of whom it is a copy does not decode", e);
    }
  }

  private static CopyState.Staging decode(StoredStaging stored) {
    return new CopyState.Staging(
        new Revision(stored.getSinceRevision()),
        new Revision(stored.getAtRevision()),
        stored.hasAfterNamespace()
            ? Optional.of(
                new Selector(new NamespaceName(stored.getAfterNamespace()), stored.getAfterKey()))
            : Optional.empty(),
        stored.getParts(),
        stored.getKeys());
  }

  /** The checksum stored beside a version's content, whether or not it is the content's. */
  public static Checksum storedChecksum(byte[] version) {
    try {
      return new Checksum(StoredVersion.parseFrom(version).getChecksum());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Fault("store: a version of " + version.length + " bytes does not decode", e);
    }
  }

  /**
   * Decodes a version without comparing its content with its checksum: the version has the checksum
   * that the content really has. Empty if it does not decode.
   */
  public static Optional<ConfigVersion> decodeAsStored(byte[] bytes, NamespaceNames names) {
    try {
      StoredVersion stored = StoredVersion.parseFrom(bytes);
      return Optional.of(toDomain(
          stored.toBuilder()
              .setChecksum(Checksum.of(stored.getContent()).bytes())
              .build(),
          names.nameOf(stored.getNamespaceId())));
    } catch (InvalidProtocolBufferException | IllegalArgumentException | Fault e) {
      return Optional.empty();
    }
  }
}
