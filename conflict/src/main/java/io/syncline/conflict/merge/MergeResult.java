package io.syncline.conflict.merge;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a merge. Never a guess: what is not certain is a conflict. */
public sealed interface MergeResult {
  /** The format the contents were merged in; text if they could not be read in the one asked for. */
  Format format();

  /**
   * @param content the merged content; null: the key is deleted
   * @param note why another method was used than the format allows, or empty
   */
  record Merged(@Nullable ByteString content, MergeMethod method, Format format, String note)
      implements MergeResult {

    /** The size only: configuration may be secret. */
    @Override
    public String toString() {
      String size = content == null ? "deleted" : content.size() + " bytes";
      return "merged as " + format + " by " + method + ", " + size;
    }
  }

  /**
   * @param conflicts at least one, in the order of the content; at most {@link
   *     PathConflict#MAX_REPORTED}
   * @param note why another format was used than the one asked for, or empty
   */
  record Conflicted(List<PathConflict> conflicts, Format format, String note)
      implements MergeResult {
    public Conflicted {
      if (conflicts.isEmpty()) {
        throw new IllegalArgumentException("a conflict names at least one path");
      }
      conflicts =
          List.copyOf(conflicts.subList(0, Math.min(conflicts.size(), PathConflict.MAX_REPORTED)));
    }
  }

  /**
   * Beyond a bound: nothing was merged.
   *
   * @param reason what was given, what is allowed
   */
  record Refused(String reason, Format format) implements MergeResult {}
}
