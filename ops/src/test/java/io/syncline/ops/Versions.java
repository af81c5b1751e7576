package io.syncline.ops;

import com.google.protobuf.ByteString;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Versions for tests. */
public final class Versions {
  public static final Instant CREATED_AT = Instant.parse("2026-01-31T12:00:00.250Z");

  private Versions() {}

  public static ConfigVersion version(long version, long revision, String content) {
    return version(version, revision, ByteString.copyFromUtf8(content), "", null, null);
  }

  public static ConfigVersion version(
      long version,
      long revision,
      ByteString content,
      String reason,
      @Nullable Version rollbackOf,
      @Nullable Instant sourceTime) {
    return new ConfigVersion(
        NamespaceName.DEFAULT,
        Key.of("routes/api"),
        Version.of(version),
        Revision.of(revision),
        content,
        "application/yaml",
        Checksum.of(content),
        content.size(),
        CREATED_AT,
        new Actor("ann", false),
        reason,
        rollbackOf,
        false,
        Version.of(1),
        Revision.of(1),
        sourceTime);
  }

  public static ConfigVersion tombstone(long version, long revision) {
    return new ConfigVersion(
        NamespaceName.DEFAULT,
        Key.of("routes/api"),
        Version.of(version),
        Revision.of(revision),
        ByteString.EMPTY,
        "",
        Checksum.OF_NOTHING,
        0,
        CREATED_AT,
        new Actor("ann", false),
        "gone",
        null,
        true,
        Version.of(1),
        Revision.of(1),
        null);
  }
}
