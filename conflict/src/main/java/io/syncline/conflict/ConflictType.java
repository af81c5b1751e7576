package io.syncline.conflict;

/** Why two contents of one key cannot both stand. Names are a public contract. */
public enum ConflictType {
  /**
   * A version that is no ancestor of the leader's: a draft on an old base, or a copy that goes back
   * to a restored backup. To lag behind is no conflict.
   */
  VERSION_CONFLICT,
  /** The same version with another checksum: corruption, or tampering. */
  CONTENT_CONFLICT,
  /** Two edits that were both made from one version. */
  CONCURRENT_MODIFICATION
}
