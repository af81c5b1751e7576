package io.syncline.model;

import java.time.Instant;

/**
 * A namespace as it is stored.
 *
 * @param id the number under which its keys are stored, from 1
 * @param horizon its history is complete from this revision on
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
    Revision horizon) {

  public NamespaceRecord withSettings(NamespaceSettings newSettings) {
    return new NamespaceRecord(
        id, name, newSettings, createdAt, createdBy, liveKeys, liveBytes, changes, revision,
        horizon);
  }

  public NamespaceRecord withHorizon(Revision newHorizon) {
    return new NamespaceRecord(
        id, name, settings, createdAt, createdBy, liveKeys, liveBytes, changes, revision,
        Revision.max(horizon, newHorizon));
  }

  /** After one more change at a revision. */
  public NamespaceRecord changed(Revision at, long liveKeysDelta, long liveBytesDelta) {
    return new NamespaceRecord(
        id, name, settings, createdAt, createdBy, liveKeys + liveKeysDelta,
        liveBytes + liveBytesDelta, changes + 1, at, horizon);
  }
}
