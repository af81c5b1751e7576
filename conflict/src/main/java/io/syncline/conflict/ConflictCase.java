package io.syncline.conflict;

import io.syncline.conflict.merge.Format;
import io.syncline.conflict.merge.MergeSides;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;

/**
 * A conflict to be resolved.
 *
 * @param contentType media type of the contents, or empty
 * @param sides base, ours (the leader's) and theirs (the incoming, or a follower's)
 */
public record ConflictCase(
    ConflictType type, NamespaceName namespace, Key key, String contentType, MergeSides sides) {

  /** By content type, else by the key's extension, else text. */
  public Format format() {
    return Format.of(contentType, key);
  }
}
