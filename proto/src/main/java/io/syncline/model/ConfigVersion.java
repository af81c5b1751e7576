package io.syncline.model;

import com.google.protobuf.ByteString;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of one key: what was written, when, by whom and why.
 *
 * @param version the key's own count, from 1
 * @param revision the store-wide position of the change
 * @param content the content; empty for a tombstone, and where only metadata was asked for
 * @param contentType media type as the writer stated it, or empty
 * @param checksum SHA-256 of the whole content, also where the content was left out
 * @param sizeBytes the content's size, also where the content was left out
 * @param createdAt when it was committed, by the proposing voter's clock, to the millisecond
 * @param reason why, in the writer's words, or empty
 * @param rollbackOf the version whose content this one brought back, or null
 * @param tombstone whether this version deleted the key
 * @param bornVersion the version at which the key's present life began
 * @param bornRevision that version's revision
 * @param sourceTime when the change was made where it was imported from, or null
 * @param lease the lease that the key hangs on; 0: none
 */
public record ConfigVersion(
    NamespaceName namespace,
    Key key,
    Version version,
    Revision revision,
    ByteString content,
    String contentType,
    Checksum checksum,
    long sizeBytes,
    Instant createdAt,
    Actor createdBy,
    String reason,
    @Nullable Version rollbackOf,
    boolean tombstone,
    Version bornVersion,
    Revision bornRevision,
    @Nullable Instant sourceTime,
    long lease) {

  public ConfigVersion {
    if (!version.exists() || bornVersion.value() > version.value()) {
      throw new IllegalArgumentException(
          "version " + version + ", born at " + bornVersion + " (expected: 1 <= born <= version)");
    }
    if (tombstone && (!content.isEmpty() || sizeBytes != 0)) {
      throw new IllegalArgumentException("a tombstone has no content, given: " + sizeBytes);
    }
  }

  /** Of a key that hangs on no lease. */
  public ConfigVersion(
      NamespaceName namespace,
      Key key,
      Version version,
      Revision revision,
      ByteString content,
      String contentType,
      Checksum checksum,
      long sizeBytes,
      Instant createdAt,
      Actor createdBy,
      String reason,
      @Nullable Version rollbackOf,
      boolean tombstone,
      Version bornVersion,
      Revision bornRevision,
      @Nullable Instant sourceTime) {
    this(
        namespace,
        key,
        version,
        revision,
        content,
        contentType,
        checksum,
        sizeBytes,
        createdAt,
        createdBy,
        reason,
        rollbackOf,
        tombstone,
        bornVersion,
        bornRevision,
        sourceTime,
        0);
  }

  /** The same, hanging on a lease. */
  public ConfigVersion withLease(long id) {
    return new ConfigVersion(
        namespace,
        key,
        version,
        revision,
        content,
        contentType,
        checksum,
        sizeBytes,
        createdAt,
        createdBy,
        reason,
        rollbackOf,
        tombstone,
        bornVersion,
        bornRevision,
        sourceTime,
        id);
  }

  /** The key's count within its present life, from 1: what etcd calls a version. */
  public long lifeVersion() {
    return version.value() - bornVersion.value() + 1;
  }

  public boolean live() {
    return !tombstone;
  }

  /** Whether the key had no live value before this version. */
  public boolean beginsLife() {
    return version.equals(bornVersion) && !tombstone;
  }

  /** The same without its content. */
  public ConfigVersion withoutContent() {
    return content.isEmpty() ? this : withContent(ByteString.EMPTY);
  }

  /** The same with another content; checksum and size stay what they were. */
  public ConfigVersion withContent(ByteString other) {
    return new ConfigVersion(
        namespace,
        key,
        version,
        revision,
        other,
        contentType,
        checksum,
        sizeBytes,
        createdAt,
        createdBy,
        reason,
        rollbackOf,
        tombstone,
        bornVersion,
        bornRevision,
        sourceTime,
        lease);
  }

  /** Names the version and never shows its content: configuration may be secret. */
  @Override
  public String toString() {
    return namespace
        + "/"
        + key
        + " version "
        + version
        + " at revision "
        + revision
        + (tombstone ? " (deleted)" : "");
  }
}
