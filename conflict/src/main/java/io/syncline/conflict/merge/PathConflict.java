package io.syncline.conflict.merge;

import org.jspecify.annotations.Nullable;

/**
 * A place at which two changes cannot both be had.
 *
 * <p>A path names keys with dots between them and elements of lists in brackets, such as {@code
 * spec.containers[name=web].image}; a key with other characters than those of common names stands
 * as {@code ["a.b"]}. {@code $} is the whole content. For text the path is a range of lines of
 * ours, such as {@code lines 12-14}.
 *
 * @param detail one sentence for people
 * @param base what stood there, shortened to {@link #MAX_EXCERPT_CHARS}; null: nothing
 * @param ours what stands there now
 * @param theirs what the incoming content has there
 */
public record PathConflict(
    String path,
    Cause cause,
    String detail,
    @Nullable String base,
    @Nullable String ours,
    @Nullable String theirs) {
  /** How many conflicts of one merge are told. */
  public static final int MAX_REPORTED = 1000;

  /** The longest excerpt, in UTF-16 units; what is cut off shows as an ellipsis. */
  public static final int MAX_EXCERPT_CHARS = 400;

  /** Why it is a conflict. Names are a public contract. */
  public enum Cause {
    /** Both sides changed the same value, differently. */
    BOTH_CHANGED,
    /** Both sides added something else at the same place. */
    BOTH_ADDED,
    /** One side deleted what the other changed. */
    CHANGED_AND_DELETED,
    /** Both sides put a list in another order. */
    BOTH_REORDERED,
    /** Merged by line it would mean something else than merged by structure. */
    READINGS_DIFFER,
    /** The merge is clear, but for a comment that one side wrote or took away. */
    COMMENT_UNSURE,
    /** The merge is clear, but no text was found that is sure to say it. */
    NOT_WRITABLE
  }

  public PathConflict {
    base = shortened(base);
    ours = shortened(ours);
    theirs = shortened(theirs);
  }

  private static @Nullable String shortened(@Nullable String text) {
    if (text == null || text.length() <= MAX_EXCERPT_CHARS) {
      return text;
    }
    int end = MAX_EXCERPT_CHARS - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /** Where and why, without the excerpts: configuration may be secret. */
  @Override
  public String toString() {
    return path + ": " + cause;
  }
}
