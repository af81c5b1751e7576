package io.syncline.codec;

import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.NamespaceStats;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Between the messages of {@code syncline.api.v1} and the domain types.
 *
 * <p>Decoding what a domain type does not allow throws {@link IllegalArgumentException} with a
 * sentence for whoever sent it.
 */
public final class ApiCodec {
  private ApiCodec() {}

  public static io.syncline.proto.api.v1.ConfigVersion toProto(ConfigVersion version) {
    var builder = io.syncline.proto.api.v1.ConfigVersion.newBuilder()
        .setNamespace(version.namespace().value())
        .setKey(version.key().bytes())
        .setVersion(version.version().value())
        .setRevision(version.revision().value())
        .setContent(version.content())
        .setContentType(version.contentType())
        .setChecksum(version.checksum().bytes())
        .setSizeBytes(version.sizeBytes())
        .setCreatedAtMs(version.createdAt().toEpochMilli())
        .setCreatedBy(toProto(version.createdBy()))
        .setReason(version.reason())
        .setTombstone(version.tombstone())
        .setBornVersion(version.bornVersion().value())
        .setBornRevision(version.bornRevision().value())
        .setLease(version.lease());
    if (version.rollbackOf() != null) {
      builder.setRollbackOf(version.rollbackOf().value());
    }
    if (version.sourceTime() != null) {
      builder.setSourceTimeMs(version.sourceTime().toEpochMilli());
    }
    return builder.build();
  }

  public static ConfigVersion toDomain(io.syncline.proto.api.v1.ConfigVersion proto) {
    return new ConfigVersion(
        new NamespaceName(proto.getNamespace()),
        new Key(proto.getKey()),
        new Version(proto.getVersion()),
        new Revision(proto.getRevision()),
        proto.getContent(),
        proto.getContentType(),
        new Checksum(proto.getChecksum()),
        proto.getSizeBytes(),
        Instant.ofEpochMilli(proto.getCreatedAtMs()),
        toDomain(proto.getCreatedBy()),
        proto.getReason(),
        proto.getRollbackOf() == 0 ? null : new Version(proto.getRollbackOf()),
        proto.getTombstone(),
        new Version(proto.getBornVersion()),
        new Revision(proto.getBornRevision()),
        proto.hasSourceTimeMs() ? Instant.ofEpochMilli(proto.getSourceTimeMs()) : null,
        proto.getLease());
  }

  public static io.syncline.proto.api.v1.Actor toProto(Actor actor) {
    return io.syncline.proto.api.v1.Actor.newBuilder()
        .setName(actor.name())
        .setVerified(actor.verified())
        .build();
  }

  public static Actor toDomain(io.syncline.proto.api.v1.Actor proto) {
    return new Actor(proto.getName(), proto.getVerified());
  }

  public static io.syncline.proto.api.v1.CommandId toProto(CommandId id) {
    return io.syncline.proto.api.v1.CommandId.newBuilder()
        .setClientId(id.clientId())
        .setSequence(id.sequence())
        .build();
  }

  public static CommandId toDomain(io.syncline.proto.api.v1.CommandId proto) {
    return new CommandId(proto.getClientId(), proto.getSequence());
  }

  public static io.syncline.proto.api.v1.Precondition toProto(Precondition precondition) {
    var builder = io.syncline.proto.api.v1.Precondition.newBuilder();
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

  public static Precondition toDomain(io.syncline.proto.api.v1.Precondition proto) {
    return switch (proto.getConditionCase()) {
      case ABSENT -> {
        if (!proto.getAbsent()) {
          throw new IllegalArgumentException(
              "precondition: absent = false (expected: true, or at_version, at_revision or"
                  + " at_checksum)");
        }
        yield Precondition.ABSENT;
      }
      case AT_VERSION -> new Precondition.AtVersion(Version.of(proto.getAtVersion()));
      case AT_REVISION -> new Precondition.AtRevision(Revision.of(proto.getAtRevision()));
      case AT_CHECKSUM -> new Precondition.AtChecksum(new Checksum(proto.getAtChecksum()));
      case CONDITION_NOT_SET -> Precondition.NONE;
    };
  }

  public static io.syncline.proto.api.v1.KeyRange toProto(KeyRange range) {
    return io.syncline.proto.api.v1.KeyRange.newBuilder()
        .setFrom(range.from())
        .setTo(range.to())
        .build();
  }

  public static KeyRange toDomain(io.syncline.proto.api.v1.KeyRange proto) {
    return proto.getPrefix().isEmpty()
        ? new KeyRange(proto.getFrom(), proto.getTo())
        : KeyRange.prefix(proto.getPrefix());
  }

  public static io.syncline.proto.api.v1.Consistency toProto(Consistency consistency) {
    var builder = io.syncline.proto.api.v1.Consistency.newBuilder();
    if (consistency instanceof Consistency.AtLeast atLeast) {
      builder.setAtLeastRevision(atLeast.revision().value());
    } else if (consistency instanceof Consistency.Stale stale) {
      builder.setMaxStalenessMs(stale.bound().toMillis());
    } else {
      builder.setLinearizable(true);
    }
    return builder.build();
  }

  public static Consistency toDomain(io.syncline.proto.api.v1.Consistency proto) {
    return switch (proto.getLevelCase()) {
      case AT_LEAST_REVISION -> new Consistency.AtLeast(Revision.of(proto.getAtLeastRevision()));
      case MAX_STALENESS_MS ->
        new Consistency.Stale(Duration.ofMillis(nonNegative(proto.getMaxStalenessMs())));
      case LINEARIZABLE, LEVEL_NOT_SET -> Consistency.LINEARIZABLE;
    };
  }

  public static io.syncline.proto.api.v1.NamespaceSettings toProto(NamespaceSettings settings) {
    return io.syncline.proto.api.v1.NamespaceSettings.newBuilder()
        .setRetainAgeMs(settings.retainAge().toMillis())
        .setRetainVersions(settings.retainVersions())
        .setOnConflict(settings.onConflict())
        .addAllListKeys(settings.listKeys())
        .build();
  }

  public static NamespaceSettings toDomain(io.syncline.proto.api.v1.NamespaceSettings proto) {
    return new NamespaceSettings(
        Duration.ofMillis(proto.getRetainAgeMs()),
        proto.getRetainVersions(),
        proto.getOnConflict(),
        proto.getListKeysList());
  }

  public static io.syncline.proto.api.v1.Namespace toProto(Namespace namespace) {
    return io.syncline.proto.api.v1.Namespace.newBuilder()
        .setName(namespace.name().value())
        .setSettings(toProto(namespace.settings()))
        .setCreatedAtMs(namespace.createdAt().toEpochMilli())
        .setCreatedBy(toProto(namespace.createdBy()))
        .setStats(NamespaceStats.newBuilder()
            .setLiveKeys(namespace.liveKeys())
            .setLiveBytes(namespace.liveBytes())
            .setChanges(namespace.changes())
            .setRevision(namespace.revision().value())
            .setHorizon(namespace.horizon().value())
            .setDigest(namespace.digest().bytes()))
        .build();
  }

  public static Namespace toDomain(io.syncline.proto.api.v1.Namespace proto) {
    NamespaceStats stats = proto.getStats();
    return new Namespace(
        new NamespaceName(proto.getName()),
        toDomain(proto.getSettings()),
        Instant.ofEpochMilli(proto.getCreatedAtMs()),
        toDomain(proto.getCreatedBy()),
        stats.getLiveKeys(),
        stats.getLiveBytes(),
        stats.getChanges(),
        Revision.of(stats.getRevision()),
        Revision.of(stats.getHorizon()),
        new Checksum(stats.getDigest()));
  }

  /** A version from a field in which 0 stands for none. */
  public static @Nullable Version versionOrNull(long value) {
    return value == 0 ? null : new Version(value);
  }

  private static long nonNegative(long unsignedMillis) {
    if (unsignedMillis < 0) {
      throw new IllegalArgumentException("max_staleness_ms: "
          + Long.toUnsignedString(unsignedMillis)
          + " (expected: less than 2^63)");
    }
    return unsignedMillis;
  }
}
