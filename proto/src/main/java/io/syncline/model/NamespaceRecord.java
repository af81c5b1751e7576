package io.syncline.model;

import java.time.Instant;

/**
 * A namespace as it is stored.
 *
 * @param id the number under which its keys are stored, from 1
 * @param horizon versions superseded at or before this revision are gone
 * @param completeFrom its change log is complete from this revision on; at least the horizon, and
 *     later where versions went by the count limit
 */
public record NamespaceRecord(
    int id,
    NamespaceName name,
    NamespaceSettings settings,
    Instant createdAt,
    Actor createdBy,
    long liveKeys,
    long liveBytes,
    long changes,
    Revision revision,
    Revision horizon,
    Revision completeFrom) {

  /** A namespace in which nothing has happened. */
  public static NamespaceRecord created(
      int id, NamespaceName name, NamespaceSettings settings, Instant at, Actor by) {
    return new NamespaceRecord(
        id, name, settings, at, by, 0, 0, 0, Revision.ZERO, Revision.ZERO, Revision.ZERO);
  }

  public NamespaceRecord withSettings(NamespaceSettings newSettings) {
    return new NamespaceRecord(
        id,
        name,
        newSettings,
        createdAt,
        createdBy,
        liveKeys,
        liveBytes,
        changes,
        revision,
        horizon,
        completeFrom);
  }

  /** With a horizon at least at the revision. */
  public NamespaceRecord withHorizon(Revision least) {
    return new NamespaceRecord(
        id,
        name,
        settings,
        createdAt,
        createdBy,
        liveKeys,
        liveBytes,
        changes,
        revision,
        Revision.max(horizon, least),
        Revision.max(completeFrom, least));
  }

  /** With a change log that has holes before the revision. */
  public NamespaceRecord completeFrom(Revision least) {
    return new NamespaceRecord(
        id,
        name,
        settings,
        createdAt,
        createdBy,
        liveKeys,
        liveBytes,
        changes,
        revision,
        horizon,
        Revision.max(completeFrom, least));
  }

  /** After one more change at a revision. */
  public NamespaceRecord changed(Revision at, long liveKeysDelta, long liveBytesDelta) {
    return new NamespaceRecord(
        id,
        name,
        settings,
        createdAt,
        createdBy,
        liveKeys + liveKeysDelta,
        liveBytes + liveBytesDelta,
        changes + 1,
        Revision.max(revision, at),
        horizon,
        completeFrom);
  }
}
