package io.syncline.model;

import java.time.Instant;

/**
 * A namespace as it stands.
 *
 * @param liveKeys keys that have a live value
 * @param liveBytes the size of their keys and contents
 * @param changes changes ever made
 * @param revision the last revision that changed it
 * @param horizon its history is complete from this revision on
 * @param digest order-free hash of the live state
 */
public record Namespace(
    NamespaceName name,
    NamespaceSettings settings,
    Instant createdAt,
    Actor createdBy,
    long liveKeys,
    long liveBytes,
    long changes,
    Revision revision,
    Revision horizon,
    Checksum digest) {}
