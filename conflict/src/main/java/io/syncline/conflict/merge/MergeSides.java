package io.syncline.conflict.merge;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What is merged: two contents, and the one that both were made from.
 *
 * @param base null: none is known, or both sides added the key
 * @param ours the leader's; null: deleted
 * @param theirs the incoming one; null: deleted
 */
public record MergeSides(
    @Nullable ByteString base,
    @Nullable ByteString ours,
    @Nullable ByteString theirs) {

  /** Sizes only: configuration may be secret. */
  @Override
  public String toString() {
    return "base " + size(base) + ", ours " + size(ours) + ", theirs " + size(theirs);
  }

  private static String size(@Nullable ByteString content) {
    return content == null ? "absent" : content.size() + " bytes";
  }
}
