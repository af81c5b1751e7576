package io.syncline.server.store;

import java.nio.charset.StandardCharsets;

/** The column families: what is kept, under which RocksDB key. */
enum Family {
  /** RocksDB demands it; nothing is kept in it. */
  UNUSED("default"),
  /** (namespace id, key) → the newest version, content inline: a read is one lookup. */
  HEAD("head"),
  /** (revision, sub-index) → a version: the change log that watchers and followers scan. */
  CHANGE("change"),
  /** (namespace id, key length, key, version) → (revision, sub-index). */
  HISTORY("history"),
  /** (namespace id) → a namespace. */
  NAMESPACE("namespace"),
  /** (slot) → the outcome of an identified command; a ring. */
  COMMAND("command"),
  /**
   * "r", id → a conflict; "c", id → its contents; "o", namespace id, key length, key, checksum of the
   * incoming content → the id of the open conflict about it.
   */
  CONFLICT("conflict"),
  /**
   * "l", lease id → a lease; "k", lease id, namespace id, key → nothing: the key hangs on the lease.
   */
  LEASE("lease"),
  /** (follower id) → where a follower stood when it was last noted. */
  FOLLOWER("follower"),
  /**
   * "position" → where the store stands; "d", namespace id, bucket → a digest bucket's sum; "copy" →
   * of whom it is a copy; "auth" → users and roles.
   */
  META("meta");

  private final String label;

  Family(String label) {
    this.label = label;
  }

  byte[] nameBytes() {
    return label.getBytes(StandardCharsets.UTF_8);
  }
}
