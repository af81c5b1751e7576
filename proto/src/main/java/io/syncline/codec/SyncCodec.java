package io.syncline.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.syncline.model.Actor;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.CorruptBatch;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.sync.v1.BatchFrame;
import io.syncline.proto.sync.v1.Change;
import io.syncline.proto.sync.v1.NamespaceDigest;
import io.syncline.proto.sync.v1.Selector;
import io.syncline.proto.sync.v1.SnapshotChunk;
import io.syncline.proto.sync.v1.SnapshotResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Between batches and the bytes that travel. What arrives is verified before anything is made of it;
 * what does not match is a {@link CorruptBatch}.
 */
public final class SyncCodec {
  private SyncCodec() {}

  /** Encodes a batch and hashes it: once, for all who are sent it. */
  public static BatchFrame frame(ChangeBatch batch) {
    var message = io.syncline.proto.sync.v1.ChangeBatch.newBuilder()
        .setClusterId(batch.cluster().toString())
        .setTerm(batch.term())
        .setFromRevision(batch.from().value())
        .setToRevision(batch.to().value())
        .setCommittedAtMs(batch.committedAt().toEpochMilli())
        .addAllDigests(toProto(batch.digests()));
    batch.changes().forEach(change -> message.addChanges(toProto(change)));
    ByteString bytes = message.build().toByteString();
    return BatchFrame.newBuilder()
        .setBatch(bytes)
        .setChecksum(Checksum.of(bytes).bytes())
        .build();
  }

  /**
   * Verifies and decodes a batch.
   *
   * @throws CorruptBatch if the frame, or any content in it, does not match its checksum
   */
  public static ChangeBatch open(BatchFrame frame) {
    boolean sound = Checksum.of(frame.getBatch()).bytes().equals(frame.getChecksum());
    try {
      var message = io.syncline.proto.sync.v1.ChangeBatch.parseFrom(frame.getBatch());
      // contents first: they name what is damaged
      List<ConfigVersion> changes = versions(message.getChangesList());
      if (sound) {
        return new ChangeBatch(
            UUID.fromString(message.getClusterId()),
            message.getTerm(),
            new Revision(message.getFromRevision()),
            new Revision(message.getToRevision()),
            changes,
            digests(message.getDigestsList()),
            Instant.ofEpochMilli(message.getCommittedAtMs()));
      }
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new CorruptBatch(
          "a batch of " + frame.getBatch().size() + " bytes does not decode: " + e.getMessage());
    }
    throw new CorruptBatch(
        "a batch of " + frame.getBatch().size() + " bytes does not match its checksum");
  }

  public static SnapshotResponse frame(SnapshotPart part) {
    var chunk = SnapshotChunk.newBuilder()
        .setClusterId(part.cluster().toString())
        .setSinceRevision(part.since().value())
        .setAtRevision(part.at().value())
        .setTerm(part.term())
        .setLast(part.last())
        .addAllDigests(toProto(part.digests()))
        .setIndex(part.index())
        .setTotalKeys(part.totalKeys())
        .setTotalBytes(part.totalBytes())
        .setTimeMs(part.time().toEpochMilli());
    part.heads().forEach(head -> chunk.addHeads(toProto(head)));
    ByteString bytes = chunk.build().toByteString();
    return SnapshotResponse.newBuilder()
        .setChunk(bytes)
        .setChecksum(Checksum.of(bytes).bytes())
        .build();
  }

  /**
   * Verifies and decodes a part of a snapshot.
   *
   * @throws CorruptBatch if the chunk, or any content in it, does not match its checksum
   */
  public static SnapshotPart open(SnapshotResponse frame) {
    boolean sound = Checksum.of(frame.getChunk()).bytes().equals(frame.getChecksum());
    try {
      SnapshotChunk chunk = SnapshotChunk.parseFrom(frame.getChunk());
      List<ConfigVersion> heads = versions(chunk.getHeadsList());
      if (sound) {
        return new SnapshotPart(
            UUID.fromString(chunk.getClusterId()),
            new Revision(chunk.getSinceRevision()),
            new Revision(chunk.getAtRevision()),
            chunk.getTerm(),
            heads,
            chunk.getLast(),
            digests(chunk.getDigestsList()),
            chunk.getIndex(),
            chunk.getTotalKeys(),
            chunk.getTotalBytes(),
            Instant.ofEpochMilli(chunk.getTimeMs()));
      }
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new CorruptBatch("a snapshot chunk of "
          + frame.getChunk().size()
          + " bytes does not decode: "
          + e.getMessage());
    }
    throw new CorruptBatch(
        "a snapshot chunk of " + frame.getChunk().size() + " bytes does not match its checksum");
  }

  /**
   * @throws CorruptBatch naming the key, if a content does not match its checksum
   */
  public static List<ConfigVersion> versions(Collection<Change> changes) {
    var versions = new ArrayList<ConfigVersion>(changes.size());
    for (Change change : changes) {
      ConfigVersion version = toDomain(change);
      if (!version.checksum().matches(version.content())) {
        throw new CorruptBatch("the content of namespace \""
            + version.namespace()
            + "\", key \""
            + version.key()
            + "\", version "
            + version.version()
            + " does not match its checksum "
            + version.checksum());
      }
      versions.add(version);
    }
    return versions;
  }

  public static Change toProto(ConfigVersion version) {
    var change = Change.newBuilder()
        .setNamespace(version.namespace().value())
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
        .setLease(version.lease());
    if (version.rollbackOf() != null) {
      change.setRollbackOf(version.rollbackOf().value());
    }
    if (version.sourceTime() != null) {
      change.setSourceTimeMs(version.sourceTime().toEpochMilli());
    }
    return change.build();
  }

  private static ConfigVersion toDomain(Change change) {
    return new ConfigVersion(
        new NamespaceName(change.getNamespace()),
        new Key(change.getKey()),
        new Version(change.getVersion()),
        new Revision(change.getRevision()),
        change.getContent(),
        change.getContentType(),
        new Checksum(change.getChecksum()),
        change.getContent().size(),
        Instant.ofEpochMilli(change.getCreatedAtMs()),
        new Actor(change.getCreatedBy(), change.getCreatedByVerified()),
        change.getReason(),
        ApiCodec.versionOrNull(change.getRollbackOf()),
        change.getTombstone(),
        new Version(change.getBornVersion()),
        new Revision(change.getBornRevision()),
        change.hasSourceTimeMs() ? Instant.ofEpochMilli(change.getSourceTimeMs()) : null,
        change.getLease());
  }

  public static List<NamespaceDigest> toProto(Map<NamespaceName, Checksum> digests) {
    return new TreeMap<>(digests)
        .entrySet().stream()
            .map(digest -> NamespaceDigest.newBuilder()
                .setNamespace(digest.getKey().value())
                .setDigest(digest.getValue().bytes())
                .build())
            .toList();
  }

  /**
   * @throws IllegalArgumentException if one is no digest of a namespace
   */
  public static Map<NamespaceName, Checksum> digests(Collection<NamespaceDigest> digests) {
    var byName = new TreeMap<NamespaceName, Checksum>();
    digests.forEach(digest ->
        byName.put(new NamespaceName(digest.getNamespace()), new Checksum(digest.getDigest())));
    return byName;
  }

  public static List<Selector> toProto(Subscription subscription) {
    return subscription.everything()
        ? List.of(Selector.getDefaultInstance())
        : subscription.selectors().stream().map(SyncCodec::toProto).toList();
  }

  public static Selector toProto(io.syncline.model.Selector selector) {
    return Selector.newBuilder()
        .setNamespace(selector.namespace().value())
        .setPrefix(selector.prefix())
        .build();
  }

  /**
   * @throws IllegalArgumentException if there are none, too many, or one is no selector
   */
  public static Subscription subscription(Collection<Selector> selectors) {
    boolean everything =
        selectors.size() == 1 && selectors.iterator().next().equals(Selector.getDefaultInstance());
    return everything
        ? Subscription.EVERYTHING
        : new Subscription(false, selectors.stream().map(SyncCodec::toDomain).toList());
  }

  public static io.syncline.model.Selector toDomain(Selector selector) {
    return new io.syncline.model.Selector(
        new NamespaceName(selector.getNamespace()), selector.getPrefix());
  }
}
